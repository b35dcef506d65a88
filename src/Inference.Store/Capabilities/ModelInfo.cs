using Inference.Store.Gguf;

namespace Inference.Store.Capabilities;

/// <summary>The keys and values of a file that a look at the model shows, sorted. Ollama's server/routes.go, GetModelInfo.</summary>
public static class ModelInfo
{
    private const string ParameterCount = "general.parameter_count";
    private const string ChatTemplateKey = "tokenizer.chat_template";

    /// <summary>Of the weights: without the name, which the model has, and the Jinja template, which is shown elsewhere.</summary>
    public static IReadOnlyList<KeyValuePair<string, GgufValue>> OfWeights(GgufFile file) => Of(file, static key => key is not ("general.name" or ChatTemplateKey));

    /// <summary>Of a projector.</summary>
    public static IReadOnlyList<KeyValuePair<string, GgufValue>> OfProjector(GgufFile file) => Of(file, static key => key is not ChatTemplateKey);

    private static List<KeyValuePair<string, GgufValue>> Of(GgufFile file, Func<string, bool> isShown) =>
    [
        .. file.Metadata
            .Where(entry => entry.Key != ParameterCount && isShown(entry.Key))
            .Append(new(ParameterCount, new GgufValue(GgufType.UInt64, (ulong)file.ParameterCount)))
            .OrderBy(static entry => entry.Key, StringComparer.Ordinal),
    ];
}
