using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Inference.ContractTests.Facade;

/// <summary>
/// Sends recorded requests to the real routes and compares what comes back, byte for byte. What differs is listed, each with its reason; a
/// listed case that agrees is an error too, so the list can only shrink.
/// </summary>
internal static class ErrorReplay
{
    // What the recording describes instead of holding it.
    private static readonly Dictionary<string, string> Described = new()
    {
        ["generate-syntax-depth-10001"] = new string('[', 10_001),
        ["generate-depth-10000-ok"] = $$"""{"model":"nope","x":{{new string('[', 9_999)}}{{new string(']', 9_999)}}}""",
    };

    public static async Task RunAsync(OllamaHost host, IEnumerable<JsonElement> records, int expectedCases)
    {
        var cases = 0;
        var known = KnownDifferences.Read();
        var unexpected = new List<string>();
        var agreed = new List<string>();
        foreach (var record in records)
        {
            cases++;
            var id = Text(record, "id")!;
            string? difference;
            try
            {
                difference = await DifferenceAsync(host, record, id);
            }
            catch (IOException e)
            {
                difference = e.Message;
            }

            if (difference is not null && !known.Contains(id))
            {
                unexpected.Add($"{id}: {difference}");
            }
            else if (difference is null && known.Contains(id))
            {
                agreed.Add(id);
            }
        }

        Assert.True(unexpected.Count == 0, $"{unexpected.Count} of {cases} differ:\n{string.Join('\n', unexpected)}");
        Assert.True(agreed.Count == 0, $"listed as different, but not so: {string.Join(", ", agreed)}");
        Assert.Equal(expectedCases, cases);
    }

    private static async Task<string?> DifferenceAsync(OllamaHost host, JsonElement record, string id)
    {
        var method = Text(record, "method")!;
        var (head, body, halfClose) = Request(record, id, host);
        var actual = await RawHttp.SendAsync(host.Address, head.Prepend($"{method} {Text(record, "path")} HTTP/1.1"), body, halfClose);
        var expected = record.GetProperty("status").GetInt32();
        if (actual.Status != expected)
        {
            return $"status {actual.Status} instead of {expected}: {actual.Body}";
        }

        if (actual.ContentType != Text(record, "content_type"))
        {
            return $"content type {actual.ContentType} instead of {Text(record, "content_type")}";
        }

        if (actual.Framing != Text(record, "framing"))
        {
            return $"framing {actual.Framing} instead of {Text(record, "framing")}";
        }

        return HeaderDifference(record, actual) ?? BodyDifference(record, actual);
    }

    private static string? HeaderDifference(JsonElement record, RawResponse actual)
    {
        if (record.TryGetProperty("content_length_header", out var length) && length.ValueKind is JsonValueKind.Number && actual.Headers["Content-Length"].Single() != length.ToString())
        {
            return $"Content-Length {actual.Headers["Content-Length"].Single()} instead of {length}";
        }

        if (!record.TryGetProperty("response_headers", out var headers))
        {
            return null;
        }

        foreach (var header in headers.EnumerateObject())
        {
            var sent = string.Join(", ", actual.Headers[header.Name]);
            if (sent != header.Value.GetString())
            {
                return $"{header.Name}: {sent} instead of {header.Value}";
            }
        }

        return null;
    }

    private static string? BodyDifference(JsonElement record, RawResponse actual)
    {
        var body = Text(record, "body");
        var agrees = body is null ? Regex.IsMatch(actual.Body, Text(record, "body_regex")!, RegexOptions.None, TimeSpan.FromSeconds(1)) : actual.Body == body;
        return agrees ? null : $"{actual.Body} instead of {body ?? Text(record, "body_regex")}";
    }

    private static (List<string> Head, byte[] Body, bool HalfClose) Request(JsonElement record, string id, OllamaHost host)
    {
        var head = new List<string> { $"Host: {Text(record, "request_host") ?? host.Address.ToString()}" };
        if (record.TryGetProperty("request_headers", out var headers))
        {
            head.AddRange(headers.EnumerateObject().Select(static h => $"{h.Name}: {h.Value}"));
        }

        switch (id)
        {
            case "generate-short-body-truncated":
                return ([.. head, "Content-Length: 100"], "{\"model\":\"nope\""u8.ToArray(), true);
            case "generate-bad-chunk":
                return ([.. head, "Transfer-Encoding: chunked"], "zz\r\n"u8.ToArray(), false);
            case "version-no-host-header":
                return ([], [], false);
        }

        var described = Text(record, "request_description");
        var body = Described.TryGetValue(id, out var long_) ? Encoding.UTF8.GetBytes(long_)
            : described?.StartsWith("base64:", StringComparison.Ordinal) == true ? Convert.FromBase64String(described["base64:".Length..])
            : Encoding.UTF8.GetBytes(Text(record, "request_body") ?? "");
        Assert.True(described is null || body.Length > 0, $"{id} describes its body as {described}");
        if (Text(record, "method") is not ("GET" or "HEAD" or "OPTIONS"))
        {
            head.Add($"Content-Length: {body.Length}");
        }

        return (head, body, false);
    }

    private static string? Text(JsonElement record, string name) =>
        record.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;
}
