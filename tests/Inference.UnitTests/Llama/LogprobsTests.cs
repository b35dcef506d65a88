using Inference.Llama;
using Inference.TestKit;

namespace Inference.UnitTests.Llama;

public sealed class LogprobsTests
{
    [Fact]
    public void Of_MatchesTheDefinition()
    {
        var logits = Enumerable.Range(0, 5000).Select(i => MathF.Sin(i) * 20).ToArray(); // several chunks, and one that is not full
        var normalizer = Math.Log(logits.Sum(l => Math.Exp(l)));
        var expected = logits.Select((l, i) => (Token: i, Logprob: l - normalizer)).OrderByDescending(t => t.Logprob).ThenBy(t => t.Token).Take(20).ToArray();

        var actual = Logprobs.Of(logits, 4711, 20);

        Assert.Equal(logits[4711] - normalizer, actual.Logprob, 5);
        Assert.Equal(expected.Select(e => e.Token), actual.Top.Select(t => t.Token));
        Assert.All(expected.Zip(actual.Top), pair => Assert.Equal(pair.First.Logprob, pair.Second.Logprob, 5));
    }

    [Fact]
    public void Of_Equals_LowerIdFirst() =>
        Assert.Equal([1, 3, 0], Logprobs.Of([0, 1, 0, 1, -1], 0, 3).Top.Select(t => t.Token));

    [Fact]
    public void Of_ScoresFarApart_DoNotOverflow()
    {
        var logprobs = Logprobs.Of([1000, -1000, float.NegativeInfinity], 0, 3);
        Assert.Equal(0, logprobs.Logprob, 6);
        Assert.Equal(-2000, logprobs.Top[1].Logprob, 3);
        Assert.Equal(double.NegativeInfinity, logprobs.Top[2].Logprob);
    }

    [Fact]
    public void Of_NoneOnTop_TellsTheChosenOnly() => Assert.Empty(Logprobs.Of([0, 1], 1, 0).Top);

    [Fact]
    public void Of_MoreOnTopThanTokens_TellsAll() => Assert.Equal(2, Logprobs.Of([0, 1], 1, 20).Top.Count);

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Of_NotNumbers_IsAFailedComputation(float bad) =>
        Toy.Throws(LlamaFault.Compute, () => Logprobs.Of([0, bad, 1], 0, 1));

    [Fact]
    public void Of_NothingPossible_IsAFailedComputation() =>
        Toy.Throws(LlamaFault.Compute, () => Logprobs.Of([float.NegativeInfinity, float.NegativeInfinity], 0, 1));

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(2, 0)]
    [InlineData(0, -1)]
    public void Of_ArgumentsOutOfRange_Throws(int token, int top) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Logprobs.Of([0, 1], token, top));

    [Fact]
    public void Of_LargeVocabulary_AllocatesTheResultOnly()
    {
        var logits = new float[150_000];
        Assert.InRange(Allocation.Of(() => Logprobs.Of(logits, 0, 5)), 1, 512);
    }

    [Fact]
    public void Of_ARealRow_AddsUpToOne()
    {
        using var context = Toy.Context();
        var (row, _) = Toy.Feed(context, "The cat");
        var all = Logprobs.Of(context.Logits(row), 0, Toy.Vocabulary.Size);
        Assert.Equal(1, all.Top.Sum(t => Math.Exp(t.Logprob)), 5);
    }
}
