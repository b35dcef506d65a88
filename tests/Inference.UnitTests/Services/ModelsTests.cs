using Google.Protobuf.WellKnownTypes;
using Inference.Errors;
using Inference.Services;
using Inference.TestKit;
using Inference.V1;

namespace Inference.UnitTests.Services;

public sealed class ModelsTests : IAsyncDisposable
{
    private readonly ScriptedInference _inference = new(new ScriptedEngine());
    private readonly CallInfo _call = new("r", TimeProvider.System.GetUtcNow());

    public ValueTask DisposeAsync() => _inference.DisposeAsync();

    [Fact]
    public void List_Pages_MeetEveryModelOnce()
    {
        for (var i = 0; i < 7; i++)
        {
            _inference.Store.Add($"m{i}", new ScriptedModel());
        }

        var names = new List<string>();
        var request = new ListModelsRequest { PageSize = 3 };
        var pages = 0;
        do
        {
            var page = _inference.Models.List(request);
            names.AddRange(page.Models.Select(static m => m.Name));
            request.PageToken = page.NextPageToken;
            pages++;
        }
        while (request.PageToken.Length > 0);

        Assert.Equal(3, pages);
        Assert.Equal(Enumerable.Range(0, 7).Select(static i => $"m{i}:latest"), names.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void List_LastModelOfThePageGone_GoesOnBehindIt()
    {
        foreach (var name in new[] { "a", "b", "c" })
        {
            _inference.Store.Add(name, new ScriptedModel());
        }

        var first = _inference.Models.List(new ListModelsRequest { PageSize = 1 });
        var rest = _inference.Models.List(new ListModelsRequest { PageToken = first.NextPageToken });

        Assert.Equal(2, rest.Models.Count);
        Assert.DoesNotContain(first.Models[0].Name, rest.Models.Select(static m => m.Name));
        Assert.Empty(rest.NextPageToken);
    }

    [Theory]
    [InlineData("page_size", -1, "")]
    [InlineData("page_token", 0, "not a token")]
    [InlineData("page_token", 0, "aGVsbG8=")]
    public void List_Wrong_NamesTheField(string field, int size, string token) => Assert.Equal(
        field, Assert.Throws<InferenceException>(() => _inference.Models.List(new() { PageSize = size, PageToken = token })).Error.Facts["field"]);

    [Fact]
    public void Get_Basic_ShowsWhatIsStored()
    {
        _inference.Store.Add("m", new ScriptedModel
        {
            Template = "{{ range .Messages }}{{ .Content }}{{ end }}{{ .Tools }}", System = "S", Parameters = """{"temperature":0.5,"num_ctx":64,"stop":["x"],"odd":{"a":[1]}}""",
            Messages = """[{"role":"user","content":"q"}]""",
        });

        var shown = _inference.Models.Get(new() { Model = "M" });

        Assert.Equal("m:latest", shown.Model.Name);
        Assert.Equal([Capability.Completion, Capability.Tools], shown.Model.Capabilities);
        Assert.Equal(("llama", "gguf", "1M", "F16"), (shown.Model.Details.Family, shown.Model.Details.Format, shown.Model.Details.ParameterSize, shown.Model.Details.QuantizationLevel));
        Assert.Equal("S", shown.System);
        Assert.Equal(new SamplingOptions { Temperature = 0.5f, Stop = new() { Sequences = { "x" } } }, shown.Options);
        Assert.Equal(new LoadOptions { NumCtx = 64 }, shown.LoadOptions);
        Assert.Equal(1, shown.Parameters.Fields["odd"].StructValue.Fields["a"].ListValue.Values[0].NumberValue);
        Assert.Equal(new ChatMessage { Role = Role.User, Content = { new ContentPart { Text = "q" } } }, shown.Messages.Single());
        Assert.Contains("SYSTEM S\n", shown.Modelfile, StringComparison.Ordinal);
        Assert.Equal(5, shown.Layers.Count);
        Assert.Empty(shown.Metadata);
        Assert.Equal(shown.Model.SizeBytes, shown.Layers.Sum(static l => l.SizeBytes) + new ScriptedModel().Config.Length);
    }

    [Fact]
    public void Get_Views_AddTheFiles()
    {
        var metadata = GetToy(ModelView.Metadata);
        var full = GetToy(ModelView.Full);

        Assert.Equal(5u, metadata.Metadata["llama.block_count"].UnsignedValue);
        Assert.Equal((1536, 0), (metadata.Metadata["tokenizer.ggml.tokens"].ArrayValue.Length, metadata.Metadata["tokenizer.ggml.tokens"].ArrayValue.Values.Count));
        Assert.Equal(1536, full.Metadata["tokenizer.ggml.tokens"].ArrayValue.Values.Count);
        Assert.NotEmpty(metadata.Tensors);
        Assert.False(metadata.Metadata.ContainsKey("general.name"));
        Assert.Equal([Capability.Completion, Capability.Tools, Capability.Thinking], metadata.Model.Capabilities);
    }

    [Fact]
    public void Get_ParametersOfWrongType_CanStillBeLookedAt()
    {
        _inference.Store.Add("m", new ScriptedModel { Parameters = """{"top_k":"many"}""" });

        var shown = _inference.Models.Get(new() { Model = "m" });

        Assert.Equal("many", shown.Parameters.Fields["top_k"].StringValue);
        Assert.Null(shown.Options);
    }

    [Fact]
    public void Get_BrokenTemplate_CanStillBeLookedAt()
    {
        _inference.Store.Add("m", new ScriptedModel { Template = "{{ if }}" });

        Assert.Equal("{{ if }}", _inference.Models.Get(new() { Model = "m" }).Template);
    }

    [Fact]
    public void Get_OnlyJinja_ShowsThat()
    {
        _inference.Store.Add("m", new ScriptedModel { Metadata = new Dictionary<string, object> { ["tokenizer.chat_template"] = "{{ tools }}" } });

        var shown = _inference.Models.Get(new() { Model = "m" });

        Assert.Equal("{{ tools }}", shown.Template);
        Assert.Contains(Capability.Tools, shown.Model.Capabilities);
    }

    [Fact]
    public void Get_Unknown_SaysItAsEachRouteDoes()
    {
        var error = Assert.Throws<InferenceException>(() => _inference.Models.Get(new() { Model = "http://a/b/c" })).Error;

        Assert.Equal(new OllamaForm(404, "model 'a/b/c:latest' not found"), error.ToOllama(OllamaRoute.Show));
        Assert.Equal("http://a/b/c", error.Facts["model"]);
    }

    [Fact]
    public async Task Load_ShowsTheModelIdle_AndUnloadLetsItGo()
    {
        _inference.Store.Add("m", new ScriptedModel());

        var loaded = await _inference.Models.LoadAsync(new() { Model = "m", LoadOptions = new() { NumCtx = 128 } }, _call, default);

        Assert.Equal((RunState.Idle, 128, "m:latest"), (loaded.RunningModel.State, loaded.RunningModel.ContextLength, loaded.RunningModel.Model.Name));
        Assert.Equal(128, loaded.RunningModel.LoadOptions.NumCtx);
        Assert.NotNull(loaded.RunningModel.ExpireTime);
        Assert.Equal("m:latest", _inference.Models.ListRunning().Models.Single().Model.Name);
        Assert.True((await _inference.Models.UnloadAsync(new() { Model = "m", Wait = true }, _call, default)).WasLoaded);
        Assert.Empty(_inference.Models.ListRunning().Models);
        Assert.False((await _inference.Models.UnloadAsync(new() { Model = "m", Wait = true }, _call, default)).WasLoaded);
    }

    [Theory]
    [InlineData("", 4096, 8)]
    [InlineData(""","context_length":77,"embedding_length":5""", 77, 5)]
    public void Get_TellsLengths_FromTheConfigOrTheWeights(string config, int context, int embedding)
    {
        _inference.Store.Add("m", new ScriptedModel { Config = $$"""{"model_format":"gguf","model_family":"llama"{{config}}}""" });

        var details = _inference.Models.Get(new() { Model = "m" }).Model.Details;
        Assert.Equal((context, embedding), (details.ContextLength, details.EmbeddingLength));
    }

    [Fact]
    public async Task Load_ForEver_HasNoExpireTime()
    {
        _inference.Store.Add("m", new ScriptedModel());

        Assert.Null((await _inference.Models.LoadAsync(new() { Model = "m", KeepAlive = new Duration { Seconds = -1 } }, _call, default)).RunningModel.ExpireTime);
    }

    [Fact]
    public async Task Load_KeepAliveZero_AnswersAndLetsGo()
    {
        _inference.Store.Add("m", new ScriptedModel());

        Assert.Equal("m:latest", (await _inference.Models.LoadAsync(new() { Model = "m", KeepAlive = new Duration() }, _call, default)).RunningModel.Model.Name);
        await _inference.Models.UnloadAsync(new() { Model = "m", Wait = true }, _call, default);
        Assert.Empty(_inference.Models.ListRunning().Models);
    }

    [Fact]
    public async Task Load_CapabilityMissing_IsSaidBeforeLoading()
    {
        _inference.Store.Add("m", new ScriptedModel());

        var error = (await Assert.ThrowsAsync<InferenceException>(() => _inference.Models.LoadAsync(new() { Model = "m", RequiredCapabilities = { Capability.Completion, Capability.Embedding } }, _call, default))).Error;

        Assert.Equal((Catalogue.CapabilityMissing, "embedding", "registry.ollama.ai/library/m:latest"), (error.Kind, error.Facts["capability"], error.Facts["full_name"]));
        Assert.Empty(_inference.Models.ListRunning().Models);
    }

    [Fact]
    public async Task Load_StrictAndReduced_Fails()
    {
        _inference.Store.Add("m", new ScriptedModel());

        var error = (await Assert.ThrowsAsync<InferenceException>(() => _inference.Models.LoadAsync(new() { Model = "m", Strict = true, LoadOptions = new() { NumCtx = 1 << 20 } }, _call, default))).Error;

        Assert.Equal(("CONTEXT_REDUCED", "1048576", "4096"), (error.Facts["warning"], error.Facts["requested"], error.Facts["effective"]));
    }

    private static GetModelResponse GetToy(ModelView view)
    {
        using var host = new Toy();
        return host.Models.Get(new() { Model = "toy", View = view });
    }

    /// <summary>The embedded model's store.</summary>
    private sealed class Toy : IDisposable
    {
        private readonly ScriptedInference _inference = new(new ScriptedEngine(), static services =>
            Microsoft.Extensions.DependencyInjection.ServiceCollectionServiceExtensions.AddSingleton(services, new Inference.Store.ModelStore(Places.EmbeddedStore)));

        public Models Models => _inference.Models;

        public void Dispose() => _inference.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }
}
