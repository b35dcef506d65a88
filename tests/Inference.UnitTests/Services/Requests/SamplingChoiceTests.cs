using Inference.Errors;
using Inference.Services;
using Inference.Services.Requests;
using Inference.V1;

namespace Inference.UnitTests.Services.Requests;

public sealed class SamplingChoiceTests
{
    private readonly Warnings _warnings = new();

    [Fact]
    public void Of_Nothing_IsOllamasDefaults()
    {
        var choice = SamplingChoice.Of(null, new SamplingOptions(), _warnings);

        var p = choice.Parameters;
        Assert.Equal((0.8f, 40, 0.9f, 0f, 1f), (p.Temperature, p.TopK, p.TopP, p.MinP, p.TypicalP));
        Assert.Equal((64, 1f, 0f, 0f), (p.RepeatLastN, p.RepeatPenalty, p.PresencePenalty, p.FrequencyPenalty));
        Assert.Equal((-1, 4, 0), (choice.NumPredict, choice.NumKeep, choice.Stop.Count));
        Assert.Empty(_warnings.Items);
    }

    [Fact]
    public void Of_RequestAndStored_TakesRequestFirst()
    {
        var choice = SamplingChoice.Of(
            new SamplingOptions { Temperature = 0, NumPredict = 7 },
            new SamplingOptions { Temperature = 1, TopK = 5, NumPredict = 9, Stop = new() { Sequences = { "end" } } },
            _warnings);

        Assert.Equal((0f, 5, 7), (choice.Parameters.Temperature, choice.Parameters.TopK, choice.NumPredict));
        Assert.Equal(["end"], choice.Stop);
    }

    [Fact]
    public void Of_EmptyStop_RemovesTheStoredOnes() =>
        Assert.Empty(SamplingChoice.Of(new SamplingOptions { Stop = new() }, new SamplingOptions { Stop = new() { Sequences = { "end" } } }, _warnings).Stop);

    [Fact]
    public void Of_StoredOutOfRange_IsMovedAndTold()
    {
        var choice = SamplingChoice.Of(null, new SamplingOptions { TopP = 7, Temperature = -1 }, _warnings);

        Assert.Equal((1f, 0f), (choice.Parameters.TopP, choice.Parameters.Temperature));
        Assert.Equal(["temperature", "top_p"], _warnings.Items.Select(static w => w.Metadata["option"]));
        Assert.All(_warnings.Items, static w => Assert.Equal(WarningReason.OptionClamped, w.Reason));
    }

    [Fact]
    public void Of_Seed_IsTakenOrDrawn()
    {
        Assert.Equal(42u, Of(new() { Seed = 42 }).Parameters.Seed);
        Assert.Equal(uint.MaxValue, Of(new() { Seed = uint.MaxValue }).Parameters.Seed);
        Assert.NotEqual(Of(new() { Seed = -1 }).Parameters.Seed, Of(new() { Seed = -1 }).Parameters.Seed);
        Assert.Equal(7u, SamplingChoice.Of(null, new() { Seed = 7 }, _warnings).Parameters.Seed);
    }

    [Theory]
    [InlineData(-1, 640, false)]
    [InlineData(0, 0, false)]
    [InlineData(5, 5, false)]
    [InlineData(640, 640, false)]
    [InlineData(641, 640, true)]
    public void MaxTokens_IsBoundByTenContexts(int numPredict, int expected, bool warns)
    {
        Assert.Equal(expected, Of(new() { NumPredict = numPredict }).MaxTokens(64, _warnings));
        Assert.Equal(warns, _warnings.Items.Count == 1);
    }

    [Theory]
    [InlineData(-1, 64)]
    [InlineData(0, 0)]
    [InlineData(10, 10)]
    [InlineData(1000, 64)]
    public void For_Window_EndsAtTheContext(int repeatLastN, int expected)
    {
        var parameters = Of(new() { RepeatLastN = repeatLastN, Dry = new() { PenaltyLastN = repeatLastN } }).For(64, 10, grammar: "root ::= \"x\"");

        Assert.Equal((expected, expected, "root ::= \"x\""), (parameters.RepeatLastN, parameters.Dry!.PenaltyLastN, parameters.Grammar));
    }

    [Fact]
    public void For_BiasOfNoToken_IsRefused()
    {
        var choice = Of(new() { LogitBias = { [9] = 1, [10] = 1 } });

        choice.For(64, 11, null);
        Assert.Equal(Catalogue.TokenOutOfRange, Assert.Throws<InferenceException>(() => choice.For(64, 10, null)).Error.Kind);
    }

    [Fact]
    public void Of_XtcAndDry_TakeTheContractsDefaults()
    {
        var p = Of(new() { Xtc = new(), Dry = new(), TopNSigma = 1.5f }).For(64, 10, null);

        Assert.Equal((0.5f, 0.1f, 1.5f), (p.Xtc!.Probability, p.Xtc.Threshold, p.TopNSigma));
        Assert.Equal((0.8f, 1.75f, 2, 64), (p.Dry!.Multiplier, p.Dry.Base, p.Dry.AllowedLength, p.Dry.PenaltyLastN));
    }

    private SamplingChoice Of(SamplingOptions request) => SamplingChoice.Of(request, new SamplingOptions(), _warnings);
}
