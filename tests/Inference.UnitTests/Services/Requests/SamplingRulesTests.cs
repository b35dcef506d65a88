using Inference.Errors;
using Inference.Services.Requests;
using Inference.V1;

namespace Inference.UnitTests.Services.Requests;

public sealed class SamplingRulesTests
{
    public static TheoryData<string, SamplingOptions> OutOfRange => new()
    {
        { "options.temperature", new() { Temperature = -0.1f } },
        { "options.temperature", new() { Temperature = float.NaN } },
        { "options.temperature", new() { Temperature = float.PositiveInfinity } },
        { "options.top_k", new() { TopK = -1 } },
        { "options.top_p", new() { TopP = 1.01f } },
        { "options.top_p", new() { TopP = -0.01f } },
        { "options.min_p", new() { MinP = 2 } },
        { "options.typical_p", new() { TypicalP = -1 } },
        { "options.repeat_last_n", new() { RepeatLastN = -2 } },
        { "options.repeat_penalty", new() { RepeatPenalty = 0 } },
        { "options.presence_penalty", new() { PresencePenalty = 2.5f } },
        { "options.frequency_penalty", new() { FrequencyPenalty = -2.5f } },
        { "options.seed", new() { Seed = -2 } },
        { "options.seed", new() { Seed = 1L << 32 } },
        { "options.num_predict", new() { NumPredict = -2 } },
        { "options.num_keep", new() { NumKeep = -2 } },
        { "options.stop.sequences", new() { Stop = new() { Sequences = { Enumerable.Repeat("x", 65) } } } },
        { "options.stop.sequences[1]", new() { Stop = new() { Sequences = { "a", "" } } } },
        { "options.logit_bias[7]", new() { LogitBias = { [7] = 101 } } },
        { "options.logit_bias[-1]", new() { LogitBias = { [-1] = 1 } } },
        { "options.top_n_sigma", new() { TopNSigma = -1 } },
        { "options.xtc.probability", new() { Xtc = new() { Probability = 1.5f } } },
        { "options.xtc.threshold", new() { Xtc = new() { Threshold = 0.6f } } },
        { "options.dry.multiplier", new() { Dry = new() { Multiplier = -1 } } },
        { "options.dry.base", new() { Dry = new() { Base = 0.9f } } },
        { "options.dry.allowed_length", new() { Dry = new() { AllowedLength = -1 } } },
        { "options.dry.penalty_last_n", new() { Dry = new() { PenaltyLastN = -2 } } },
        { "options.dry.sequence_breakers", new() { Dry = new() { SequenceBreakers = { "" } } } },
    };

    public static TheoryData<SamplingOptions> AtTheEdge =>
    [
        new SamplingOptions(),
        new SamplingOptions { Temperature = 0, TopK = 0, TopP = 0, MinP = 0, TypicalP = 0, RepeatLastN = -1, RepeatPenalty = 0.01f, PresencePenalty = -2, FrequencyPenalty = -2, Seed = -1, NumPredict = -1, NumKeep = -1 },
        new SamplingOptions { TopP = 1, MinP = 1, TypicalP = 1, PresencePenalty = 2, FrequencyPenalty = 2, Seed = uint.MaxValue, NumPredict = 0, NumKeep = 0 },
        new SamplingOptions { Stop = new() { Sequences = { Enumerable.Range(0, 64).Select(static i => $"{i}") } }, LogitBias = { [0] = -100, [1] = 100 } },
        new SamplingOptions { TopNSigma = 0, Xtc = new() { Probability = 1, Threshold = 0.5f }, Dry = new() { Multiplier = 0, Base = 1, AllowedLength = 0, PenaltyLastN = -1 } },
    ];

    [Theory]
    [MemberData(nameof(OutOfRange))]
    public void Check_OutOfRange_NamesTheField(string field, SamplingOptions options)
    {
        var errors = new FieldErrors();
        options.Check(errors, lenient: false);

        var error = Assert.Throws<InferenceException>(errors.Check).Error;
        Assert.Equal(Catalogue.FieldInvalid, error.Kind);
        Assert.Equal(field, error.Facts["field"]);
    }

    [Theory]
    [MemberData(nameof(AtTheEdge))]
    public void Check_AtTheEdge_Passes(SamplingOptions options)
    {
        var errors = new FieldErrors();
        options.Check(errors, lenient: false);
        errors.Check();
    }

    [Fact]
    public void Check_SeveralWrong_ReportsAllAtOnce()
    {
        var errors = new FieldErrors();
        new SamplingOptions { TopP = 3, Temperature = -1, NumPredict = -7 }.Check(errors, lenient: false);

        Assert.Equal(
            ["options.temperature", "options.top_p", "options.num_predict"],
            Assert.Throws<InferenceException>(errors.Check).Error.Violations.Select(static v => v.Field));
    }

    [Fact]
    public void Check_LenientDoor_MayStopAtAnEmptyText()
    {
        var errors = new FieldErrors();
        new SamplingOptions { Stop = new() { Sequences = { "" } } }.Check(errors, lenient: true);
        errors.Check();
    }
}
