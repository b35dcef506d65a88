using Inference.Store;
using Inference.Store.Capabilities;
using Inference.Store.Gguf;
using Inference.UnitTests.Store.Gguf;

namespace Inference.UnitTests.Store.Capabilities;

public sealed class ModelSummaryTests
{
    private const string Jinja = "{% if tools %}<think></think>{% endif %}";

    [Fact]
    public void Shown_NativeModel_FindsThingsInOllamasOrder()
    {
        using var weights = Weights(static bytes => bytes.Add("x.vision.block_count", GgufType.UInt32, 1u).Add("x.audio.block_count", GgufType.UInt32, 1u).Add("tokenizer.chat_template", GgufType.String, Jinja));

        Assert.Equal(["image", "tools", "thinking", "completion", "vision", "audio"], Shown(weights, Models.Bare with { Config = new ModelConfig { Capabilities = ["image"] } }));
    }

    [Fact]
    public void Shown_TextModelWithParser_DoesNotAskTheJinjaTemplate()
    {
        using var weights = Weights(static bytes => bytes.Add("tokenizer.chat_template", GgufType.String, Jinja));

        Assert.Equal(["completion", "thinking"], Shown(weights, Models.Bare with { Config = new ModelConfig { Parser = "p" } }, parser: new ParserFacts(Tools: false, Thinking: true)));
    }

    [Fact]
    public void Shown_ModelOfEmbeddings_IsNoModelOfTexts()
    {
        using var weights = Weights(static bytes => bytes.Add("x.pooling_type", GgufType.UInt32, 0u));

        Assert.Equal(["embedding"], Shown(weights, Models.Bare));
    }

    [Fact]
    public void Shown_NoWeights_HasOnlyWhatTheConfigSays() =>
        Assert.Equal(["completion"], ModelSummary.Shown(Models.Bare with { Config = new ModelConfig { Capabilities = ["completion", "completion"] } }, weights: null, TemplateFacts.None, parser: null).Capabilities);

    [Theory]
    [InlineData("gemma3", true, "vision audio")]
    [InlineData("gemma3nv", true, "vision")]
    [InlineData("gemma3", false, "vision")]
    public void Shown_Projector_SeesAndMayHear(string type, bool audio, string expected)
    {
        using var projector = new TemporaryFile(new GgufBytes().Add("general.architecture", GgufType.String, "clip").Add("clip.vision.projector_type", GgufType.String, type)
            .Add("clip.has_audio_encoder", GgufType.Bool, audio).ToArray());

        Assert.Equal(expected, string.Join(' ', ModelSummary.Shown(Models.Bare with { ProjectorPaths = [projector.Path] }, weights: null, TemplateFacts.None, parser: null).Capabilities));
    }

    [Fact]
    public void Shown_MissingProjector_StillSees() =>
        Assert.Equal(["vision"], ModelSummary.Shown(Models.Bare with { ProjectorPaths = ["/nowhere"] }, weights: null, TemplateFacts.None, parser: null).Capabilities);

    [Fact]
    public void Shown_NemotronOmni_DoesNotHear()
    {
        using var weights = Weights(static bytes => bytes.Add("x.audio.block_count", GgufType.UInt32, 1u));

        Assert.Equal(["completion"], Shown(weights, Models.Bare with { Config = new ModelConfig { Families = ["nemotron_h_omni"] } }));
    }

    [Fact]
    public void Listed_LooksNeitherAtTheJinjaTemplateNorBehindTheTokenizer()
    {
        using var weights = Weights(static bytes => bytes.Add("x.audio.block_count", GgufType.UInt32, 1u).Add("x.vision.block_count", GgufType.UInt32, 1u)
            .Add("tokenizer.chat_template", GgufType.String, Jinja).Add("x.pooling_type", GgufType.UInt32, 0u));
        var model = Models.Bare with { ModelPath = weights.Path, Config = new ModelConfig { Capabilities = ["image"] }, ProjectorPaths = ["/p"] };

        Assert.Equal(["audio", "vision", "completion", "image", "tools", "insert", "thinking"], ModelSummary.Listed(model, new TemplateFacts(true, true, true), parser: null).Capabilities);
    }

    [Fact]
    public void Listed_Details_ComeFromTheConfigAndElseFromTheWeights()
    {
        using var weights = Weights(static bytes => bytes.Add("general.file_type", GgufType.UInt32, 0u).Add("x.context_length", GgufType.UInt32, 10u).Add("x.embedding_length", GgufType.UInt32, 20u));
        var unknown = ModelSummary.Listed(Models.Bare with { ModelPath = weights.Path, Config = new ModelConfig { QuantizationLevel = "unknown" } }, TemplateFacts.None, parser: null).Details;
        var known = ModelSummary.Listed(Models.Bare with { ModelPath = weights.Path, Config = new ModelConfig { QuantizationLevel = "Q", ContextLength = 1, EmbeddingLength = 2 } }, TemplateFacts.None, parser: null).Details;

        Assert.Equal(("F32", 10L, 20L), (unknown.QuantizationLevel, unknown.ContextLength, unknown.EmbeddingLength));
        Assert.Equal(("Q", 1L, 2L), (known.QuantizationLevel, known.ContextLength, known.EmbeddingLength));
    }

    [Fact]
    public void Listed_DamagedWeights_TakeOnlyTheirOwnAway()
    {
        using var weights = new TemporaryFile("no gguf"u8.ToArray());

        Assert.Equal(["tools"], ModelSummary.Listed(Models.Bare with { ModelPath = weights.Path }, new TemplateFacts(Tools: true), parser: null).Capabilities);
    }

    [Fact]
    public void Summary_GptOss_Thinks()
    {
        var model = Models.Bare with { Config = new ModelConfig { Family = "gptoss" } };

        Assert.Equal(["thinking"], ModelSummary.Listed(model, TemplateFacts.None, parser: null).Capabilities);
        Assert.Equal(["thinking"], ModelSummary.Shown(model, weights: null, TemplateFacts.None, parser: null).Capabilities);
    }

    [Fact]
    public void Summary_Gemma4InSafetensors_NeitherSeesNorHears()
    {
        var model = Models.Bare with { Config = new ModelConfig { Format = "safetensors", Renderer = "gemma4", Capabilities = ["completion", "vision", "audio"] } };

        Assert.Equal(["completion"], ModelSummary.Listed(model, TemplateFacts.None, parser: null).Capabilities);
        Assert.Equal(["completion"], ModelSummary.Shown(model, weights: null, TemplateFacts.None, parser: null).Capabilities);
    }

    [Fact]
    public void ModelInfo_IsSortedAndCountsTheWeights()
    {
        using var file = new TemporaryFile(new GgufBytes().Add("z", GgufType.Float32, 1f).Add("general.name", GgufType.String, "n").Add("tokenizer.chat_template", GgufType.String, "t")
            .Add("general.parameter_count", GgufType.UInt32, 1u).Add("a", GgufType.Float64, 1d).Tensor("t", 0, 0, 3, 4).ToArray());
        var read = GgufFile.Read(file.Path);

        Assert.Equal(
            [new("a", new GgufValue(GgufType.Float64, 1d)), new("general.parameter_count", new GgufValue(GgufType.UInt64, 12UL)), new("z", new GgufValue(GgufType.Float32, 1f))],
            ModelInfo.OfWeights(read));
        Assert.Equal(["a", "general.name", "general.parameter_count", "z"], ModelInfo.OfProjector(read).Select(static entry => entry.Key));
    }

    private static TemporaryFile Weights(Func<GgufBytes, GgufBytes> add) => new(add(new GgufBytes().Add("general.architecture", GgufType.String, "x")).ToArray());

    private static IReadOnlyList<string> Shown(TemporaryFile weights, StoredModel model, ParserFacts? parser = null) =>
        ModelSummary.Shown(model with { ModelPath = weights.Path }, GgufFile.Read(weights.Path), TemplateFacts.None, parser).Capabilities;
}
