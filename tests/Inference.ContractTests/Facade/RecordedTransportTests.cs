using System.Text.Json;

namespace Inference.ContractTests.Facade;

/// <summary>Methods, paths, redirects, hosts and origins as they were recorded: the status, every header, and the body.</summary>
public sealed class RecordedTransportTests
{
    // These are ours on every answer, or differ each time.
    private static readonly string[] Additions = ["X-Request-Id", "Date"];

    // Endpoints at which nothing else than what is said here can fail.
    private static readonly string[] Endpoints =
    [
        "/", "/nope", "//api/tags", "//api/generate", "/%zz", "/API/tags", "/debug/pprof/", "/v1", "/v1/models/", "/v1/images/generations",
        "/v1/messages/count_tokens", "/api/tags/", "/api/generate/", "/api/version",
    ];

    [Theory]
    [InlineData(null, 86)]
    [InlineData("https://my.example,chrome-extension://*", 3)]
    [InlineData("*", 2)]
    public async Task Answer_RecordedTransport(string? origins, int expectedCases)
    {
        await using var host = await OllamaHost.EmptyAsync(origins is null ? [] : [("OLLAMA_ORIGINS", origins)]);
        var cases = 0;
        var differences = new List<string>();
        foreach (var record in Recordings.Read("ollama/transport").Where(r => Origins(r) == (origins ?? "")))
        {
            cases++;
            if (await DifferenceAsync(host, record) is { } difference)
            {
                differences.Add($"{record.GetProperty("id")}: {difference}");
            }
        }

        Assert.True(differences.Count == 0, $"{differences.Count} of {cases} differ:\n{string.Join('\n', differences)}");
        Assert.Equal(expectedCases, cases);
    }

    [Fact]
    public async Task Answer_RecordedTransportErrors()
    {
        await using var host = await OllamaHost.EmptyAsync();
        await ErrorReplay.RunAsync(host, Recordings.Read("ollama-errors").Where(IsOfTransport), expectedCases: 62);
    }

    private static bool IsOfTransport(JsonElement record) =>
        record.GetProperty("group").GetString() is "A-empty-store"
        && (Endpoints.Contains(record.GetProperty("endpoint").GetString())
            || record.GetProperty("status").GetInt32() is 405 or 301 or 307
            || record.TryGetProperty("request_host", out var host) && host.ValueKind is JsonValueKind.String
            || (record.TryGetProperty("request_headers", out var headers) && headers.ValueKind is JsonValueKind.Object && headers.TryGetProperty("Origin", out _)));

    // Empty where nothing is set; null where something else is.
    private static string? Origins(JsonElement record) =>
        !record.TryGetProperty("server_env", out var environment) || environment.ValueKind is not JsonValueKind.Object ? ""
        : environment.TryGetProperty("OLLAMA_ORIGINS", out var origins) ? origins.GetString()
        : null;

    private static async Task<string?> DifferenceAsync(OllamaHost host, JsonElement record)
    {
        var request = record.GetProperty("request");
        var head = request.GetProperty("headers").EnumerateArray().Where(static h => h[0].GetString() is not "Connection" || h[1].GetString() != "close")
            .Select(h => $"{h[0]}: {h[1]}".Replace("$PORT", $"{host.Address.Port}", StringComparison.Ordinal));
        var body = request.TryGetProperty("body", out var text) ? System.Text.Encoding.UTF8.GetBytes(text.GetString()!) : [];
        var actual = await RawHttp.SendAsync(host.Address, head.Prepend($"{request.GetProperty("method")} {request.GetProperty("path")} HTTP/1.1"), body);

        var recorded = record.GetProperty("response");
        var expected = Lines(recorded.GetProperty("status").GetInt32(), recorded.GetProperty("headers").EnumerateArray().Select(static h => (h[0].GetString()!, h[1].GetString()!)), Recordings.Body(recorded)!);
        var sent = Lines(actual.Status, actual.Headers.SelectMany(static h => h.Select(v => (h.Key, v))), actual.Body);
        return sent == expected && actual.Headers["X-Request-Id"].Count() == 1 && actual.Headers["Date"].Count() == 1 ? null : $"{sent}\n-- instead of\n{expected}";
    }

    private static string Lines(int status, IEnumerable<(string Name, string Value)> headers, string body) => string.Join('\n',
        [$"{status}", .. headers.Where(static h => !Additions.Contains(h.Name, StringComparer.OrdinalIgnoreCase)).Select(static h => $"{h.Name}: {h.Value}").Order(StringComparer.Ordinal), body]);
}
