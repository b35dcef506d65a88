using System.Text;
using System.Text.Json.Nodes;
using Inference.TestKit;

namespace Inference.ContractTests.Facade;

/// <summary>What goes to other servers and comes back over Ollama's routes, byte for byte.</summary>
public sealed class RemoteRelayTests : IAsyncLifetime
{
    private Func<MockRequest, MockAnswer> _answers = static _ => new MockAnswer(200, "{}");
    private MockUpstream _upstream = null!;
    private OllamaHost _host = null!;

    public async ValueTask InitializeAsync()
    {
        _upstream = await MockUpstream.StartAsync(request => _answers(request));
        _host = await RecordedCloudErrorTests.StartAsync(_upstream, _upstream.Url);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [Theory]
    [InlineData("/api/generate", """{"prompt":"é","Model":"x:20b-cloud","options":{"a":[1,2]}} trailing""", """{"model":"x:20b","prompt":"é","options":{"a":[1,2]}}""")]
    [InlineData("/api/chat", """{"model":"x:cloud","keep_alive":0}""", """{"model":"x","keep_alive":0}""")]
    [InlineData("/api/embed", """{"model":"x:CLOUD","input":7}""", """{"model":"x","input":7}""")]
    [InlineData("/api/embeddings", """{"model":" x:cloud ","prompt":"y"}""", """{"model":"x","prompt":"y"}""")]
    [InlineData("/api/show", """{"name":"x:cloud","verbose":true}""", """{"model":"x","name":"x:cloud","verbose":true}""")]
    [InlineData("/v1/chat/completions", """{"model":"x:cloud","anything":null}""", """{"model":"x","anything":null}""")]
    [InlineData("/v1/responses", """{"model":"x:cloud"}""", """{"model":"x"}""")]
    [InlineData("/v1/messages", """{"model":"x:cloud"}""", """{"model":"x"}""")]
    public async Task Cloud_Request_GoesThereUnderItsOwnName(string path, string sent, string arrives)
    {
        var reply = await SendAsync(path, sent, "X-Mine: 1", "Proxy-Authorization: secret", "Authorization: Bearer theirs", "Content-Type: text/x");

        Assert.Equal((200, "{}"), (reply.Status, reply.Body));
        var request = _upstream.Requests.Single();
        Assert.Equal((path, arrives, "1", "text/x"), (request.Path, request.Body, request.Headers["X-Mine"], request.Headers["Content-Type"]));
        Assert.Equal("0.32.15", request.Headers["X-Ollama-Client-Version"]);
        Assert.DoesNotContain("Proxy-Authorization", request.Headers.Keys);
        Assert.DoesNotContain("theirs", request.Headers["Authorization"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cloud_Answer_ComesBackAsItIs()
    {
        _answers = static _ => new MockAnswer(206, "\u001f\u008b not unpacked", "text/event-stream")
        {
            Headers = new Dictionary<string, string> { ["Content-Encoding"] = "gzip", ["X-Theirs"] = "a", ["Retry-After"] = "7", ["Proxy-Authenticate"] = "no", ["Set-Cookie"] = "c=1" },
        };

        var reply = await SendAsync("/api/chat", """{"model":"x:cloud"}""");

        Assert.Equal((206, "text/event-stream", "chunked", "\u001f\u008b not unpacked"), (reply.Status, reply.ContentType, reply.Framing, reply.Body));
        Assert.Equal(["gzip", "a", "7", "c=1"], new[] { "Content-Encoding", "X-Theirs", "Retry-After", "Set-Cookie" }.Select(name => reply.Headers[name].Single()));
        Assert.Empty(reply.Headers["Proxy-Authenticate"]);
    }

    [Fact]
    public async Task Cloud_ModelInThePath_IsLookedUpThere()
    {
        var reply = await RawHttp.SendAsync(_host.Address, ["GET /v1/models/x:cloud?a=b&A=%20 HTTP/1.1", $"Host: {_host.Address}"], default);

        Assert.Equal(200, reply.Status);
        var request = _upstream.Requests.Single();
        Assert.Equal(("GET", "/v1/models/x", ""), (request.Method, request.Path, request.Body));
        Assert.Matches(@"^\?A=\+&a=b&ts=\d+$", request.Query);
    }

    [Theory]
    [InlineData(null, "application/x-ndjson")]
    [InlineData(false, "application/json; charset=utf-8")]
    public async Task StoredModel_Answer_IsToldUnderItsName(bool? stream, string type)
    {
        _answers = static _ => new MockAnswer(200, """
            {"model": "up", "created_at": "2026-08-21T00:00:00.5Z", "message": {"role": "assistant", "content": "<A>"}, "done": false, "secret": 1}
            {"done": true, "done_reason": "stop", "eval_count": 3, "total_duration": 12345678901, "prompt_eval_count": 0}

            """, "application/x-ndjson");

        var body = new JsonObject { ["model"] = "remoteloop", ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = "hi" }), ["Options"] = new JsonObject { ["seed"] = 1 } };
        if (stream is { } asked)
        {
            body["stream"] = asked;
        }

        var reply = await SendAsync("/api/chat", body.ToJsonString());

        Assert.Equal((200, type, "chunked"), (reply.Status, reply.ContentType, reply.Framing));
        var head = $$"""{"model":"remoteloop","remote_model":"up","remote_host":"{{_upstream.Url}}","created_at":""";
        Assert.Equal(
            head + "\"2026-08-21T00:00:00.5Z\",\"message\":{\"role\":\"assistant\",\"content\":\"\\u003cA\\u003e\"},\"done\":false}\n"
            + head + "\"0001-01-01T00:00:00Z\",\"message\":{\"role\":\"\",\"content\":\"\"},\"done\":true,\"done_reason\":\"stop\",\"total_duration\":12345678901,\"eval_count\":3}\n",
            reply.Body);
        var request = _upstream.Requests.Single();
        Assert.Equal(("up", """{"seed":1}"""), (request.Model, request.Member("options")));
    }

    [Fact]
    public async Task StoredModel_Compat_AnswersInItsForm()
    {
        _answers = static _ => new MockAnswer(200, "{\"message\":{\"role\":\"assistant\",\"content\":\"Hello\"},\"done\":true,\"done_reason\":\"stop\",\"prompt_eval_count\":2,\"eval_count\":1}\n");

        var reply = await SendAsync("/v1/chat/completions", """{"model":"remoteloop","messages":[{"role":"user","content":"hi"}]}""");

        Assert.Equal(200, reply.Status);
        Assert.Equal("Hello", JsonNode.Parse(reply.Body)!["choices"]![0]!["message"]!["content"]!.GetValue<string>());
        Assert.Equal("/api/chat", _upstream.Requests.Single().Path);
    }

    [Fact]
    public async Task StoredModel_ChatUnload_NeedsNobody()
    {
        var reply = await SendAsync("/api/chat", """{"model":"remoteloop","keep_alive":0}""");

        Assert.Equal((200, true), (reply.Status, reply.Body.EndsWith("\"done\":true,\"done_reason\":\"unload\"}", StringComparison.Ordinal)));
        Assert.Empty(_upstream.Requests);
    }

    private Task<RawResponse> SendAsync(string path, string body, params string[] headers)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        return RawHttp.SendAsync(_host.Address, [$"POST {path} HTTP/1.1", $"Host: {_host.Address}", $"Content-Length: {bytes.Length}", .. headers], bytes);
    }
}
