using Inference.Llama;
using Inference.TestKit;

namespace Inference.UnitTests.Llama;

public sealed class LlamaModelTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Load_TheEmbeddedModel_TellsWhatItIs()
    {
        Assert.Equal("llama", Toy.Model.Architecture);
        Assert.Equal("llama", Toy.Model.Metadata("general.architecture"));
        Assert.Null(Toy.Model.Metadata("no.such.key"));
        Assert.Equal(1024, Toy.Model.TrainedContext);
        Assert.Equal(1536, Toy.Vocabulary.Size);
        Assert.Equal(32, Toy.Model.KeyLength);
        Assert.InRange(Toy.Model.SizeBytes, 1 << 20, new FileInfo(Places.EmbeddedWeights).Length);
        Assert.False(Toy.Model.IsRecurrent || Toy.Model.IsHybrid || Toy.Model.HasEncoder);
    }

    [Fact]
    public void Metadata_LongValue_IsWhole()
    {
        var template = Toy.Model.Metadata("tokenizer.chat_template");
        Assert.SkipWhen(template is null, "the model has none");
        Assert.True(template!.Length > 256);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(null, true)]
    public void Load_EveryLoadMode_ComputesTheSame(bool? map, bool checkTensors)
    {
        using var model = LlamaModel.Load(Places.EmbeddedWeights, new ModelParameters { MemoryMap = map, CheckTensors = checkTensors, GpuLayers = 0, MainGpu = 0 }, ct: Ct);
        using var context = LlamaContext.Create(model, Toy.Small);
        using var ours = Toy.Context();
        Assert.Equal(Toy.Feed(ours, "The cat"), Toy.Feed(context, "The cat"));
        Assert.Equal(ours.Logits(1), context.Logits(1));
    }

    [Fact]
    public void Load_Progress_ComesToOne()
    {
        var seen = new List<float>();
        using var model = LlamaModel.Load(Places.EmbeddedWeights, new ModelParameters(), seen.Add, Ct);
        Assert.Equal(seen.Order(), seen);
        Assert.Equal(1f, seen[^1]);
    }

    [Fact]
    public void Load_ProgressThrows_IsAFailedLoadWithItsCause()
    {
        var e = Toy.Throws(LlamaFault.Load, () => LlamaModel.Load(Places.EmbeddedWeights, new ModelParameters(), static _ => throw new InvalidOperationException("mine"), Ct));
        Assert.Equal("mine", e.InnerException?.Message);
    }

    [Fact]
    public void Load_CancelledMeanwhile_IsCancelled()
    {
        using var cancel = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => LlamaModel.Load(Places.EmbeddedWeights, new ModelParameters(), _ => cancel.Cancel(), cancel.Token));
    }

    [Theory]
    [InlineData(0)] // empty
    [InlineData(3)]
    [InlineData(24)]
    [InlineData(5_000)] // within the header
    [InlineData(1_000_000)] // within the tensors
    public void Load_Truncated_GivesAReason(int length)
    {
        var e = Refused(File.ReadAllBytes(Places.EmbeddedWeights)[..length]);
        Assert.NotEqual("the file is not a model that can be run", e.Message);
    }

    [Fact]
    public void Load_WeightsThatAreNoNumbers_AreFoundIfAskedForAndFailTheComputation()
    {
        var content = File.ReadAllBytes(Places.EmbeddedWeights);
        content.AsSpan(content.Length / 2).Fill(0xFF); // not a number in every format
        Assert.Contains("invalid", Refused(content, new ModelParameters { CheckTensors = true }).Message, StringComparison.Ordinal);

        using var model = LlamaModel.Load(Path.Combine(_folder, "bad.gguf"), new ModelParameters(), ct: Ct);
        using var context = LlamaContext.Create(model, Toy.Small);
        var (row, _) = Toy.Feed(context, "The cat");
        using var greedy = new SamplerChain(model, Toy.Greedy);
        using var chain = new SamplerChain(model, new SamplingParameters { TopK = 0 });
        Toy.Throws(LlamaFault.Compute, () => greedy.Next(context, row));
        Toy.Throws(LlamaFault.Compute, () => chain.Next(context, row));
        Toy.Throws(LlamaFault.Compute, () => Logprobs.Of(context.Logits(row), 0, 5));
    }

    [Fact]
    public void Load_Text_SaysThatItIsNone() => Assert.Contains("magic", Refused("The quick brown fox"u8.ToArray()).Message, StringComparison.Ordinal);

    [Fact]
    public void Load_Missing_SaysSo() =>
        Assert.Contains("does not exist", Toy.Throws(LlamaFault.Load, () => LlamaModel.Load(Path.Combine(_folder, "no"), new ModelParameters(), ct: Ct)).Message, StringComparison.Ordinal);

    [Fact]
    public void Load_Directory_SaysSo() =>
        Assert.Contains("directory", Toy.Throws(LlamaFault.Load, () => LlamaModel.Load(_folder, new ModelParameters(), ct: Ct)).Message, StringComparison.Ordinal);

    [Fact]
    public void Load_PathWithAZero_IsNotCutThere() =>
        Assert.Throws<ArgumentException>(() => LlamaModel.Load(Places.EmbeddedWeights + "\0.txt", new ModelParameters(), ct: Ct));

    [Theory]
    [InlineData("tiny-lora.gguf")]
    [InlineData("tiny-mmproj.gguf")]
    [InlineData("tiny-audio-mmproj.gguf")]
    public void Load_AdapterOrProjector_GivesAReason(string file)
    {
        var path = Toy.Golden(file);
        var e = Toy.Throws(LlamaFault.Load, () => LlamaModel.Load(path, new ModelParameters(), ct: Ct));
        Assert.NotEqual("the file is not a model that can be run", e.Message);
    }

    [Theory]
    [InlineData("demo.gguf")]
    [InlineData("nano-llama-f16.gguf")]
    [InlineData("nano-qwen3-template.gguf")]
    [InlineData("tiny-llama-f16.gguf")]
    [InlineData("tiny-qwen3-template.gguf")]
    public void Load_RecordedGenerators_Generate(string file)
    {
        using var model = LlamaModel.Load(Toy.Golden(file), new ModelParameters(), ct: Ct);
        using var context = LlamaContext.Create(model, Toy.Small);
        using var chain = new SamplerChain(model, new SamplingParameters());
        using var batch = new Batch(1);
        batch.Add(1, 0, 0, logits: true);
        Assert.Equal(DecodeOutcome.Done, context.Decode(batch));
        Assert.True(model.Vocabulary.Contains(chain.Next(context, 0)));
    }

    [Fact]
    public void Dispose_BeforeItsContext_KeepsTheWeightsForIt()
    {
        using var expected = Toy.Context();
        var model = LlamaModel.Load(Places.EmbeddedWeights, new ModelParameters(), ct: Ct);
        using var context = LlamaContext.Create(model, Toy.Small);
        model.Dispose();
        Assert.Equal(Toy.Feed(expected, "The cat"), Toy.Feed(context, "The cat"));
        Assert.Equal(expected.Logits(1), context.Logits(1));
    }

    [Fact]
    public void Dispose_ThenUsed_IsAnError()
    {
        var model = LlamaModel.Load(Places.EmbeddedWeights, new ModelParameters(), ct: Ct);
        model.Dispose();
        model.Dispose();
        Assert.Throws<ObjectDisposedException>(() => model.Vocabulary.Tokenize("x", addSpecial: false, parseSpecial: false));
        Assert.Throws<ObjectDisposedException>(() => model.Vocabulary.Piece(1, new byte[8]));
        Assert.Throws<ObjectDisposedException>(() => LlamaContext.Create(model, Toy.Small));
        Assert.Throws<ObjectDisposedException>(() => new SamplerChain(model, new SamplingParameters { Grammar = "root ::= \"x\"" }));
    }

    [Fact]
    public void LoadVocabulary_TokenizesAsTheModelDoes()
    {
        using var alone = LlamaModel.LoadVocabulary(Places.EmbeddedWeights, Ct);
        const string text = "Once upon a time, there was a little girl. 123 äöü 日本";
        Assert.Equal(Toy.Tokens(text), alone.Vocabulary.Tokenize(text, addSpecial: true, parseSpecial: false));
        Assert.Equal(Toy.Vocabulary.Size, alone.Vocabulary.Size);
        Assert.Equal(Toy.Vocabulary.Eos, alone.Vocabulary.Eos);
    }

    [Fact]
    public void LoadVocabulary_OfNoModel_GivesAReason()
    {
        var path = Path.Combine(_folder, "text");
        File.WriteAllText(path, "text");
        Toy.Throws(LlamaFault.Load, () => LlamaModel.LoadVocabulary(path, Ct));
    }

    private LlamaException Refused(byte[] content, ModelParameters? parameters = null)
    {
        var path = Path.Combine(_folder, "bad.gguf");
        File.WriteAllBytes(path, content);
        return Toy.Throws(LlamaFault.Load, () => LlamaModel.Load(path, parameters ?? new ModelParameters(), ct: Ct));
    }
}
