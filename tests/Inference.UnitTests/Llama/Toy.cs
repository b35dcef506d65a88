using Inference.Llama;
using Inference.TestKit;

namespace Inference.UnitTests.Llama;

/// <summary>The embedded model, loaded once for all tests of this folder, and small contexts of it.</summary>
internal static class Toy
{
    private static readonly Lazy<LlamaModel> Loaded = new(() => LlamaModel.Load(Places.EmbeddedWeights, new ModelParameters()));

    public static LlamaModel Model => Loaded.Value;

    public static Vocabulary Vocabulary => Model.Vocabulary;

    public static SamplingParameters Greedy { get; } = new() { Temperature = 0 };

    public static ContextParameters Small { get; } = new() { ContextLength = 512, BatchSize = 64 };

    public static LlamaContext Context(ContextParameters? parameters = null) => LlamaContext.Create(Model, parameters ?? Small);

    public static int[] Tokens(string text) => Vocabulary.Tokenize(text, addSpecial: true, parseSpecial: false);

    /// <summary>Feeds a text from position 0 and leaves the scores of the token that follows.</summary>
    /// <returns>The row to read them at, and the number of tokens.</returns>
    public static (int Row, int Count) Feed(LlamaContext context, string text, int sequence = 0)
    {
        var tokens = Tokens(text);
        using var batch = new Batch(tokens.Length);
        var row = 0;
        for (var i = 0; i < tokens.Length; i++)
        {
            row = batch.Add(tokens[i], i, sequence, logits: i == tokens.Length - 1);
        }

        Assert.Equal(DecodeOutcome.Done, context.Decode(batch));
        return (row, tokens.Length);
    }

    /// <summary>Continues a text.</summary>
    public static List<int> Generate(LlamaContext context, string prompt, SamplingParameters sampling, int most = 24, int sequence = 0)
    {
        using var chain = new SamplerChain(Model, sampling);
        using var batch = new Batch(1);
        var (row, position) = Feed(context, prompt, sequence);
        var output = new List<int>();
        for (var next = chain.Next(context, row); !Vocabulary.IsEnd(next) && output.Count < most; next = chain.Next(context, 0))
        {
            output.Add(next);
            batch.Clear();
            batch.Add(next, position++, sequence, logits: true);
            Assert.Equal(DecodeOutcome.Done, context.Decode(batch));
        }

        return output;
    }

    public static string GenerateText(SamplingParameters sampling, string prompt = "Once upon a time", int most = 24)
    {
        using var context = Context();
        return Vocabulary.Detokenize([.. Generate(context, prompt, sampling, most)], special: false);
    }

    /// <summary>A model among the recordings; the test is skipped where they are absent.</summary>
    public static string Golden(string file)
    {
        var path = Places.Shared("golden/ollama/models/" + file);
        Assert.SkipWhen(path is null, "the recordings are not here");
        return path!;
    }

    public static LlamaException Throws(LlamaFault fault, Action action)
    {
        var e = Assert.Throws<LlamaException>(action);
        Assert.Equal(fault, e.Fault);
        return e;
    }
}
