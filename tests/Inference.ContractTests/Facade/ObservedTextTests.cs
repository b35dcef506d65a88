using System.Text;

namespace Inference.ContractTests.Facade;

/// <summary>
/// Texts that a real server was observed with and that no recording holds: each is said here to a request that the rules of the decoders and
/// routes make of it, with the status, the shape and the framing of the writer that says it.
/// </summary>
public sealed class ObservedTextTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Answer_Inference_EmptyStore()
    {
        await using var host = await OllamaHost.EmptyAsync();
        await CheckAsync(host, [.. ObservedInferenceTexts.Syntax, .. ObservedInferenceTexts.Types, .. ObservedInferenceTexts.Durations, .. ObservedInferenceTexts.Names]);
    }

    [Fact]
    public async Task Answer_Manage_EmptyStore()
    {
        await using var scene = await ManageScene.EmptyAsync();
        await CheckAsync(scene.Host, ObservedManageTexts.Empty);
    }

    [Fact]
    public async Task Answer_OpenAi_EmptyStore()
    {
        await using var host = await OllamaHost.EmptyAsync();
        await CheckAsync(host, [.. ObservedOpenAiTexts.Types, .. ObservedOpenAiTexts.Conversions, .. ObservedOpenAiTexts.Responses]);
    }

    [Fact]
    public async Task Answer_Anthropic_EmptyStore()
    {
        await using var host = await OllamaHost.EmptyAsync();
        await CheckAsync(host, ObservedAnthropicTexts.All);
    }

    [Fact]
    public async Task Answer_Models_FixtureStore()
    {
        await using var host = await OllamaHost.FixturesAsync();
        await CheckAsync(host, ObservedModelTexts.All);
    }

    // Twenty MiB and one byte, packed into a few hundred: blocks that say which byte is repeated, and how often.
    [Fact]
    public async Task Answer_BodyThatUnpacksToTooMuch_IsRefused()
    {
        const int block = 128 * 1024;
        List<byte> packed = [0x28, 0xB5, 0x2F, 0xFD, 0x00, 0x38];
        for (var left = (20 << 20) + 1; left > 0; left -= block)
        {
            var size = Math.Min(left, block);
            var head = (left <= block ? 1 : 0) | (1 << 1) | (size << 3);
            packed.AddRange([(byte)head, (byte)(head >> 8), (byte)(head >> 16), (byte)' ']);
        }

        await using var host = await OllamaHost.EmptyAsync();
        ObservedText Sent(byte[] bytes, string text) => new($"zstd-of-{bytes.Length}", "/v1/responses", "", 400, text) { Bytes = bytes, Headers = ["Content-Encoding: zstd"], Writer = ErrorWriter.Handler };
        Assert.Null(await Sent([.. packed], "http: request body too large").DifferenceAsync(host));
        // One block less is allowed, and is found to be blank.
        var allowed = Sent([.. packed[..6], .. packed[10..]], "EOF") with { Writer = ErrorWriter.Middleware };
        Assert.Null(await allowed.DifferenceAsync(host));
    }

    [Fact]
    public async Task Answer_RemoteModelThatWantsToKnowWho_WithoutAKeyToTell()
    {
        await using var upstream = await RemoteFixtures.UpstreamAsync();
        await using var host = await RecordedCloudErrorTests.StartAsync(upstream, upstream.Url);
        File.Delete(Path.Combine(host.Server.Identity, "id_ed25519"));
        await CheckAsync(host,
        [
            new("chat-remote-401-without-key", "/api/chat", """{"model":"rup401","messages":[{"role":"user","content":"hi"}],"stream":false}""", 500, "error getting authorization details"),
            new("generate-remote-401-without-key", "/api/generate", """{"model":"rup401","prompt":"x","stream":false}""", 500, "error getting authorization details"),
            new("v1-chat-remote-401-without-key", "/v1/chat/completions", """{"model":"rup401","messages":[{"role":"user","content":"hi"}]}""", 500, "error getting authorization details") { Writer = ErrorWriter.Rewriter },
        ]);
    }

    [Fact]
    public async Task Answer_CloudThatAnswersInText_IsPassedOnAsItIs()
    {
        await using var upstream = await RemoteFixtures.UpstreamAsync();
        await using var host = await RecordedCloudErrorTests.StartAsync(upstream, upstream.Url);
        var body = """{"model":"c500:cloud","messages":[{"role":"user","content":"hi"}]}"""u8.ToArray();
        var answer = await RawHttp.SendAsync(host.Address, ["POST /v1/chat/completions HTTP/1.1", $"Host: {host.Address}", $"Content-Length: {body.Length}"], body);
        Assert.Equal((500, "text/plain", "chunked", "cloud boom"), (answer.Status, answer.ContentType, answer.Framing, answer.Body));
    }

    [Theory]
    [InlineData("e400", "400: {\"errors\": [{\"code\": \"X\", \"message\": \"bad\"}]}")]
    [InlineData("e412", "412: The model you are pulling requires a newer version of Ollama.\n")]
    [InlineData("nowhere", "file does not exist")]
    public async Task Answer_Registry_SaysNo(string model, string said) => await PullAsync(model, said);

    // Go shows a byte that is no UTF-8 by its escape, and a character that stands for one as it is.
    [Fact]
    public async Task Answer_Registry_SaysNoInBytes() => await PullAsync("bytes", "451: \uFFFD \uDCE2\uDC82 \uDCFF!");

    private static async Task PullAsync(string model, string said)
    {
        await using var registry = await MockRegistryAsync();
        await using var host = await OllamaHost.EmptyAsync();
        string Body(bool stream) => $$"""{"model":"{{registry.Host}}/ns/{{model}}","insecure":true,"stream":{{(stream ? "true" : "false")}}}""";
        await CheckAsync(host,
        [
            new($"pull-{model}", "/api/pull", Body(stream: false), 500, $"pull model manifest: {said}") { Writer = ErrorWriter.Wait },
            new($"pull-{model}-stream", "/api/pull", Body(stream: true), 200, $"pull model manifest: {said}") { Writer = ErrorWriter.Line },
        ]);
    }

    private static async Task<TestKit.MockRegistry> MockRegistryAsync()
    {
        var registry = await TestKit.MockRegistry.StartAsync();
        RecordedRegistry.Fill(registry);
        // A U+FFFD, the first two of three bytes, and one that no character has.
        registry.Say("GET", "/v2/ns/bytes/manifests/latest", async http =>
        {
            http.Response.StatusCode = 451;
            await http.Response.Body.WriteAsync((byte[])[0xEF, 0xBF, 0xBD, (byte)' ', 0xE2, 0x82, (byte)' ', 0xFF, (byte)'!'], Ct);
        });
        return registry;
    }

    private static async Task CheckAsync(OllamaHost host, IReadOnlyList<ObservedText> texts)
    {
        Assert.Equal(texts.Count, texts.Select(static t => t.Id).Distinct(StringComparer.Ordinal).Count());
        var differences = new StringBuilder();
        var count = 0;
        foreach (var text in texts)
        {
            if (await text.DifferenceAsync(host) is { } difference)
            {
                count++;
                differences.Append('\n').Append(difference);
            }

            Ct.ThrowIfCancellationRequested();
        }

        Assert.True(count == 0, $"{count} of {texts.Count} differ:{differences}");
    }
}
