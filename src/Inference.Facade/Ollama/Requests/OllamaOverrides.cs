using Inference.Errors;
using Inference.V1;

namespace Inference.Facade.Ollama.Requests;

/// <summary>The <c>info</c> of a model to create: corrections to what its weights say, by the names of its config.</summary>
internal static class OllamaOverrides
{
    /// <returns>What is right, and the first that is not, in the order in which Ollama looks.</returns>
    public static (ModelOverrides? Overrides, InferenceException? Fault) Read(Dictionary<string, object?> info)
    {
        if (info.Count == 0)
        {
            return (null, null);
        }

        var overrides = new ModelOverrides();
        if (info.GetValueOrDefault("capabilities") is List<object?> capabilities && capabilities.TrueForAll(static c => c is string))
        {
            overrides.Capabilities.AddRange(capabilities.Cast<string>());
        }

        var fault = Text(info, "model_family", "overrides.family", text => overrides.Family = text)
            ?? Text(info, "base_name", "overrides.base_name", text => overrides.BaseName = text)
            ?? Text(info, "quantization_level", "overrides.quantization_level", text => overrides.QuantizationLevel = text)
            ?? Text(info, "parameter_size", "overrides.parameter_size", text => overrides.ParameterSize = text)
            ?? Length(info, "context_length", "overrides.context_length", length => overrides.ContextLength = length)
            ?? Length(info, "embedding_length", "overrides.embedding_length", length => overrides.EmbeddingLength = length);
        return (overrides, fault);
    }

    private static InferenceException? Text(Dictionary<string, object?> info, string key, string field, Action<string> set)
    {
        if (!info.TryGetValue(key, out var value))
        {
            return null;
        }

        if (value is not string text)
        {
            return FieldErrors.One(field, value, "must be a string");
        }

        set(text);
        return null;
    }

    private static InferenceException? Length(Dictionary<string, object?> info, string key, string field, Action<long> set)
    {
        if (!info.TryGetValue(key, out var value))
        {
            return null;
        }

        if (value is not double number)
        {
            return FieldErrors.One(field, value, "must be a number");
        }

        if (number < 0 || Math.Floor(number) != number || number >= long.MaxValue)
        {
            return FieldErrors.One(field, value, "must be a non-negative integer");
        }

        set((long)number);
        return null;
    }
}
