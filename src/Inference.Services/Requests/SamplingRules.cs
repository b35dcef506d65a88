using Inference.Errors;
using Inference.Llama;
using Inference.V1;

namespace Inference.Services.Requests;

/// <summary>The ranges that options.proto states.</summary>
internal static class SamplingRules
{
    private const int MostStops = 64;
    private const string Path = "options";

    /// <summary>Reports everything that a request may not ask for.</summary>
    public static void Check(this SamplingOptions o, FieldErrors errors, bool lenient)
    {
        if (o.HasTemperature) Within(errors, "temperature", o.Temperature, 0, float.MaxValue, "must be 0 or more");
        if (o.HasTopK) Least(errors, "top_k", o.TopK, 0);
        if (o.HasTopP) Share(errors, "top_p", o.TopP);
        if (o.HasMinP) Share(errors, "min_p", o.MinP);
        if (o.HasTypicalP) Share(errors, "typical_p", o.TypicalP);
        if (o.HasRepeatLastN) Least(errors, "repeat_last_n", o.RepeatLastN, -1);
        if (o.HasRepeatPenalty) Within(errors, "repeat_penalty", o.RepeatPenalty, float.Epsilon, float.MaxValue, "must be above 0");
        if (o.HasPresencePenalty) Within(errors, "presence_penalty", o.PresencePenalty, -2, 2, "must be between -2 and 2");
        if (o.HasFrequencyPenalty) Within(errors, "frequency_penalty", o.FrequencyPenalty, -2, 2, "must be between -2 and 2");
        if (o.HasSeed && o.Seed is < -1 or > uint.MaxValue) errors.Invalid($"{Path}.seed", o.Seed, "must be between -1 and 4294967295");
        if (o.HasNumPredict) Least(errors, "num_predict", o.NumPredict, -1);
        if (o.HasNumKeep) Least(errors, "num_keep", o.NumKeep, -1);
        if (o.HasTopNSigma) Within(errors, "top_n_sigma", o.TopNSigma, 0, float.MaxValue, "must be 0 or more");
        CheckStops(o, errors, lenient);
        CheckBias(o, errors);
        CheckXtc(o, errors);
        CheckDry(o, errors);
    }

    private static void CheckStops(SamplingOptions o, FieldErrors errors, bool lenient)
    {
        var stops = o.Stop?.Sequences ?? [];
        if (lenient)
        {
            return;
        }

        if (stops.Count > MostStops)
        {
            errors.Invalid($"{Path}.stop.sequences", stops.Count, $"must be at most {MostStops} texts");
        }

        for (var i = 0; i < Math.Min(stops.Count, MostStops); i++)
        {
            if (stops[i].Length == 0)
            {
                errors.Invalid($"{Path}.stop.sequences[{i}]", "", "must not be empty");
            }
        }
    }

    private static void CheckBias(SamplingOptions o, FieldErrors errors)
    {
        foreach (var (token, bias) in o.LogitBias)
        {
            if (token < 0)
            {
                errors.Invalid($"{Path}.logit_bias[{token}]", token, "must be the id of a token");
            }

            Within(errors, $"logit_bias[{token}]", bias, -100, 100, "must be between -100 and 100");
        }
    }

    private static void CheckXtc(SamplingOptions o, FieldErrors errors)
    {
        if (o.Xtc is { HasProbability: true } p) Share(errors, "xtc.probability", p.Probability);
        if (o.Xtc is { HasThreshold: true } t) Within(errors, "xtc.threshold", t.Threshold, 0, 0.5f, "must be between 0 and 0.5");
    }

    private static void CheckDry(SamplingOptions o, FieldErrors errors)
    {
        if (o.Dry is not { } dry)
        {
            return;
        }

        if (dry.HasMultiplier) Within(errors, "dry.multiplier", dry.Multiplier, 0, float.MaxValue, "must be 0 or more");
        if (dry.HasBase) Within(errors, "dry.base", dry.Base, 1, float.MaxValue, "must be 1 or more");
        if (dry.HasAllowedLength) Least(errors, "dry.allowed_length", dry.AllowedLength, 0);
        if (dry.HasPenaltyLastN) Least(errors, "dry.penalty_last_n", dry.PenaltyLastN, -1);
        if (dry.SequenceBreakers.Count > DryParameters.MostBreakers)
        {
            errors.Invalid($"{Path}.dry.sequence_breakers", dry.SequenceBreakers.Count, $"must be at most {DryParameters.MostBreakers} texts");
        }

        if (dry.SequenceBreakers.Any(static b => b.Length is 0 or > DryParameters.LongestBreaker || b.Contains('\0')))
        {
            errors.Invalid($"{Path}.dry.sequence_breakers", "", $"must be texts of 1 to {DryParameters.LongestBreaker} characters");
        }
    }

    private static void Share(FieldErrors errors, string name, float value) => Within(errors, name, value, 0, 1, "must be between 0 and 1");

    private static void Least(FieldErrors errors, string name, int value, int least)
    {
        if (value < least)
        {
            errors.Invalid($"{Path}.{name}", value, $"must be {least} or more");
        }
    }

    // NaN is in no range.
    private static void Within(FieldErrors errors, string name, float value, float least, float most, string expectation)
    {
        if (!(value >= least && value <= most))
        {
            errors.Invalid($"{Path}.{name}", value, expectation);
        }
    }
}
