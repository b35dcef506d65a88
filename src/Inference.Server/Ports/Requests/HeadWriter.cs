using System.Buffers;
using System.Globalization;
using System.Text;

namespace Inference.Server.Ports.Requests;

/// <summary>
/// Puts a head into words that Kestrel takes: what net/http takes and Kestrel does not — an odd host or target, a length said twice,
/// an upgrade to a protocol that is not spoken — is replaced, and <see cref="IncomingRequest"/> gives it back to the application.
/// </summary>
internal static class HeadWriter
{
    private const string Alphanumeric = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private static readonly SearchValues<char> PlainTarget = SearchValues.Create(Alphanumeric + "/?-_.~%&=+:,;@!$'()*");
    private static readonly SearchValues<char> PlainHost = SearchValues.Create(Alphanumeric + ".-");

    public static byte[] Write(RequestHead head)
    {
        var text = new StringBuilder(512);
        text.Append(head.Method).Append(' ').Append(IsPlainTarget(head) ? head.Target : "/").Append(head.IsHttp10 ? " HTTP/1.0\r\n" : " HTTP/1.1\r\n");
        Add(text, "Host", IsPlainHost(head.Host) ? head.Host : "localhost");
        foreach (var (name, value) in head.Headers)
        {
            Add(text, name, value);
        }

        if (head.ContentLength is not { } length)
        {
            Add(text, "Transfer-Encoding", "chunked");
        }
        else if (length > 0 || head.Method is not ("GET" or "HEAD"))
        {
            Add(text, "Content-Length", length.ToString(CultureInfo.InvariantCulture));
        }

        if (head.Closes || head.IsHttp10)
        {
            Add(text, "Connection", head.Closes ? "close" : "keep-alive");
        }

        if (head.ExpectsContinue)
        {
            Add(text, "Expect", "100-continue");
        }

        return Encoding.Latin1.GetBytes(text.Append("\r\n").ToString());
    }

    /// <summary>Whether Kestrel reads the target as it is meant.</summary>
    public static bool IsPlainTarget(RequestHead head) =>
        head.Target.StartsWith('/') && head.Method != "CONNECT"
        && !head.Target.AsSpan().ContainsAnyExcept(PlainTarget) && !head.Target.Contains("%00", StringComparison.Ordinal);

    /// <summary>Whether it takes the host.</summary>
    public static bool IsPlainHost(string host)
    {
        var colon = host.IndexOf(':', StringComparison.Ordinal);
        var (name, port) = colon < 0 ? (host, "80") : (host[..colon], host[(colon + 1)..]);
        return name.Length > 0 && !name.AsSpan().ContainsAnyExcept(PlainHost) && ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out _);
    }

    private static void Add(StringBuilder text, string name, string value) => text.Append(name).Append(": ").Append(value).Append("\r\n");
}
