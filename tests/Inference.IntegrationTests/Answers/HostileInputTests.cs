using System.Net;
using System.Net.Http.Json;
using Google.Rpc;
using Grpc.Core;
using Inference.TestKit;
using Inference.V1;

namespace Inference.IntegrationTests.Answers;

/// <summary>Input that kills or hangs llama.cpp when it gets there: an error of the catalogue, and the server lives.</summary>
public sealed class HostileInputTests : IAsyncLifetime
{
    private readonly SmallStore _store = new();
    private ServerHost _host = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await ServerHost.StartAsync(new() { Store = _store.Root });

    public async ValueTask DisposeAsync()
    {
        Assert.Equal("The capital of Japan is Tokyo.", await _host.AskAsync(Door.Ollama, "What is the capital of Japan?", Ct));
        await _host.LoadAsync(active: 0, queued: 0, Ct);
        await _host.DisposeAsync();
        _store.Dispose();
    }

    [Theory]
    [InlineData("empty", 0)]
    [InlineData("header-only", 24)]
    [InlineData("cut-in-the-header", 5_000)]
    [InlineData("cut-in-the-weights", 2_000_000)]
    public async Task Generate_BrokenGguf_IsCorrupt(string name, int length)
    {
        _store.Add(name, (await File.ReadAllBytesAsync(Places.EmbeddedWeights, Ct))[..length]);
        Assert.Equal("MODEL_CORRUPT", await ReasonAsync(new() { Model = name, Prompt = "x" }));
        using var response = await _host.Http.PostAsJsonAsync("/api/generate", new { model = name, prompt = "x" }, Ct);
        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.StartsWith("""{"error":""", await response.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Generate_NegativeContext_IsRefused() =>
        Assert.Equal("FIELD_INVALID", await ReasonAsync(new() { Model = SmallStore.Model, Prompt = "x", LoadOptions = new() { NumCtx = -7 } }));

    [Fact]
    public async Task Generate_AbsurdContext_IsReducedAndSaysSo()
    {
        using var call = _host.Inference.Generate(new() { Model = SmallStore.Model, Prompt = "Hello!", LoadOptions = new() { NumCtx = int.MaxValue } }, cancellationToken: Ct);
        var start = (await call.ResponseStream.ReadAllAsync(Ct).ToListAsync(Ct)).Single(static m => m.Start is not null).Start;
        Assert.Equal(1024, start.ContextLength); // what the model was trained for
        Assert.Equal(WarningReason.ContextReduced, Assert.Single(start.Warnings).Reason);
    }

    [Theory]
    [InlineData(2_000_000_000)]
    [InlineData(-7)]
    [InlineData(1)]
    public async Task OllamaGenerate_AbsurdContext_AnswersAllTheSame(int context)
    {
        using var response = await _host.Http.PostAsJsonAsync("/api/generate", new { model = SmallStore.Model, prompt = "Hello!", stream = false, options = new { num_ctx = context, num_predict = 3 } }, Ct);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData('a')]
    [InlineData(' ')]
    [InlineData('7')]
    [InlineData('é')]
    public async Task Generate_WordOf100000Characters_IsTooLong(char c) =>
        Assert.Equal("CONTEXT_LENGTH_EXCEEDED", await ReasonAsync(new() { Model = SmallStore.Model, Prompt = new string(c, 100_000) }));

    [Theory]
    [InlineData("root ::= nonsense")]
    [InlineData("root ::= \"a\"{1,0}")]
    [InlineData("root ::= root \"a\"")]
    [InlineData("no grammar at all")]
    public async Task Generate_BadGrammar_IsRefused(string grammar) =>
        Assert.Equal("GRAMMAR_INVALID", await ReasonAsync(new() { Model = SmallStore.Model, Prompt = "x", Format = new() { Gbnf = grammar } }));

    [Fact]
    public async Task Generate_GrammarNested100000Deep_IsRefused() =>
        Assert.Equal("GRAMMAR_INVALID", await ReasonAsync(new() { Model = SmallStore.Model, Prompt = "x", Format = new() { Gbnf = $"root ::= {new string('(', 100_000)}\"a\"{new string(')', 100_000)}" } }));

    [Fact]
    public async Task Generate_TokenOutOfRange_IsRefused() =>
        Assert.Equal("TOKEN_OUT_OF_RANGE", await ReasonAsync(new() { Model = SmallStore.Model, Prompt = "x", Context = { int.MaxValue } }));

    private async Task<string> ReasonAsync(GenerateRequest request)
    {
        using var call = _host.Inference.Generate(request, cancellationToken: Ct);
        var thrown = await Assert.ThrowsAsync<RpcException>(async () => { await foreach (var _ in call.ResponseStream.ReadAllAsync(Ct)) { } });
        return thrown.GetRpcStatus()!.GetDetail<ErrorInfo>()!.Reason;
    }
}
