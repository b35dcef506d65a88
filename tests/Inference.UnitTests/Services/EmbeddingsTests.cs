using Inference.Errors;
using Inference.Services;
using Inference.TestKit;
using Inference.V1;

namespace Inference.UnitTests.Services;

public sealed class EmbeddingsTests : IAsyncDisposable
{
    private readonly ScriptedEngine _engine = new();
    private readonly ScriptedInference _inference;
    private readonly CollectedOutput _output = new();
    private readonly CallInfo _call = new("r", TimeProvider.System.GetUtcNow());

    public EmbeddingsTests()
    {
        _inference = new ScriptedInference(_engine);
        _inference.Store.Add("e", new ScriptedModel { Metadata = new Dictionary<string, object> { ["llama.pooling_type"] = 1u } });
        _inference.Store.Add("m", new ScriptedModel());
    }

    public ValueTask DisposeAsync() => _inference.DisposeAsync();

    [Fact]
    public async Task Embed_ManyInputs_ComeInOrderAndBatches()
    {
        _engine.Embed = static inputs => Task.FromResult(inputs.Select(static i => new[] { (float)i.Length, 0 }).ToArray());
        await EmbedAsync(new() { Model = "e", Inputs = { Enumerable.Range(1, 70).Select(static n => new string('x', n)) }, Normalize = false });

        Assert.Equal([32, 32, 6], _engine.Embedded.Select(static b => b.Count));
        Assert.Equal(Enumerable.Range(0, 70), Vectors().Select(static v => v.Index));
        Assert.All(Vectors(), static v => Assert.Equal((v.Index + 1f, v.Index + 1), (v.Values[0], v.PromptTokens)));
        Assert.Equal(70 * 71 / 2, _output.Embedded[^1].Finish.Usage.PromptTokens);
        Assert.Equal("registry.ollama.ai/library/e:latest", _output.Embedded[^1].Finish.Model);
    }

    [Theory]
    [InlineData(null, null, new[] { 0.6f, 0.8f })]
    [InlineData(false, null, new[] { 3f, 4f })]
    [InlineData(null, 1, new[] { 1f })]
    [InlineData(false, 1, new[] { 3f })]
    [InlineData(false, 9, new[] { 3f, 4f })]
    public async Task Embed_Scales_AfterTheCut(bool? normalize, int? dimensions, float[] expected)
    {
        _engine.Embed = static _ => Task.FromResult<float[][]>([[3, 4]]);
        var request = new EmbedRequest { Model = "e", Inputs = { "x" } };
        if (normalize is { } n)
        {
            request.Normalize = n;
        }

        if (dimensions is { } d)
        {
            request.Dimensions = d;
        }

        await EmbedAsync(request);

        Assert.Equal(expected, Vectors().Single().Values);
    }

    [Fact]
    public async Task Embed_NullVector_StaysNull()
    {
        _engine.Embed = static _ => Task.FromResult<float[][]>([[0, 0]]);
        await EmbedAsync(new() { Model = "e", Inputs = { "x" } });

        Assert.Equal([0, 0], Vectors().Single().Values);
    }

    [Fact]
    public async Task Embed_NotFinite_SaysWhichInput()
    {
        _engine.Embed = static inputs => Task.FromResult(inputs.Select(static i => new[] { 1f, i.Length == 3 ? float.NaN : 0 }).ToArray());

        var error = await FailsAsync(new() { Model = "e", Inputs = { "1", "22", "333" } });

        Assert.Equal((Catalogue.EmbeddingNotFinite, "2"), (error.Kind, error.Facts["input_index"]));
        Assert.Equal([0, 1], Vectors().Select(static v => v.Index));
    }

    [Fact]
    public async Task Embed_TooLong_SaysWhichInput()
    {
        var error = await FailsAsync(new() { Model = "e", Inputs = { "x", new string('x', 40) }, LoadOptions = new() { NumCtx = 32 } });

        Assert.Equal((Catalogue.ContextLengthExceeded, "1", "40", "32"), (error.Kind, error.Facts["input_index"], error.Facts["prompt_tokens"], error.Facts["context_length"]));
        Assert.Empty(_engine.Embedded);
    }

    [Fact]
    public async Task Embed_TooLongAndTruncate_KeepsTheTokenThatClosesAndWarns()
    {
        _engine.Facts = _engine.Facts with { AddsEos = true };
        await EmbedAsync(new() { Model = "e", Inputs = { "a", new string('x', 39) + "E" }, Truncate = true, LoadOptions = new() { NumCtx = 32 } });

        Assert.Equal(new string('x', 31) + "E", string.Concat(_engine.Embedded.Single()[1].Select(static t => (char)t)));
        var warning = Assert.Single(_output.Embedded[^1].Finish.Warnings);
        Assert.Equal((WarningReason.InputTruncated, "1", "8"), (warning.Reason, warning.Metadata["input_index"], warning.Metadata["tokens_dropped"]));
    }

    [Fact]
    public async Task Embed_StrictAndTooLong_Fails() =>
        Assert.Equal(Catalogue.StrictViolation, (await FailsAsync(new() { Model = "e", Inputs = { new string('x', 40) }, Truncate = true, Strict = true, LoadOptions = new() { NumCtx = 32 } })).Kind);

    [Fact]
    public async Task Embed_ModelThatGenerates_LacksTheCapability() =>
        Assert.Equal("embedding", (await FailsAsync(new() { Model = "m", Inputs = { "x" } })).Facts["capability"]);

    [Theory]
    [InlineData("inputs", "e", 0, 0)]
    [InlineData("dimensions", "e", 1, -1)]
    [InlineData("model", "", 1, 0)]
    public async Task Embed_Wrong_NamesTheField(string field, string model, int inputs, int dimensions)
    {
        var request = new EmbedRequest { Model = model, Inputs = { Enumerable.Repeat("x", inputs) } };
        if (dimensions != 0)
        {
            request.Dimensions = dimensions;
        }

        Assert.Equal(field, (await FailsAsync(request)).Facts["field"]);
    }

    [Fact]
    public async Task Embed_RemoteModel_IsOneWithoutWeightsToOllama()
    {
        _inference.Store.Add("r", new ScriptedModel { HasWeights = false, Config = """{"model_format":"gguf","remote_host":"https://ollama.com:443","remote_model":"big"}""" });

        var error = await FailsAsync(new() { Model = "r", Inputs = { "x" } });

        Assert.Equal(Catalogue.RemoteDisabled, error.Kind);
        Assert.Equal(new OllamaForm(404, "model \"r\" not found, try pulling it first"), error.ToOllama(OllamaRoute.Embed));
        Assert.Equal(403, error.ToOllama(OllamaRoute.Generate).Status);
    }

    private List<Embedding> Vectors() => [.. _output.Embedded.Select(static m => m.Embedding).OfType<Embedding>()];

    private Task EmbedAsync(EmbedRequest request) => _inference.Embeddings.EmbedAsync(request, _call, _output, TestContext.Current.CancellationToken);

    private async Task<Error> FailsAsync(EmbedRequest request) => (await Assert.ThrowsAsync<InferenceException>(() => EmbedAsync(request))).Error;
}
