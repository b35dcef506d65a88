namespace Inference.Llama;

/// <summary>Numbers that the natives would hang on, or carry into every score.</summary>
internal static class SamplingGuard
{
    public const int LongestWindow = 65_536; // the native ring allocates what it is told to: int.MaxValue hangs

    public static void Check(SamplingParameters p)
    {
        Finite(p.Temperature, nameof(p.Temperature));
        Finite(p.TopP, nameof(p.TopP));
        Finite(p.MinP, nameof(p.MinP));
        Finite(p.TypicalP, nameof(p.TypicalP));
        Finite(p.TopNSigma, nameof(p.TopNSigma));
        Finite(p.PresencePenalty, nameof(p.PresencePenalty));
        Finite(p.FrequencyPenalty, nameof(p.FrequencyPenalty));
        Require(float.IsFinite(p.RepeatPenalty) && p.RepeatPenalty > 0, nameof(p.RepeatPenalty));
        Require(p.RepeatLastN >= 0, nameof(p.RepeatLastN));
        Require(p.LogitBias is null || p.LogitBias.Values.All(b => !float.IsNaN(b) && b <= MostBias), nameof(p.LogitBias));
        if (p.Xtc is { } xtc)
        {
            Finite(xtc.Probability, nameof(xtc.Probability));
            Finite(xtc.Threshold, nameof(xtc.Threshold));
        }

        if (p.Dry is { } dry)
        {
            CheckDry(dry);
        }
    }

    private const float MostBias = 1e6f; // the contract's is 100; far from where a sum is no longer finite

    private static void CheckDry(DryParameters dry)
    {
        Finite(dry.Multiplier, nameof(dry.Multiplier));
        Require(float.IsFinite(dry.Base) && dry.Base >= 1, nameof(dry.Base));
        Require(dry.AllowedLength >= 0, nameof(dry.AllowedLength));
        Require(dry.PenaltyLastN >= 0, nameof(dry.PenaltyLastN));
        Require(dry.SequenceBreakers.Count <= DryParameters.MostBreakers, nameof(dry.SequenceBreakers));
        Require(dry.SequenceBreakers.All(b => b.Length is > 0 and <= DryParameters.LongestBreaker && !b.Contains('\0', StringComparison.Ordinal)), nameof(dry.SequenceBreakers));
    }

    private static void Finite(float value, string name) => Require(float.IsFinite(value), name);

    private static void Require(bool condition, string name)
    {
        if (!condition)
        {
            throw new ArgumentOutOfRangeException(name);
        }
    }
}
