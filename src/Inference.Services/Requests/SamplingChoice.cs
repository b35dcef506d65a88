using System.Security.Cryptography;
using Inference.Errors;
using Inference.Llama;
using Inference.V1;

namespace Inference.Services.Requests;

/// <summary>How tokens are chosen and when to stop: the request's values, else the stored ones, else Ollama's defaults. Complete.</summary>
internal sealed record SamplingChoice
{
    // "No limit" still ends: Ollama's server/routes.go stops at ten times the context.
    private const int UnlimitedFactor = 10;

    private static readonly SamplingParameters Default = new(); // Ollama's api/types.go, DefaultOptions

    public required SamplingParameters Parameters { get; init; }

    /// <summary>-1 for no limit of one's own.</summary>
    public required int NumPredict { get; init; }

    /// <summary>-1 for the whole prompt.</summary>
    public required int NumKeep { get; init; }

    public required IReadOnlyList<string> Stop { get; init; }

    public static SamplingChoice Of(SamplingOptions? request, SamplingOptions stored, Warnings warnings)
    {
        var r = request ?? new SamplingOptions();
        var s = Clamped(stored, warnings);
        return new SamplingChoice
        {
            Parameters = new SamplingParameters
            {
                Temperature = r.HasTemperature ? r.Temperature : s.HasTemperature ? s.Temperature : Default.Temperature,
                TopK = r.HasTopK ? r.TopK : s.HasTopK ? s.TopK : Default.TopK,
                TopP = r.HasTopP ? r.TopP : s.HasTopP ? s.TopP : Default.TopP,
                MinP = r.HasMinP ? r.MinP : s.HasMinP ? s.MinP : Default.MinP,
                TypicalP = r.HasTypicalP ? r.TypicalP : s.HasTypicalP ? s.TypicalP : Default.TypicalP,
                RepeatLastN = r.HasRepeatLastN ? r.RepeatLastN : s.HasRepeatLastN ? s.RepeatLastN : Default.RepeatLastN,
                RepeatPenalty = r.HasRepeatPenalty ? r.RepeatPenalty : s.HasRepeatPenalty ? s.RepeatPenalty : Default.RepeatPenalty,
                PresencePenalty = r.HasPresencePenalty ? r.PresencePenalty : s.HasPresencePenalty ? s.PresencePenalty : Default.PresencePenalty,
                FrequencyPenalty = r.HasFrequencyPenalty ? r.FrequencyPenalty : s.HasFrequencyPenalty ? s.FrequencyPenalty : Default.FrequencyPenalty,
                Seed = SeedOf(r.HasSeed ? r.Seed : s.HasSeed ? s.Seed : -1),
                LogitBias = r.LogitBias.Count == 0 ? null : r.LogitBias.ToDictionary(static b => b.Key, static b => b.Value),
                TopNSigma = r.TopNSigma,
                Xtc = XtcOf(r.Xtc),
                Dry = DryOf(r.Dry),
            },
            NumPredict = r.HasNumPredict ? r.NumPredict : s.HasNumPredict ? s.NumPredict : -1,
            NumKeep = r.HasNumKeep ? r.NumKeep : s.HasNumKeep ? s.NumKeep : 4,
            Stop = [.. (r.Stop ?? s.Stop)?.Sequences ?? []],
        };
    }

    /// <summary>Tokens to generate at most, in a context of this length.</summary>
    public int MaxTokens(int contextLength, Warnings warnings)
    {
        var most = (int)Math.Min((long)contextLength * UnlimitedFactor, int.MaxValue);
        if (NumPredict > most)
        {
            warnings.Add(WarningCatalogue.OptionClamped("num_predict", NumPredict, most));
        }

        return NumPredict < 0 ? most : Math.Min(NumPredict, most);
    }

    /// <summary>The parameters for a context of this length and a vocabulary of this size.</summary>
    /// <exception cref="InferenceException">TOKEN_OUT_OF_RANGE.</exception>
    public SamplingParameters For(int contextLength, int vocabularySize, string? grammar)
    {
        if (Parameters.LogitBias is { } bias)
        {
            int[] tokens = [.. bias.Keys];
            FieldPaths.CheckTokens(tokens, vocabularySize, i => $"options.logit_bias[{tokens[i]}]");
        }

        return Parameters with
        {
            RepeatLastN = Window(Parameters.RepeatLastN),
            Dry = Parameters.Dry is { } dry ? dry with { PenaltyLastN = Window(dry.PenaltyLastN) } : null,
            Grammar = grammar,
        };

        int Window(int tokens) => tokens < 0 ? contextLength : Math.Min(tokens, contextLength);
    }

    // -1, and anything below it that is stored, draws one; numbers too large keep their low 32 bits, as in llama-server.
    private static uint SeedOf(long seed) => seed < 0 ? BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(sizeof(uint))) : unchecked((uint)seed);

    private static XtcParameters? XtcOf(XtcOptions? xtc) => xtc is null ? null : new XtcParameters
    {
        Probability = xtc.HasProbability ? xtc.Probability : new XtcParameters().Probability,
        Threshold = xtc.HasThreshold ? xtc.Threshold : new XtcParameters().Threshold,
    };

    // -1 is the context length, which is known later.
    private static DryParameters? DryOf(DryOptions? dry) => dry is null ? null : new DryParameters
    {
        Multiplier = dry.HasMultiplier ? dry.Multiplier : new DryParameters().Multiplier,
        Base = dry.HasBase ? dry.Base : new DryParameters().Base,
        AllowedLength = dry.HasAllowedLength ? dry.AllowedLength : new DryParameters().AllowedLength,
        PenaltyLastN = dry.HasPenaltyLastN ? dry.PenaltyLastN : -1,
        SequenceBreakers = [.. dry.SequenceBreakers],
    };

    // Stored values are not the caller's mistake: they are moved into their ranges, and that is said.
    private static SamplingOptions Clamped(SamplingOptions stored, Warnings warnings)
    {
        var s = stored.Clone();
        if (s.HasTemperature) s.Temperature = Clamp("temperature", s.Temperature, 0, float.MaxValue, warnings);
        if (s.HasTopK) s.TopK = (int)Clamp("top_k", s.TopK, 0, int.MaxValue, warnings);
        if (s.HasTopP) s.TopP = Clamp("top_p", s.TopP, 0, 1, warnings);
        if (s.HasMinP) s.MinP = Clamp("min_p", s.MinP, 0, 1, warnings);
        if (s.HasTypicalP) s.TypicalP = Clamp("typical_p", s.TypicalP, 0, 1, warnings);
        if (s.HasRepeatLastN) s.RepeatLastN = (int)Clamp("repeat_last_n", s.RepeatLastN, -1, int.MaxValue, warnings);
        if (s.HasRepeatPenalty) s.RepeatPenalty = Clamp("repeat_penalty", s.RepeatPenalty, 0.01f, float.MaxValue, warnings);
        if (s.HasPresencePenalty) s.PresencePenalty = Clamp("presence_penalty", s.PresencePenalty, -2, 2, warnings);
        if (s.HasFrequencyPenalty) s.FrequencyPenalty = Clamp("frequency_penalty", s.FrequencyPenalty, -2, 2, warnings);
        if (s.HasNumPredict) s.NumPredict = (int)Clamp("num_predict", s.NumPredict, -1, int.MaxValue, warnings);
        if (s.HasNumKeep) s.NumKeep = (int)Clamp("num_keep", s.NumKeep, -1, int.MaxValue, warnings);
        return s;
    }

    private static float Clamp(string option, float value, float least, float most, Warnings warnings)
    {
        var clamped = Math.Clamp(value, least, most);
        if (clamped != value)
        {
            warnings.Add(WarningCatalogue.OptionClamped(option, value, clamped));
        }

        return clamped;
    }
}
