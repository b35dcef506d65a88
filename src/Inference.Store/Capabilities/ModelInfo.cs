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

    /// <summary>Of a model that another server runs: what its config says, in the keys that weights would have (server/routes.go, GetModelInfo).</summary>
    public static IEnumerable<KeyValuePair<string, GgufValue>> OfConfig(ModelConfig config)
    {
        if (config.Family.Length == 0)
        {
            yield break;
        }

        yield return new("general.architecture", new GgufValue(GgufType.String, config.Family));
        if (config.BaseName.Length > 0)
        {
            yield return new("general.basename", new GgufValue(GgufType.String, config.BaseName));
        }

        if (config.ContextLength > 0)
        {
            yield return new($"{config.Family}.context_length", new GgufValue(GgufType.Int64, config.ContextLength));
        }

        if (config.EmbeddingLength > 0)
        {
            yield return new($"{config.Family}.embedding_length", new GgufValue(GgufType.Int64, config.EmbeddingLength));
        }
    }

    private static List<KeyValuePair<string, GgufValue>> Of(GgufFile file, Func<string, bool> isShown) =>
    [
        .. file.Metadata
            .Where(entry => entry.Key != ParameterCount && isShown(entry.Key))
            .Append(new(ParameterCount, new GgufValue(GgufType.UInt64, (ulong)file.ParameterCount)))
            .OrderBy(static entry => entry.Key, StringComparer.Ordinal),
    ];
}
