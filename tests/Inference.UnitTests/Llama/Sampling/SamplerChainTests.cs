using Inference.Llama;

namespace Inference.UnitTests.Llama.Sampling;

public sealed class SamplerChainTests
{
    private const string Prompt = "Once upon a time";

    [Fact]
    public void Next_Greedy_IsTheSameTwiceAndTheLikeliest()
    {
        using var context = Toy.Context();
        var (row, _) = Toy.Feed(context, Prompt);
        var best = Logprobs.Of(context.Logits(row), 0, 1).Top[0].Token;
        using var chain = new SamplerChain(Toy.Model, Toy.Greedy);
        Assert.Equal(best, chain.Next(context, row));
        Assert.Equal(Toy.GenerateText(Toy.Greedy), Toy.GenerateText(Toy.Greedy));
    }

    /// <summary>Each leaves one token: what the greedy choice is.</summary>
    public static TheoryData<SamplingParameters> Narrow => new(
        new SamplingParameters { Temperature = 2, TopK = 1 },
        new SamplingParameters { Temperature = 2, TopK = 0, TopP = 0 },
        new SamplingParameters { Temperature = 2, TopK = 0, TopP = 1, MinP = 1 },
        new SamplingParameters { Temperature = 2, TopK = 0, TopP = 1, TopNSigma = 1e-6f },
        new SamplingParameters { Temperature = 1e-6f, TopK = 0, TopP = 1 },
        new SamplingParameters { Temperature = -1 },
        new SamplingParameters { Temperature = 0, TopK = 5, Xtc = new XtcParameters { Probability = 1, Threshold = 0 } });

    [Theory]
    [MemberData(nameof(Narrow))]
    public void Next_OptionThatLeavesOne_IsGreedy(SamplingParameters sampling) =>
        Assert.Equal(Toy.GenerateText(Toy.Greedy), Toy.GenerateText(sampling));

    /// <summary>Each changes something against sampling without any option.</summary>
    public static TheoryData<SamplingParameters> Acting => new(
        Free with { TopK = 2 },
        Free with { TopP = 0.3f },
        Free with { MinP = 0.3f },
        Free with { TypicalP = 0.2f },
        Free with { TopNSigma = 0.5f },
        Free with { Temperature = 0.3f },
        Free with { RepeatPenalty = 1.5f },
        Free with { PresencePenalty = 2 },
        Free with { FrequencyPenalty = 2 },
        Free with { Xtc = new XtcParameters { Probability = 1, Threshold = 0.05f } },
        Free with { Dry = new DryParameters { Multiplier = 5, AllowedLength = 0, SequenceBreakers = ["?"] } },
        Free with { Seed = 43 },
        Free with { LogitBias = new Dictionary<int, float> { [Toy.Tokens(",")[^1]] = 50 } },
        Free with { Grammar = "root ::= [a-z ]+" });

    private static SamplingParameters Free => new() { Temperature = 1.5f, TopK = 0, TopP = 1, Seed = 42 };

    [Theory]
    [MemberData(nameof(Acting))]
    public void Next_EachOption_Acts(SamplingParameters sampling)
    {
        var without = Toy.GenerateText(Free, most: 48);
        Assert.Equal(without, Toy.GenerateText(Free, most: 48));
        var with = Toy.GenerateText(sampling, most: 48);
        Assert.NotEqual(without, with);
        Assert.Equal(with, Toy.GenerateText(sampling, most: 48));
    }

    [Fact]
    public void Next_TopK_KeepsTheLikeliest()
    {
        using var context = Toy.Context();
        var (row, _) = Toy.Feed(context, Prompt);
        var top = Logprobs.Of(context.Logits(row), 0, 3).Top.Select(t => t.Token).ToHashSet();
        var seen = new HashSet<int>();
        for (uint seed = 0; seed < 64; seed++)
        {
            using var chain = new SamplerChain(Toy.Model, new SamplingParameters { Temperature = 5, TopK = 3, TopP = 1, Seed = seed });
            seen.Add(chain.Next(context, row));
        }

        Assert.Equal(top, seen);
    }

    [Theory]
    [InlineData(uint.MaxValue)] // which llama.cpp takes for "draw one"
    [InlineData(uint.MaxValue - 2)]
    [InlineData(0u)]
    public void Next_AnySeed_Repeats(uint seed)
    {
        var sampling = new SamplingParameters { Temperature = 3, TopK = 0, TopP = 1, Seed = seed, Xtc = new XtcParameters() };
        Assert.Equal(Toy.GenerateText(sampling), Toy.GenerateText(sampling));
    }

    [Fact]
    public void Next_Dry_HindersARepetitionAndHeedsBreakers()
    {
        using var context = Toy.Context();
        var (row, _) = Toy.Feed(context, "x");
        var cat = Toy.Vocabulary.Tokenize(" the cat the", addSpecial: false, parseSpecial: false);

        // "the cat the" wants "cat": the one token that the penalty hits, unless "the" breaks the repetition.
        int Choose(string[] breakers)
        {
            using var chain = new SamplerChain(Toy.Model, new SamplingParameters
            {
                Temperature = 0,
                Dry = new DryParameters { Multiplier = 1000, AllowedLength = 1, SequenceBreakers = breakers },
                LogitBias = new Dictionary<int, float> { [cat[1]] = 90 },
            });
            foreach (var token in cat)
            {
                chain.AcceptPrompt(token);
            }

            Toy.Feed(context, "x", sequence: 0);
            return chain.Next(context, row);
        }

        Assert.Equal(3, cat.Length);
        context.Clear();
        Assert.NotEqual(cat[1], Choose(["\n"]));
        context.Clear();
        Assert.Equal(cat[1], Choose([" the"]));
    }

    [Fact]
    public void AcceptPrompt_Penalties_KnowThePrompt()
    {
        using var context = Toy.Context();
        var (row, _) = Toy.Feed(context, Prompt);
        var best = Logprobs.Of(context.Logits(row), 0, 1).Top[0].Token;
        var penalized = Toy.Greedy with { PresencePenalty = 100 };
        using var knows = new SamplerChain(Toy.Model, penalized);
        knows.AcceptPrompt(best);
        using var knowsNot = new SamplerChain(Toy.Model, penalized);
        Assert.NotEqual(best, knows.Next(context, row));
        Assert.Equal(best, knowsNot.Next(context, row));
    }

    [Fact]
    public void Next_BiasOfMinusHundred_NeverProducesTheToken()
    {
        using var context = Toy.Context();
        var (row, _) = Toy.Feed(context, Prompt);
        var best = Logprobs.Of(context.Logits(row), 0, 1).Top[0].Token;
        var others = Enumerable.Range(0, Toy.Vocabulary.Size).Where(t => t != best);
        using var one = new SamplerChain(Toy.Model, new SamplingParameters { LogitBias = others.ToDictionary(t => t, _ => -100f) });
        Assert.Equal(best, one.Next(context, row));
    }

    [Fact]
    public void Next_Always_LeavesTheScoresAsTheyWere()
    {
        using var context = Toy.Context();
        var (row, _) = Toy.Feed(context, Prompt);
        var before = context.Logits(row).ToArray();
        using var chain = new SamplerChain(Toy.Model, new SamplingParameters { TopK = 0, RepeatPenalty = 1.2f, Grammar = "root ::= [a-z]+", LogitBias = new Dictionary<int, float> { [1] = -100, [2] = 5 } });
        chain.Next(context, row);
        Assert.Equal(before, context.Logits(row));
    }

    [Fact]
    public void Next_BiasAgainstAll_IsAnError()
    {
        using var context = Toy.Context();
        var (row, _) = Toy.Feed(context, Prompt);
        using var none = new SamplerChain(Toy.Model, new SamplingParameters { LogitBias = Enumerable.Range(0, Toy.Vocabulary.Size).ToDictionary(t => t, _ => -100f) });
        Toy.Throws(LlamaFault.Compute, () => none.Next(context, row));
    }

    [Fact]
    public void New_BiasOnForeignIds_IsPassedOver()
    {
        var foreign = new Dictionary<int, float> { [-1] = 5, [int.MaxValue] = 5, [Toy.Vocabulary.Size] = 5 };
        Assert.Equal(Toy.GenerateText(Toy.Greedy), Toy.GenerateText(Toy.Greedy with { LogitBias = foreign }));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Next_ScoresThatAreNoNumbers_AreAFailedComputation(float bad)
    {
        using var context = Toy.Context();
        var (row, _) = Toy.Feed(context, Prompt);
        context.Logits(row)[7] = bad;
        using var greedy = new SamplerChain(Toy.Model, Toy.Greedy);
        using var chain = new SamplerChain(Toy.Model, new SamplingParameters { Grammar = "root ::= [a-z]+" });
        Toy.Throws(LlamaFault.Compute, () => greedy.Next(context, row));
        Toy.Throws(LlamaFault.Compute, () => chain.Next(context, row));
        context.Logits(row).Fill(float.NegativeInfinity);
        Toy.Throws(LlamaFault.Compute, () => greedy.Next(context, row));
        Toy.Throws(LlamaFault.Compute, () => chain.Next(context, row));
    }

    public static TheoryData<SamplingParameters> Bad => new(
        new SamplingParameters { Temperature = float.NaN },
        new SamplingParameters { Temperature = float.PositiveInfinity },
        new SamplingParameters { TopP = float.NaN },
        new SamplingParameters { MinP = float.NegativeInfinity },
        new SamplingParameters { TypicalP = float.NaN },
        new SamplingParameters { TopNSigma = float.NaN },
        new SamplingParameters { RepeatPenalty = 0 },
        new SamplingParameters { RepeatPenalty = float.NaN },
        new SamplingParameters { PresencePenalty = float.NaN },
        new SamplingParameters { FrequencyPenalty = float.PositiveInfinity },
        new SamplingParameters { RepeatLastN = -1 },
        new SamplingParameters { LogitBias = new Dictionary<int, float> { [1] = float.NaN } },
        new SamplingParameters { LogitBias = new Dictionary<int, float> { [1] = float.PositiveInfinity } },
        new SamplingParameters { Xtc = new XtcParameters { Probability = float.NaN } },
        new SamplingParameters { Dry = new DryParameters { Base = 0 } },
        new SamplingParameters { Dry = new DryParameters { Multiplier = float.NaN } },
        new SamplingParameters { Dry = new DryParameters { AllowedLength = -1 } },
        new SamplingParameters { Dry = new DryParameters { PenaltyLastN = -1 } },
        new SamplingParameters { Dry = new DryParameters { SequenceBreakers = ["a\0b"] } },
        new SamplingParameters { Dry = new DryParameters { SequenceBreakers = [""] } },
        new SamplingParameters { Dry = new DryParameters { SequenceBreakers = [new string('a', 41)] } },
        new SamplingParameters { Dry = new DryParameters { SequenceBreakers = [.. Enumerable.Repeat("a", 33)] } });

    [Theory]
    [MemberData(nameof(Bad))]
    public void New_ParameterOutOfRange_Throws(SamplingParameters sampling) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new SamplerChain(Toy.Model, sampling));

    [Fact]
    public void New_LongestWindow_DoesNotHang() =>
        Assert.NotEmpty(Toy.GenerateText(new SamplingParameters { RepeatLastN = int.MaxValue, RepeatPenalty = 1.1f, Dry = new DryParameters { PenaltyLastN = int.MaxValue } }));

    [Fact]
    public void Next_Grammar_HoldsToTheEnd()
    {
        for (uint seed = 0; seed < 20; seed++)
        {
            var text = Toy.GenerateText(new SamplingParameters { Temperature = 2, Seed = seed, Grammar = "root ::= \"yes\" | \"no\" | \"per\" \"haps\"" });
            Assert.Matches("^(yes|no|perhaps)$", text);
        }
    }

    [Fact]
    public void Next_GrammarThatTheModelKeepsAnyway_ChangesNothing() =>
        Assert.Equal(Toy.GenerateText(Toy.Greedy), Toy.GenerateText(Toy.Greedy with { Grammar = "root ::= .*" }));

    [Theory]
    [InlineData("root ::= (")]
    [InlineData("root ::= \"a\"{1,0}")]
    [InlineData("")]
    [InlineData("root ::= root \"x\" | \"y\"")]
    public void New_GrammarThatCannotBeUsed_IsAnError(string grammar) =>
        Toy.Throws(LlamaFault.Grammar, () => new SamplerChain(Toy.Model, new SamplingParameters { Grammar = grammar }).Dispose());

    [Fact]
    public void Next_GrammarOverAndTokensForbidden_EndsTheText()
    {
        using var context = Toy.Context();
        using var chain = new SamplerChain(Toy.Model, new SamplingParameters { Temperature = 2, Grammar = "root ::= \"\"" });
        var (row, _) = Toy.Feed(context, Prompt);
        Assert.True(Toy.Vocabulary.IsEnd(chain.Next(context, row)));
    }

    [Fact]
    public void Next_GrammarThatTheModelCannotSpell_IsAnError()
    {
        // Only token 1535 may come, by its id, and the bias takes it away.
        using var context = Toy.Context();
        var (row, _) = Toy.Feed(context, Prompt);
        using var chain = new SamplerChain(Toy.Model, new SamplingParameters { Grammar = "root ::= <[1535]>", LogitBias = new Dictionary<int, float> { [1535] = -100 } });
        Toy.Throws(LlamaFault.Grammar, () => chain.Next(context, row));
    }

    [Fact]
    public void TryAccept_WhatTheGrammarForbids_ChangesNothing()
    {
        using var context = Toy.Context();
        var (row, _) = Toy.Feed(context, Prompt);
        using var chain = new SamplerChain(Toy.Model, new SamplingParameters { Grammar = "root ::= \"no\"" });
        Assert.False(chain.TryAccept(Toy.Tokens("x")[^1])); // accepted it would end the process
        Assert.False(chain.TryAccept(Toy.Vocabulary.Eos!.Value));
        Assert.True(chain.TryAccept(Toy.Vocabulary.Tokenize("n", addSpecial: false, parseSpecial: false)[0]));
        Assert.Equal("o", Toy.Vocabulary.Detokenize([chain.Next(context, row)], special: false));
        Assert.True(chain.TryAccept(Toy.Vocabulary.Eos!.Value));
    }

    [Fact]
    public void GrammarPaused_OutputIsFreeAndNotCounted()
    {
        using var context = Toy.Context();
        var (row, _) = Toy.Feed(context, Prompt);
        var best = Logprobs.Of(context.Logits(row), 0, 1).Top[0].Token;
        using var chain = new SamplerChain(Toy.Model, Toy.Greedy with { Grammar = "root ::= \"Q\"" }) { GrammarPaused = true };
        Assert.Equal(best, chain.Next(context, row));
        Assert.True(chain.TryAccept(best));
        chain.GrammarPaused = false;
        Assert.Equal("Q", Toy.Vocabulary.Detokenize([chain.Next(context, row)], special: false));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    public void Accept_IdOutOfRange_Throws(int token)
    {
        using var chain = new SamplerChain(Toy.Model, new SamplingParameters { Grammar = "root ::= [a-z]+", RepeatPenalty = 1.1f });
        Assert.Throws<ArgumentOutOfRangeException>(() => chain.AcceptPrompt(token));
        Assert.Throws<ArgumentOutOfRangeException>(() => chain.TryAccept(token));
    }

    [Fact]
    public void Next_AfterDispose_Throws()
    {
        using var context = Toy.Context();
        var (row, _) = Toy.Feed(context, Prompt);
        var chain = new SamplerChain(Toy.Model, new SamplingParameters { Grammar = "root ::= [a-z]+" });
        chain.Dispose();
        chain.Dispose();
        Assert.Throws<ObjectDisposedException>(() => chain.Next(context, row));
    }
}
