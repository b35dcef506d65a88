using System.Net;
using System.Text;
using Inference.TestKit;
using Inference.V1;

namespace Inference.IntegrationTests.Errors;

/// <summary>What a transcoded request names and its message lacks is told in a header, and with <c>strict</c> is the error.</summary>
public sealed class UnboundNameTests : IAsyncLifetime
{
    private ScriptedServer _server = null!;

    /// <summary>What is told here.</summary>
    internal static IReadOnlyList<WarningReason> Told { get; } = [WarningReason.FieldIgnored];

    public async ValueTask InitializeAsync() => _server = await ScriptedServer.StartAsync(new() { ["m"] = (new ScriptedEngine("ok"), new ScriptedModel()) });

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("generate", """{"model":"m","prompt":"x","options":{"temperature":0,"topK":1,"top_k":1}}""")]
    [InlineData("generate", """{"model":"m","promt":"x","prompt":"x"}""", "promt")]
    [InlineData("generate", """{"model":"m","prompt":"x","options":{"temprature":{"a":[1,{"b":2}]},"xtc":{"probability":1,"prob":"}"}},"Options":null}""", "options.temprature", "options.xtc.prob", "Options")]
    [InlineData("generate", """{"model":"m","prompt":"\"},{\"nope\":1","options":{"logitBias":{"7":1,"8":2}},"keepAlive":"5s","\u0073trict":false,"\u0073tricd":false}""", "stricd")]
    [InlineData("chat", """{"model":"m","messages":[{"role":"ROLE_USER","content":[{"text":"x"}]},{"role":"ROLE_USER","contents":[],"content":[{"text":"x","txt":"\\"},{"tekst":"x","text":"y"}]}]}""", "messages[1].contents", "messages[1].content[0].txt", "messages[1].content[1].tekst")]
    [InlineData("render-prompt", """{"generate":{"model":"m","prompt":"x","nope":[]},"with_tokens":true}""", "generate.nope")]
    [InlineData("tokenize", """{"model":"m","text":"x","addSpecials":true}""", "addSpecials")]
    [InlineData("tokenize?text=y&model=m", """{"model":"m","text":"x"}""", "text", "model")]
    [InlineData("models:load", """{"model":"m","loadOptions":{"numCtx":128,"num_gpus":1}}""", "load_options.num_gpus")]
    public async Task Rest_UnknownNames_AreToldInHeaders(string path, string json, params string[] names)
    {
        foreach (var encoding in new[] { Encoding.UTF8, Encoding.Unicode, Encoding.Latin1 })
        {
            var (status, warnings, _) = await SendAsync("POST", $"/inference/v1/{path}", json, encoding);
            Assert.Equal(HttpStatusCode.OK, status);
            Assert.Equal(names.Select(static n => $"FIELD_IGNORED: {n} is not acted on"), warnings);
        }
    }

    [Theory]
    [InlineData("models?pageSize=1&page_size=1")]
    [InlineData("models?size=1&nope", "size", "nope")]
    [InlineData("models?pageSize.x=1", "pageSize.x")]
    [InlineData("models/m?view=MODEL_VIEW_BASIC&model=other", "model")]
    [InlineData("server?verbose=true", "verbose")]
    public async Task Rest_UnknownParameters_AreToldInHeaders(string path, params string[] names)
    {
        var (status, warnings, _) = await SendAsync("GET", $"/inference/v1/{path}", json: null, Encoding.UTF8);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(names.Select(static n => $"FIELD_IGNORED: {n} is not acted on"), warnings);
    }

    [Theory]
    [InlineData("generate", """{"model":"m","prompt":"x","strict":true,"options":{"temprature":1}}""", "options.temprature")]
    [InlineData("chat", """{"messages":[{"rôle":"x"}],"strict":true}""", "messages[0].rôle")]
    [InlineData("render-prompt", """{"chat":{"strict":true},"nope":1}""", "nope")]
    [InlineData("generate?nope=1", """{"model":"m","prompt":"x","strict":true}""", "nope")]
    public async Task Rest_Strict_IsTheError(string path, string json, string field)
    {
        var ending = (await _server.Host.RestAsync("POST", $"/inference/v1/{path}", json)).Checked();

        Assert.Equal((HttpStatusCode.BadRequest, "STRICT_VIOLATION"), (ending.Http, ending.Reason));
        Assert.Equal(("FIELD_IGNORED", field), (ending.Info.Metadata["warning"], ending.Info.Metadata["field"]));
        Assert.False(ending.Metadata.ContainsKey("X-Inference-Warning"));
    }

    [Fact]
    public async Task Rest_Failure_HasNoWarnings()
    {
        var ending = (await _server.Host.RestAsync("POST", "/inference/v1/generate", """{"model":"nope","prompt":"x","promt":1}""")).Checked();

        Assert.Equal("MODEL_NOT_FOUND", ending.Reason);
        Assert.False(ending.Metadata.ContainsKey("X-Inference-Warning"));
    }

    [Fact]
    public async Task Rest_LargeAndManifold_IsReadInAnyPieces_AndToldInPart()
    {
        var media = Convert.ToBase64String(new byte[1 << 20]);
        var unknown = string.Concat(Enumerable.Range(0, 1000).Select(static i => $",\"nope{i}\":\"\\\\\\\"\""));
        var (status, warnings, _) = await SendAsync("POST", "/inference/v1/tokenize", $$"""{"{{new string('n', 5000)}}":"{{media}}","model":"m"{{unknown}},"text":"x"}""", Encoding.UTF8);

        Assert.Equal((HttpStatusCode.OK, 16), (status, warnings.Length));
        Assert.All(warnings, static w => Assert.InRange(w.Length, 1, 600));
    }

    [Fact]
    public async Task Grpc_HasNoSuchHeader()
    {
        using var call = _server.Host.Inference.Generate(new GenerateRequest { Model = "m", Prompt = "x", StreamOptions = new() { ToolCallDeltas = true } }, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Null((await call.ResponseHeadersAsync).GetValue("x-inference-warning"));
    }

    private async Task<(HttpStatusCode Status, string[] Warnings, string Body)> SendAsync(string method, string path, string? json, Encoding encoding)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = json is null ? null : new StringContent(json, encoding, "application/json") };
        using var response = await _server.Host.Http.SendAsync(request, TestContext.Current.CancellationToken);
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return (response.StatusCode, response.Headers.TryGetValues("X-Inference-Warning", out var values) ? [.. values] : [], body);
    }
}
