using System.Text.Json;
using Inference.Errors;
using Inference.V1;

namespace Inference.Services.Knowledge;

/// <summary>
/// The parameters stored with a model, typed. They are stored unvalidated, so the types are checked here, by Ollama's rules
/// (api/types.go, FromMap): numbers for numbers, fractions of integers cut off, null skipped, names case-sensitive.
/// </summary>
/// <param name="Sampling">Those that choose tokens; only the stored ones are set.</param>
/// <param name="Load">Those that load the model.</param>
/// <param name="Unknown">Names that no request can use.</param>
internal sealed record StoredParameters(SamplingOptions Sampling, LoadOptions Load, IReadOnlyList<string> Unknown)
{
    private static readonly Dictionary<string, Action<Target, JsonElement>> Setters = new(StringComparer.Ordinal)
    {
        ["num_ctx"] = static (t, v) => t.Load.NumCtx = Integer(v),
        ["num_batch"] = static (t, v) => t.Load.NumBatch = Integer(v),
        ["num_gpu"] = static (t, v) => t.Load.NumGpu = Integer(v),
        ["main_gpu"] = static (t, v) => t.Load.MainGpu = Integer(v),
        ["use_mmap"] = static (t, v) => t.Load.UseMmap = Boolean(v),
        ["num_thread"] = static (t, v) => t.Load.NumThread = Integer(v),
        ["draft_num_predict"] = static (t, v) => t.Load.DraftNumPredict = Integer(v),
        ["num_keep"] = static (t, v) => t.Sampling.NumKeep = Integer(v),
        ["seed"] = static (t, v) => t.Sampling.Seed = Long(v),
        ["num_predict"] = static (t, v) => t.Sampling.NumPredict = Integer(v),
        ["top_k"] = static (t, v) => t.Sampling.TopK = Integer(v),
        ["top_p"] = static (t, v) => t.Sampling.TopP = Float(v),
        ["min_p"] = static (t, v) => t.Sampling.MinP = Float(v),
        ["typical_p"] = static (t, v) => t.Sampling.TypicalP = Float(v),
        ["repeat_last_n"] = static (t, v) => t.Sampling.RepeatLastN = Integer(v),
        ["temperature"] = static (t, v) => t.Sampling.Temperature = Float(v),
        ["repeat_penalty"] = static (t, v) => t.Sampling.RepeatPenalty = Float(v),
        ["presence_penalty"] = static (t, v) => t.Sampling.PresencePenalty = Float(v),
        ["frequency_penalty"] = static (t, v) => t.Sampling.FrequencyPenalty = Float(v),
        ["stop"] = static (t, v) => t.Sampling.Stop = Texts(v),
    };

    /// <summary>Names that a stored or requested parameter may have.</summary>
    public static IReadOnlyCollection<string> Names => Setters.Keys;

    /// <exception cref="InferenceException">MODEL_PARAMETER_INVALID.</exception>
    public static StoredParameters Parse(JsonElement? parameters, string model)
    {
        var target = new Target(new SamplingOptions(), new LoadOptions());
        var unknown = new List<string>();
        foreach (var member in parameters is { ValueKind: JsonValueKind.Object } o ? o.EnumerateObject() : default)
        {
            if (!Setters.TryGetValue(member.Name, out var set))
            {
                unknown.Add(member.Name);
            }
            else if (member.Value.ValueKind is not JsonValueKind.Null)
            {
                try
                {
                    set(target, member.Value);
                }
                catch (WrongTypeException e)
                {
                    throw Catalogue.ModelParameterInvalid.For(model, member.Name, e.Expected);
                }
            }
        }

        return new StoredParameters(target.Sampling, target.Load, unknown);
    }

    private static int Integer(JsonElement value) => (int)Math.Clamp(Long(value), int.MinValue, int.MaxValue);

    private static long Long(JsonElement value) => value.ValueKind is not JsonValueKind.Number ? throw new WrongTypeException("integer")
        : value.TryGetInt64(out var whole) ? whole
        : (long)Math.Clamp(value.GetDouble(), long.MinValue, long.MaxValue);

    private static float Float(JsonElement value) => value.ValueKind is JsonValueKind.Number ? (float)value.GetDouble() : throw new WrongTypeException("float32");

    private static bool Boolean(JsonElement value) => value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw new WrongTypeException("boolean");

    private static StopSequences Texts(JsonElement value) => value.ValueKind is not JsonValueKind.Array ? throw new WrongTypeException("array")
        : new StopSequences { Sequences = { value.EnumerateArray().Select(static e => e.ValueKind is JsonValueKind.String ? e.GetString()! : throw new WrongTypeException("array of strings")) } };

    private sealed record Target(SamplingOptions Sampling, LoadOptions Load);

    private sealed class WrongTypeException(string expected) : Exception(expected)
    {
        public string Expected { get; } = expected;
    }
}
