using Inference.Errors;
using Inference.TestKit;
using Inference.V1;

namespace Inference.UnitTests.Services.Remote;

/// <summary>The calls around a model that another server runs: showing, loading, embedding, and those that need its weights here.</summary>
public sealed class RemoteModelTests : RemoteScene
{
    [Fact]
    public async Task GetModel_InTheCloud_ShowsWhatItSays()
    {
        Answers = static _ => new MockAnswer(200, """
            {"license":"MIT","modelfile":"FROM x","parameters":"temperature                    1\nstop    \"a\"","template":"{{ .Prompt }}",
             "details":{"format":"gguf","family":"big","families":["big"],"parameter_size":"20B","quantization_level":"MXFP4"},
             "model_info":{"general.architecture":"big","big.context_length":131072},"capabilities":["completion","sings"],"modified_at":"2026-01-02T03:04:05Z"}
            """.ReplaceLineEndings(""));

        var shown = await Stage.Models.GetAsync(new() { Model = "big:cloud" }, Call, Cancelled);

        Assert.Equal(("/api/show", "big"), (Upstream.Requests.Single().Path, Upstream.Requests.Single().Model));
        Assert.Equal(("big", "20B", "sings"), (shown.Model.Name, shown.Model.Details.ParameterSize, shown.Model.OtherCapabilities.Single()));
        Assert.Equal([Capability.Completion], shown.Model.Capabilities);
        Assert.Equal((131072L, "1"), (shown.Metadata["big.context_length"].IntegerValue, shown.Parameters.Fields["temperature"].StringValue));
        Assert.Equal(("MIT", 2026), (shown.Licenses.Single(), shown.Model.ModifyTime.ToDateTime().Year));
    }

    [Fact]
    public void GetModel_Stored_ShowsItsConfig()
    {
        var shown = Stage.Models.Get(new() { Model = "r", View = ModelView.Metadata });

        Assert.Equal(("big:20b", Upstream.Url), (shown.Model.RemoteModel, shown.Model.RemoteHost));
        Assert.Equal(("big", 4096L), (shown.Metadata["general.architecture"].StringValue, shown.Metadata["big.context_length"].IntegerValue));
        Assert.Equal(Catalogue.ModelNotFound, Assert.Throws<InferenceException>(() => Stage.Models.Get(new() { Model = "r:local" })).Error.Kind);
        Assert.Empty(Upstream.Requests);
    }

    [Fact]
    public async Task LoadModel_LoadsThere()
    {
        var loaded = await Stage.Models.LoadAsync(new() { Model = "r", KeepAlive = new() { Seconds = 5 } }, Call, Cancelled);

        Assert.Equal(("/api/generate", "", "5.000000000s"), (Upstream.Requests.Single().Path, Upstream.Requests.Single().Member("prompt"), Upstream.Requests.Single().Member("keep_alive")));
        Assert.Equal("big:20b", loaded.RunningModel.Model.RemoteModel);
    }

    [Fact]
    public async Task UnloadModel_OfAnotherServer_IsNothingToDo() =>
        Assert.False((await Stage.Models.UnloadAsync(new() { Model = "r" }, Call, Cancelled)).WasLoaded);

    [Fact]
    public async Task Embed_InTheCloud_ReturnsItsVectors()
    {
        Answers = static _ => new MockAnswer(200, """{"model":"e","embeddings":[[0.5,1],[2,3]],"prompt_eval_count":4}""");

        await Stage.Embeddings.EmbedAsync(new() { Model = "e:cloud", Inputs = { "a", "b" }, Dimensions = 2 }, Call, Collected, Cancelled);

        Assert.Equal(("/api/embed", "2"), (Upstream.Requests.Single().Path, Upstream.Requests.Single().Member("dimensions")));
        Assert.Equal([[0.5f, 1f], [2f, 3f]], Collected.Embedded.Select(static m => m.Embedding).OfType<Embedding>().Select(static e => e.Values.ToArray()));
        Assert.Equal(4, Collected.Embedded[^1].Finish.Usage.PromptTokens);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"embeddings":[[1]]}""")]
    [InlineData("""{"embeddings":[["x"],[1]]}""")]
    [InlineData("""{"embeddings":[1,2]}""")]
    public async Task Embed_AnswerThatIsNone_IsAFailureOfTheRemote(string body)
    {
        Answers = _ => new MockAnswer(200, body);

        Assert.Equal(Catalogue.RemoteFailed, (await FailsAsync(() => Stage.Embeddings.EmbedAsync(new() { Model = "e:cloud", Inputs = { "a", "b" } }, Call, Collected, Cancelled))).Kind);
    }

    [Fact]
    public async Task Embed_StoredModel_IsOneWithoutWeightsToOllama()
    {
        var error = await FailsAsync(() => Stage.Embeddings.EmbedAsync(new() { Model = "r", Inputs = { "x" } }, Call, Collected, Cancelled));

        Assert.Equal(Catalogue.RemoteModelUnsupported, error.Kind);
        Assert.Equal(new OllamaForm(404, "model \"r\" not found, try pulling it first"), error.ToOllama(OllamaRoute.Embeddings));
    }

    [Fact]
    public async Task Tokenize_NeedsTheVocabularyHere()
    {
        Assert.Equal(Catalogue.FeatureUnsupported, (await FailsAsync(() => Stage.Generation.TokenizeAsync(new() { Model = "r", Text = "x" }, Call, Cancelled))).Kind);
        Assert.Equal(Catalogue.FeatureUnsupported, (await FailsAsync(() => Stage.Generation.TokenizeAsync(new() { Model = "x:cloud", Text = "x" }, Call, Cancelled))).Kind);
    }
}
