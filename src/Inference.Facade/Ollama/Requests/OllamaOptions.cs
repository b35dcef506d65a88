using Inference.Errors;
using Inference.Services;
using Inference.V1;

namespace Inference.Facade.Ollama.Requests;

/// <summary>
/// Ollama's options in the contract's two messages. Ollama checks types only; what is out of a range it hands to the engine, so
/// here it is moved into the range, with a warning.
/// </summary>
internal sealed class OllamaOptions
{
    public SamplingOptions Sampling { get; } = new();

    public LoadOptions Load { get; } = new();

    public List<Warning> Warnings { get; } = [];

    /// <summary>The first value of a wrong type. Ollama looks at the model before it looks at these.</summary>
    public InferenceException? Problem { get; private set; }

    public static OllamaOptions From(Dictionary<string, object?> options)
    {
        var result = new OllamaOptions();
        foreach (var (name, value) in options)
        {
            // api/types.go, FromMap: null leaves the default.
            if (value is not null)
            {
                result.Set(name, value);
            }
        }

        return result;
    }

    private void Set(string name, object value)
    {
        var known = SetLoad(name, value) || SetInteger(name, value) || SetNumber(name, value);
        if (name is "stop")
        {
            SetStop(value);
        }
        else if (!known)
        {
            Warnings.Add(WarningCatalogue.OptionUnknown(name));
        }
    }

    private bool SetLoad(string name, object value)
    {
        switch (name)
        {
            case "num_ctx":
                // 0 is automatic there too; other small numbers are raised (llm/llama_server.go).
                Integer(name, value, n => n == 0 ? (0, 0) : (4, int.MaxValue), n => Load.NumCtx = n);
                return true;
            case "num_batch":
                Integer(name, value, 1, int.MaxValue, n => Load.NumBatch = n);
                return true;
            case "num_gpu":
                Integer(name, value, -1, int.MaxValue, n => Load.NumGpu = n);
                return true;
            case "main_gpu":
                Integer(name, value, 0, int.MaxValue, n => Load.MainGpu = n);
                return true;
            case "num_thread":
                Integer(name, value, 0, int.MaxValue, n => Load.NumThread = n);
                return true;
            case "draft_num_predict":
                Integer(name, value, 0, int.MaxValue, n => Load.DraftNumPredict = n);
                return true;
            case "use_mmap":
                if (value is bool map)
                {
                    Load.UseMmap = map;
                }
                else
                {
                    Mistyped(name, "boolean");
                }

                return true;
            default:
                return false;
        }
    }

    private bool SetInteger(string name, object value)
    {
        switch (name)
        {
            case "seed":
                SetSeed(name, value);
                return true;
            case "num_predict":
                SetNumPredict(name, value);
                return true;
            case "num_keep":
                Integer(name, value, -1, int.MaxValue, n => Sampling.NumKeep = n);
                return true;
            case "top_k":
                Integer(name, value, 0, int.MaxValue, n => Sampling.TopK = n);
                return true;
            case "repeat_last_n":
                Integer(name, value, -1, int.MaxValue, n => Sampling.RepeatLastN = n);
                return true;
            default:
                return false;
        }
    }

    private bool SetNumber(string name, object value)
    {
        switch (name)
        {
            case "temperature":
                Number(name, value, 0, float.MaxValue, x => Sampling.Temperature = x);
                return true;
            case "top_p":
                Number(name, value, 0, 1, x => Sampling.TopP = x);
                return true;
            case "min_p":
                Number(name, value, 0, 1, x => Sampling.MinP = x);
                return true;
            case "typical_p":
                Number(name, value, 0, 1, x => Sampling.TypicalP = x);
                return true;
            case "repeat_penalty":
                Number(name, value, float.Epsilon, float.MaxValue, x => Sampling.RepeatPenalty = x);
                return true;
            case "presence_penalty":
                Number(name, value, -2, 2, x => Sampling.PresencePenalty = x);
                return true;
            case "frequency_penalty":
                Number(name, value, -2, 2, x => Sampling.FrequencyPenalty = x);
                return true;
            default:
                return false;
        }
    }

    private void SetStop(object value)
    {
        if (value is not List<object?> items)
        {
            Mistyped("stop", "array");
        }
        else if (items.Exists(static i => i is not string))
        {
            Mistyped("stop", "array of strings");
        }
        else
        {
            // An empty text stays: it ends the answer at once, there as here.
            Sampling.Stop = new StopSequences { Sequences = { items.Cast<string>() } };
        }
    }

    // The engine's seed has 32 bits, and all of them set mean a random one.
    private void SetSeed(string name, object value)
    {
        if (value is double number)
        {
            var seed = Truncate(number);
            Sampling.Seed = seed == -1 ? seed : (uint)seed;
        }
        else
        {
            Mistyped(name, "integer");
        }
    }

    // 0 is not sent to the engine, whose default is no limit; below -1 is no limit too (llm/llama_server.go, boundedNumPredict).
    private void SetNumPredict(string name, object value)
    {
        if (value is double number && Truncate(number) <= 0)
        {
            Sampling.NumPredict = -1;
        }
        else
        {
            Integer(name, value, 1, int.MaxValue, n => Sampling.NumPredict = n);
        }
    }

    private void Integer(string name, object value, int least, int most, Action<int> set) => Integer(name, value, _ => (least, most), set);

    private void Integer(string name, object value, Func<long, (int Least, int Most)> range, Action<int> set)
    {
        if (value is not double number)
        {
            Mistyped(name, "integer");
            return;
        }

        var asked = Truncate(number);
        var (least, most) = range(asked);
        var taken = (int)long.Clamp(asked, least, most);
        set(taken);
        if (taken != asked)
        {
            Warnings.Add(WarningCatalogue.OptionClamped(name, asked, taken));
        }
    }

    private void Number(string name, object value, float least, float most, Action<float> set)
    {
        if (value is not double number)
        {
            Mistyped(name, "float32");
            return;
        }

        var asked = (float)number;
        var taken = float.Clamp(asked, least, most);
        set(taken);
        if (taken != asked)
        {
            Warnings.Add(WarningCatalogue.OptionClamped(name, asked, taken));
        }
    }

    // Conversion in Go cuts towards zero; beyond the range of int64 it has no defined result.
    private static long Truncate(double number) => number switch
    {
        >= long.MaxValue => long.MaxValue,
        <= long.MinValue => long.MinValue,
        _ => (long)number,
    };

    private void Mistyped(string name, string type) => Problem ??= Catalogue.OptionTypeInvalid.For(name, type);
}
