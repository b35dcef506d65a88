using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Inference.TestKit;

namespace Inference.ContractTests.Facade;

/// <summary>Answers of the OpenAI routes that no recording has with vectors or models of this host.</summary>
public sealed class OpenAiAnswerTests
{
    private const string Embedder = """{"model":"embed","create":{"files":{"e.gguf":"sha256:43a05d549d46fd919f0eb582f2a6e8722a0c0d0f5260dca673da16342fc87fba"}}}""";
    private const string Writer = """{"model":"ns/w:v1","create":{"template":"{{ .Prompt }}","files":{"n.gguf":"sha256:a89a94c1b09543c650472b96c1038b78cd805714b786d33d7783feb41b6c3b71"}}}""";

    [Theory]
    [InlineData("\"ab\"", "", "{\"object\":\"embedding\",\"embedding\":[0.6,0.8],\"index\":0}", 2)]
    [InlineData("[\"a\",\"bcd\"]", "float", "{\"object\":\"embedding\",\"embedding\":[0.6,0.8],\"index\":0},{\"object\":\"embedding\",\"embedding\":[0.6,0.8],\"index\":1}", 4)]
    [InlineData("[\"a\"]", "BASE64", "{\"object\":\"embedding\",\"embedding\":\"mpkZP83MTD8=\",\"index\":0}", 1)]
    public async Task Embeddings_AreListedWithTheirTokens(string input, string encoding, string data, int tokens)
    {
        await using var host = await HostAsync(Embedder);
        var answer = await PostAsync(host, "/v1/embeddings", $$"""{"model":"embed","input":{{input}},"encoding_format":"{{encoding}}"}""");
        Assert.Equal("application/json", answer.ContentType);
        Assert.Equal($$$"""{"object":"list","data":[{{{data}}}],"model":"embed","usage":{"prompt_tokens":{{{tokens}}},"total_tokens":{{{tokens}}}}}""" + "\n", answer.Body);
    }

    [Fact]
    public async Task Models_AreListedWithTheirNamespace()
    {
        await using var host = await HostAsync(Embedder, Writer);
        // The newest comes first; these are of one moment.
        foreach (var manifest in Directory.EnumerateFiles(Path.Combine(host.StoreRoot, "manifests"), "*", SearchOption.AllDirectories))
        {
            File.SetLastWriteTimeUtc(manifest, DateTime.UnixEpoch);
        }

        var answer = await SendAsync(host, "GET /v1/models HTTP/1.1");
        Assert.Equal(
            """{"object":"list","data":[{"id":"embed:latest","object":"model","created":0,"owned_by":"library"},{"id":"ns/w:v1","object":"model","created":0,"owned_by":"ns"}]}""" + "\n",
            Undated(answer.Body));
    }

    [Fact]
    public async Task Models_None_IsNull()
    {
        await using var host = await OllamaHost.EmptyAsync();
        Assert.Equal("{\"object\":\"list\",\"data\":null}\n", (await SendAsync(host, "GET /v1/models HTTP/1.1")).Body);
    }

    [Theory]
    [InlineData("EMBED")]
    [InlineData("embed:latest")]
    public async Task Model_IsNamedAsItWasAskedFor(string name)
    {
        await using var host = await HostAsync(Embedder);
        var answer = await SendAsync(host, $"GET /v1/models/{name} HTTP/1.1");
        Assert.Equal($$"""{"id":"{{name}}","object":"model","created":0,"owned_by":"library"}""" + "\n", Undated(answer.Body));
    }

    [Theory]
    [InlineData("/v1/chat/completions", "\"messages\":[{\"role\":\"user\",\"content\":[]}]", "\"object\":\"chat.completion\",\"created\":0,\"model\":\"ns/w:v1\",\"system_fingerprint\":\"fp_ollama\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":\"load\"}],\"usage\":{\"prompt_tokens\":0,\"completion_tokens\":0,\"total_tokens\":0}}\n")]
    [InlineData("/v1/completions", "\"prompt\":\"\"", "\"object\":\"text_completion\",\"created\":0,\"model\":\"ns/w:v1\",\"system_fingerprint\":\"fp_ollama\",\"choices\":[{\"text\":\"\",\"index\":0,\"finish_reason\":\"load\"}],\"usage\":{\"prompt_tokens\":0,\"completion_tokens\":0,\"total_tokens\":0}}\n")]
    [InlineData("/v1/completions", "\"prompt\":\"\",\"stream\":true", "\"object\":\"text_completion\",\"created\":0,\"choices\":[{\"text\":\"\",\"index\":0,\"finish_reason\":\"load\"}],\"model\":\"ns/w:v1\",\"system_fingerprint\":\"fp_ollama\"}\n\ndata: [DONE]\n\n")]
    public async Task NothingToAnswer_LoadsTheModel(string path, string members, string expected)
    {
        await using var host = await HostAsync(Writer);
        var answer = await PostAsync(host, path, $$"""{"model":"ns/w:v1",{{members}}}""");
        Assert.Equal(200, answer.Status);
        Assert.EndsWith(expected, Undated(answer.Body), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v1/responses", "\"input\":\"x\"", "{\"error\":{\"message\":\"/v1/responses is not supported by this server\",\"type\":\"api_error\",\"param\":null,\"code\":null}}\n")]
    [InlineData("/v1/messages", "\"max_tokens\":5,\"thinking\":{\"type\":\"enabled\"},\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]", "{\"type\":\"error\",\"error\":{\"type\":\"api_error\",\"message\":\"/v1/messages is not supported by this server\"},\"request_id\":\"req_")]
    public async Task RouteWithoutAnswers_SaysSoOfARequestThatIsInOrder(string path, string members, string expected)
    {
        await using var host = await HostAsync(Writer);
        var answer = await PostAsync(host, path, $$"""{"model":"ns/w:v1",{{members}}}""");
        Assert.Equal(501, answer.Status);
        Assert.StartsWith(expected, answer.Body, StringComparison.Ordinal);
    }

    private static async Task<OllamaHost> HostAsync(params string[] setups)
    {
        var host = await OllamaHost.RecitingAsync(new ScriptedEngine());
        var models = new RecordedModels(host.StoreRoot);
        foreach (var setup in setups)
        {
            models.Make(JsonSerializer.Deserialize<JsonElement>(setup), new Dictionary<string, JsonElement>());
        }

        return host;
    }

    private static Task<RawResponse> PostAsync(OllamaHost host, string path, string body) =>
        SendAsync(host, $"POST {path} HTTP/1.1", Encoding.UTF8.GetBytes(body));

    private static Task<RawResponse> SendAsync(OllamaHost host, string line, byte[]? body = null) =>
        RawHttp.SendAsync(host.Address, [line, $"Host: {host.Address}", $"Content-Length: {body?.Length ?? 0}"], body ?? []);

    private static string Undated(string body) => Regex.Replace(body, "\"created\":[0-9]+", "\"created\":0", RegexOptions.None, TimeSpan.FromSeconds(1));
}
