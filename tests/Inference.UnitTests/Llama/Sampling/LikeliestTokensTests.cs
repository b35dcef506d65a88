using Inference.Llama;
using Inference.Llama.Interop;

namespace Inference.UnitTests.Llama.Sampling;

public sealed class LikeliestTokensTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    [InlineData(128)]
    [InlineData(5_000)]
    public void Select_IsAsSorting(int count)
    {
        var random = new Random(count);
        var logits = Enumerable.Range(0, 5_000).Select(_ => random.Next(1_000) / 10f).ToArray(); // with many equals
        var kept = new NativeCandidate[count];
        LikeliestTokens.Select(logits, kept);
        var expected = logits.Select((l, i) => (l, i)).OrderByDescending(t => t.l).ThenBy(t => t.i).Take(count);
        Assert.Equal(expected, kept.Select(k => (k.Logit, k.Token)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(999)]
    public void Select_NoNumberAnywhere_IsAFailedComputation(int place)
    {
        var logits = new float[1_000];
        logits[place] = float.NaN;
        Toy.Throws(LlamaFault.Compute, () => LikeliestTokens.Select(logits, new NativeCandidate[5]));
        Toy.Throws(LlamaFault.Compute, () => LikeliestTokens.Select(logits, []));
    }

    [Fact]
    public void Select_FewPossible_PutsTheImpossibleLast()
    {
        var kept = new NativeCandidate[3];
        LikeliestTokens.Select([float.NegativeInfinity, 1, float.NegativeInfinity, 2], kept);
        Assert.Equal([3, 1, 0], kept.Select(k => k.Token));
    }

    [Fact]
    public void Next_FromTheLikeliest_IsWhatLlamaCppChoosesFromAll()
    {
        using var context = Toy.Context();
        var (row, _) = Toy.Feed(context, "Once upon a time");
        for (uint seed = 0; seed < 50; seed++)
        {
            var sampling = new SamplingParameters { Temperature = 1.5f, TopP = 0.95f, MinP = 0.01f, TypicalP = 0.9f, Seed = seed, Xtc = new XtcParameters() };
            using var ours = new SamplerChain(Toy.Model, sampling);
            using var theirs = ChainBuilder.Build(Toy.Model, sampling);
            var all = context.Candidates.All(context.Logits(row));
            theirs.Apply(ref all);
            Assert.Equal(Chosen(all), ours.Next(context, row));
        }
    }

    private static int Chosen(NativeCandidates candidates) => candidates.TokenAt(candidates.Selected);
}
