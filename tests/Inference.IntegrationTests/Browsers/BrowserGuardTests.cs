using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Inference.TestKit;

namespace Inference.IntegrationTests.Browsers;

public sealed class BrowserGuardTests
{
    // Of ours on every answer, besides Ollama's own.
    private static readonly string[] Added = ["x-request-id"];

    // Differ from run to run, or with the HTTP library.
    private static readonly string[] Ignored = ["date", "content-length", "connection", "transfer-encoding"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>What a real Ollama answered to pages and to foreign names: status, headers, body.</summary>
    [Fact]
    public async Task Replay_RecordedRequests_AreAnsweredAsOllamaDid()
    {
        var recordings = Places.Shared("golden/ollama/transport.jsonl");
        Assert.SkipWhen(recordings is null, "the recordings lie beside a full checkout");
        var hosts = new Dictionary<string, ServerHost>();
        var differences = new List<string>();
        var replayed = 0;
        foreach (var line in File.ReadLines(recordings!).Select(static l => JsonNode.Parse(l)!).Where(static l => IsAboutBrowsers((string)l["id"]!)))
        {
            var origins = (string?)line["server_env"]?["OLLAMA_ORIGINS"] ?? "";
            if (!hosts.TryGetValue(origins, out var host))
            {
                host = hosts[origins] = await ServerHost.StartAsync(new() { Settings = origins.Length == 0 ? new Dictionary<string, string>() : new Dictionary<string, string> { ["--origins"] = origins } });
            }

            replayed++;
            var (expected, actual) = (Expected(line["response"]!), await SendAsync(host, line["request"]!));
            if (expected != actual)
            {
                differences.Add($"{line["id"]}\n  expected {expected}\n  actual   {actual}");
            }
        }

        foreach (var host in hosts.Values)
        {
            await host.DisposeAsync();
        }

        Assert.True(replayed > 50, $"{replayed} recordings");
        Assert.Empty(differences);
    }

    [Theory]
    [InlineData("POST", "/inference.v1.InferenceService/Chat")]
    [InlineData("POST", "/inference/v1/chat")]
    public async Task Preflight_OfGrpcWeb_AllowsItsHeaders(string method, string path)
    {
        await using var host = await ServerHost.StartAsync();
        var answer = await SendAsync(host, "OPTIONS", path, [("Host", host.Address.Authority), ("Origin", "http://localhost:3000"), ("Access-Control-Request-Method", method), ("Access-Control-Request-Headers", "x-grpc-web")]);
        Assert.StartsWith("204", answer, StringComparison.Ordinal);
        Assert.Contains("X-Grpc-Web", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ForeignHost_OnAnInterfaceOfTheNetwork_IsAnswered()
    {
        await using var host = await ServerHost.StartAsync(new() { Settings = new Dictionary<string, string> { ["--host"] = "0.0.0.0:0" } });
        Assert.StartsWith("200", await SendAsync(host, "GET", "/", [("Host", "example.com")]), StringComparison.Ordinal);
    }

    private static bool IsAboutBrowsers(string id) => id.StartsWith("transport-cors", StringComparison.Ordinal) || id.StartsWith("transport-host", StringComparison.Ordinal) || id.StartsWith("transport-env-origins", StringComparison.Ordinal);

    private static string Expected(JsonNode response) => Shape(
        (int)response["status"]!,
        response["headers"]!.AsArray().Select(static h => ((string)h![0]!, (string)h[1]!)),
        (string?)response["body"] ?? "");

    private static Task<string> SendAsync(ServerHost host, JsonNode request) => SendAsync(host, (string)request["method"]!, (string)request["path"]!,
        [.. request["headers"]!.AsArray().Select(h => ((string)h![0]!, ((string)h[1]!).Replace("$PORT", $"{host.Address.Port}", StringComparison.Ordinal)))], (string?)request["body"] ?? "");

    // By hand: an HTTP library will not send every Host.
    private static async Task<string> SendAsync(ServerHost host, string method, string path, (string Name, string Value)[] headers, string body = "")
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync("127.0.0.1", host.Address.Port, Ct);
        var lines = headers.Where(static h => h.Name != "Connection").Select(static h => $"{h.Name}: {h.Value}\r\n");
        await socket.SendAsync(Encoding.Latin1.GetBytes($"{method} {path} HTTP/1.1\r\n{string.Concat(lines)}Connection: close\r\n\r\n{body}"), Ct);
        var parts = Encoding.UTF8.GetString(await socket.ReadToEndAsync(Ct)).Split("\r\n\r\n", 2);
        var head = parts[0].Split("\r\n");
        return Shape(int.Parse(head[0].Split(' ')[1]), head[1..].Select(static l => l.Split(": ", 2)).Select(static l => (l[0], l.Length > 1 ? l[1] : "")), parts[1])
            .Replace($":{host.Address.Port}", ":$PORT", StringComparison.Ordinal);
    }

    private static string Shape(int status, IEnumerable<(string Name, string Value)> headers, string body) =>
        $"{status} {string.Join(" | ", headers.Select(static h => (Name: h.Name.ToLowerInvariant(), h.Value)).Where(static h => !Ignored.Contains(h.Name) && !Added.Contains(h.Name)).Select(static h => $"{h.Name}: {h.Value}").Order(StringComparer.Ordinal))} {body}";
}
