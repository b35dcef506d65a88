using Inference.Llama;
using Inference.Runtime;

namespace Inference.UnitTests.Runtime.Scheduling;

/// <summary>What comes out: stop texts, whole characters, log-probabilities, repetition.</summary>
public sealed class EngineTextTests(Toy toy) : IClassFixture<Toy>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pieces_StopTextOverSeveralTokens_IsLeftOut()
    {
        using var engine = toy.Start();
        var full = await engine.Submit(toy.Endless("Once upon a time", 40), Ct).TextAsync();
        var stop = full.Substring(20, 9);
        var output = engine.Submit(toy.Endless("Once upon a time", 40) with { Stop = ["nowhere in it", stop] }, Ct);

        Assert.Equal(full[..full.IndexOf(stop, StringComparison.Ordinal)], await output.TextAsync());
        Assert.Equal((StopReason.StopSequence, stop), (output.Result!.Reason, output.Result.StopSequence));
        Assert.InRange(output.Result.GeneratedTokens, 2, 39);
    }

    [Fact]
    public async Task Pieces_EmptyStopText_EndsAtTheFirstToken()
    {
        using var engine = toy.Start();
        var output = engine.Submit(toy.Ask("Once upon a time") with { Stop = [""] }, Ct);

        Assert.Equal("", await output.TextAsync());
        Assert.Equal((StopReason.StopSequence, "", 1), (output.Result!.Reason, output.Result.StopSequence, output.Result.GeneratedTokens));
    }

    [Fact]
    public async Task Pieces_CharactersOfSeveralTokens_ComeWhole()
    {
        using var engine = toy.Start();
        var spec = toy.Ask("Say:", 60);
        var output = engine.Submit(spec with { Sampling = spec.Sampling with { Grammar = "root ::= \"\u65E5\u672C\U0001F600\u20AC\"" } }, Ct);
        var pieces = await output.AllAsync();

        Assert.Equal("\u65E5\u672C\U0001F600\u20AC", string.Concat(pieces.Select(static p => p.Text)));
        Assert.True(output.Result!.GeneratedTokens > 4, "the vocabulary has no token of a whole one");
        Assert.All(pieces, static p => Assert.DoesNotContain('\uFFFD', p.Text));
        Assert.All(pieces, static p => Assert.False(p.Text.Length > 0 && char.IsHighSurrogate(p.Text[^1])));
    }

    [Fact]
    public async Task Pieces_Repetition_EndsItWithoutTheTokenThatIsTooMany()
    {
        using var engine = toy.Start();
        var ha = toy.Model.Vocabulary.Tokenize("a", addSpecial: false, parseSpecial: false)[0];
        var sampling = new SamplingParameters { Temperature = 0, LogitBias = new Dictionary<int, float> { [ha] = 1000 } };
        var output = engine.Submit(toy.Ask("Say a", 100) with { Sampling = sampling, StopRepetition = true }, Ct);

        Assert.Equal(new string('a', 31), await output.TextAsync());
        Assert.Equal((StopReason.Repetition, 31), (output.Result!.Reason, output.Result.GeneratedTokens));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public async Task Pieces_Logprobs_AreOfTheModelAndNotOfTheSamplers(int top)
    {
        using var engine = toy.Start();
        var spec = toy.Ask("Once upon a time", 12) with { TopLogprobs = top };
        var output = engine.Submit(spec, Ct);
        var pieces = await output.AllAsync();
        var logprobs = pieces.SelectMany(static p => p.Logprobs ?? []).ToArray();

        Assert.Equal(output.Result!.Generated, logprobs.Select(static l => l.Token));
        Assert.All(pieces, static p => Assert.Equal(p.Tokens, p.Logprobs?.Count ?? 0));
        Assert.All(logprobs, l =>
        {
            Assert.True(l.Logprob <= 0);
            Assert.Equal(engine.Piece(l.Token, renderSpecial: false), l.Bytes);
            Assert.Equal(top, l.Top.Count);
            Assert.Equal(l.Top.OrderByDescending(static t => t.Logprob), l.Top);
            Assert.All(l.Top, static t => Assert.Empty(t.Top));
            if (top > 0)
            {
                Assert.Equal((l.Token, l.Logprob), (l.Top[0].Token, l.Top[0].Logprob)); // greedy: the likeliest
            }
        });

        var hot = spec with { Sampling = new SamplingParameters { Temperature = 2, TopK = 2, Seed = 3, LogitBias = new Dictionary<int, float> { [300] = 5 } }, MaxTokens = 1 };
        var heated = (await engine.Submit(hot, Ct).AllAsync())[0].Logprobs![0];
        Assert.Equal(logprobs[0].Top.Select(static t => t.Logprob), heated.Top.Select(static t => t.Logprob));
    }

    [Fact]
    public async Task Pieces_AllAlternatives_AddUpToOne()
    {
        using var engine = toy.Start();
        var output = engine.Submit(toy.Ask("Once upon a time", 1) with { TopLogprobs = int.MaxValue }, Ct);
        var top = (await output.AllAsync())[0].Logprobs![0].Top;

        Assert.Equal(toy.Model.Vocabulary.Size, top.Count);
        Assert.Equal(1, top.Sum(static t => Math.Exp(t.Logprob)), 1e-4);
    }

    [Fact]
    public async Task Pieces_Logprobs_DoNotChangeTheText()
    {
        using var engine = toy.Start();
        var plain = await engine.Submit(toy.Ask("Once upon a time"), Ct).TextAsync();

        Assert.Equal(plain, await engine.Submit(toy.Ask("Once upon a time") with { TopLogprobs = 3 }, Ct).TextAsync());
    }

    [Fact]
    public async Task Pieces_ControlTokens_AreWrittenOnlyForThoseWhoAsk()
    {
        using var engine = toy.Start();
        var start = toy.Model.Vocabulary.Tokenize("<|im_start|>", addSpecial: false, parseSpecial: true).Single();
        var spec = toy.Ask("Say:", 1) with { Sampling = new SamplingParameters { Temperature = 0, LogitBias = new Dictionary<int, float> { [start] = 1000 } } };

        Assert.Equal("", await engine.Submit(spec, Ct).TextAsync());
        Assert.Equal("<|im_start|>", await engine.Submit(spec with { RenderSpecial = true }, Ct).TextAsync());
    }

    [Fact]
    public async Task Submit_RepeatPenalty_CountsThePromptAsWell()
    {
        using var engine = toy.Start();
        var prompt = toy.Ask("The cat", 1);
        var said = prompt.Prompt[^1];
        var plain = prompt with { Sampling = new SamplingParameters { Temperature = 0, LogitBias = new Dictionary<int, float> { [said] = 100 } } };
        var penalized = plain with { Sampling = plain.Sampling with { PresencePenalty = 1000 } };

        Assert.Equal(said, await OnlyAsync(plain));
        Assert.NotEqual(said, await OnlyAsync(penalized));

        async Task<int> OnlyAsync(GenerationSpec spec)
        {
            var output = engine.Submit(spec, Ct);
            await output.AllAsync();
            return output.Result!.Generated.Single();
        }
    }
}
