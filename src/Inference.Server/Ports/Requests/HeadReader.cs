using System.Text;
using Inference.Facade.Ollama.Paths;

namespace Inference.Server.Ports.Requests;

/// <summary>
/// Reads a request's head line by line, as net/http's readRequest and net/textproto do: a line may end without CR, a header may go on in
/// the next line, and what is wrong is said as soon as it is seen.
/// </summary>
internal sealed class HeadReader
{
    private readonly HeadLines _headers = new();
    private (string Method, string Target, string Host, int Major, int Minor)? _line;

    /// <summary>The head is complete.</summary>
    public RequestHead? Head { get; private set; }

    /// <summary>It cannot be taken.</summary>
    public Refusal? Refused { get; private set; }

    /// <param name="bytes">A line without its end.</param>
    /// <returns>Whether there is more to read.</returns>
    public bool Read(ReadOnlySpan<byte> bytes)
    {
        var line = Encoding.Latin1.GetString(bytes);
        if (_line is null)
        {
            _line = RequestLine(line);
            Refused = _line is null ? Refusal.Malformed : null;
        }
        else if (line.Length > 0)
        {
            Refused = _headers.Add(line) ? null : Refusal.Malformed;
        }
        else
        {
            Finish(_line.Value);
        }

        return Head is null && Refused is null;
    }

    private static (string Method, string Target, string Host, int Major, int Minor)? RequestLine(string line)
    {
        if (line.Split(' ', 3) is not [var method, var target, ['H', 'T', 'T', 'P', '/', >= '0' and <= '9' and var major, '.', >= '0' and <= '9' and var minor]]
            || !HeadLines.IsToken(method))
        {
            return null;
        }

        // CONNECT names a host and a port, and no path.
        var url = GoUrl.Parse(method == "CONNECT" && !target.StartsWith('/') ? "http://" + target : target);
        return url is null ? null : (method, target, url.Host, major - '0', minor - '0');
    }

    // In net/http's order: the body's length, the version, the host, the names.
    private void Finish((string Method, string Target, string Host, int Major, int Minor) line)
    {
        if (!_headers.End() || _headers.Of("Host").Count > 1)
        {
            Refused = Refusal.Malformed;
            return;
        }

        var isHttp10 = line is { Major: 1, Minor: 0 };
        var takesChunks = line.Major > 1 || line is { Major: 1, Minor: > 0 } or { Major: 0, Minor: 0 };
        Refused = _headers.TryLength(takesChunks, out var length) ?? Check(line.Method, line.Major, isHttp10);
        if (Refused is not null)
        {
            return;
        }

        var connection = _headers.Of("Connection");
        var expect = _headers.Of("Expect");
        var expectsContinue = HeadLines.HasToken(expect, "100-continue");
        Head = new RequestHead(line.Method, line.Target, isHttp10, _headers.Others)
        {
            Host = line.Host.Length > 0 ? line.Host : _headers.Of("Host").FirstOrDefault(""),
            ContentLength = length,
            Closes = HeadLines.HasToken(connection, "close") || (isHttp10 && !HeadLines.HasToken(connection, "keep-alive")),
            ExpectsContinue = expectsContinue && !isHttp10 && length != 0,
            ExpectsUnknown = !expectsContinue && expect is [{ Length: > 0 }, ..],
        };
    }

    private Refusal? Check(string method, int major, bool isHttp10)
    {
        var host = _headers.Of("Host");
        return major != 1 ? Refusal.Version
            : host.Count == 0 && !isHttp10 && method != "CONNECT" ? Refusal.Because("missing required Host header")
            : host is [var only] && !HeadLines.IsHost(only) ? Refusal.Because("malformed Host header")
            : _headers.HasBadName ? Refusal.Because("invalid header name")
            : null;
    }
}
