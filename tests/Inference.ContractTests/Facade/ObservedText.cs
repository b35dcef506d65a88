using System.Text;
using System.Text.RegularExpressions;

namespace Inference.ContractTests.Facade;

/// <summary>Which of Ollama's writers says it: status and text are the same of each, the shape and the framing are not.</summary>
internal enum ErrorWriter
{
    /// <summary>A handler, before anything else was written.</summary>
    Handler,

    /// <summary>The end of a long operation that nobody watches.</summary>
    Wait,

    /// <summary>The last line of a stream that had begun.</summary>
    Line,

    /// <summary>What turns a request of another dialect into a native one.</summary>
    Middleware,

    /// <summary>A handler, rewritten into another dialect.</summary>
    Rewriter,
}

/// <summary>A text that a real server was observed with, and a request that has it said here.</summary>
/// <param name="Id">What is asked, in words.</param>
/// <param name="Path">Where to.</param>
/// <param name="Body">The body.</param>
/// <param name="Status">The status.</param>
/// <param name="Text">The text.</param>
internal sealed record ObservedText(string Id, string Path, string Body, int Status, string Text)
{
    public ErrorWriter Writer { get; init; } = Path.StartsWith("/v1/", StringComparison.Ordinal) ? ErrorWriter.Middleware : ErrorWriter.Handler;

    /// <summary>Further headers.</summary>
    public IReadOnlyList<string> Headers { get; init; } = [];

    /// <summary>The body, where it is no text.</summary>
    public byte[]? Bytes { get; init; }

    private string ContentType => Writer switch
    {
        ErrorWriter.Line => "application/x-ndjson",
        ErrorWriter.Wait or ErrorWriter.Rewriter => "application/json",
        _ => "application/json; charset=utf-8",
    };

    /// <returns>What differs; null for nothing.</returns>
    public async Task<string?> DifferenceAsync(OllamaHost host)
    {
        var body = Bytes ?? Encoding.UTF8.GetBytes(Body);
        var method = Path is "/api/delete" ? "DELETE" : "POST";
        var answer = await RawHttp.SendAsync(host.Address, [$"{method} {Path} HTTP/1.1", $"Host: {host.Address}", .. Headers, $"Content-Length: {body.Length}"], body);
        var sent = Writer is ErrorWriter.Line ? answer.Body[(answer.Body.TrimEnd('\n').LastIndexOf('\n') + 1)..] : answer.Body;
        var (shape, framing) = (ExpectedBody(), Writer is ErrorWriter.Line ? "chunked" : "content-length");
        return answer.Status == (Writer is ErrorWriter.Line ? 200 : Status) && answer.ContentType == ContentType && answer.Framing == framing && Regex.IsMatch(sent, $@"\A{shape}\z", RegexOptions.None, TimeSpan.FromSeconds(1))
            ? null
            : $"{Id}: {answer.Status} {answer.ContentType} {answer.Framing} {sent}\n   instead of {Status} {ContentType} {framing} {Regex.Unescape(shape)}";
    }

    /// <summary>A text as Go writes it into JSON: quoted, with HTML in escapes, and with one for each byte that is not UTF-8 (here U+DC00 and the byte).</summary>
    internal static string GoString(string text)
    {
        var json = new StringBuilder("\"");
        foreach (var c in text)
        {
            json.Append(c switch
            {
                '"' => "\\\"",
                '\\' => @"\\",
                '\b' => @"\b",
                '\f' => @"\f",
                '\n' => @"\n",
                '\r' => @"\r",
                '\t' => @"\t",
                < ' ' or '<' or '>' or '&' or '\u2028' or '\u2029' => $"\\u{(int)c:x4}",
                >= '\uDC80' and <= '\uDCFF' => @"\ufffd",
                _ => c,
            });
        }

        return json.Append('"').ToString();
    }

    private string ExpectedBody()
    {
        var text = Regex.Escape(GoString(Text));
        var end = Writer is ErrorWriter.Line or ErrorWriter.Rewriter ? @"\n" : "";
        if (Writer is not (ErrorWriter.Middleware or ErrorWriter.Rewriter))
        {
            return $$"""\{"error":{{text}}\}{{end}}""";
        }

        var type = Status switch { 400 => "invalid_request_error", 404 => "not_found_error", _ => "api_error" };
        return Path is "/v1/messages"
            ? $$"""\{"type":"error","error":\{"type":"{{type}}","message":{{text}}\},"request_id":"req_[0-9a-f]{24}"\}{{end}}"""
            : $$"""\{"error":\{"message":{{text}},"type":"{{type}}","param":null,"code":null\}\}{{end}}""";
    }
}
