using Inference.Store;
using Inference.Store.Making;
using Inference.V1;

namespace Inference.Services.Upkeep;

/// <summary>What makes up the config of a new model: what it inherits, what the request says, and what its weights say.</summary>
internal static class ConfigChanges
{
    /// <summary>What a model has from the one it is made from, where the request does not say it.</summary>
    public static ModelConfig Inheriting(this ModelConfig config, ModelConfig parent) => config with
    {
        Format = Or(config.Format, parent.Format),
        Renderer = Or(config.Renderer, parent.Renderer),
        Parser = Or(config.Parser, parent.Parser),
        Requires = Or(config.Requires, parent.Requires),
        Capabilities = parent.Capabilities,
    };

    /// <summary>Corrections of the request.</summary>
    public static ModelConfig With(this ModelConfig config, ModelOverrides? overrides) => overrides is null ? config : config with
    {
        Capabilities = overrides.Capabilities.Count > 0 ? [.. overrides.Capabilities] : config.Capabilities,
        Family = overrides.HasFamily ? overrides.Family : config.Family,
        Families = overrides.HasFamily ? [.. config.Families ?? [], overrides.Family] : config.Families,
        BaseName = overrides.HasBaseName ? overrides.BaseName : config.BaseName,
        QuantizationLevel = overrides.HasQuantizationLevel ? overrides.QuantizationLevel : config.QuantizationLevel,
        ParameterSize = overrides.HasParameterSize ? overrides.ParameterSize : config.ParameterSize,
        ContextLength = overrides.HasContextLength ? overrides.ContextLength : config.ContextLength,
        EmbeddingLength = overrides.HasEmbeddingLength ? overrides.EmbeddingLength : config.EmbeddingLength,
    };

    /// <summary>What the files say, for what is still open: the first of them counts. Each adds its family.</summary>
    public static ModelConfig With(this ModelConfig config, IEnumerable<MadeWeights> weights) => weights.Aggregate(config, static (config, w) => config with
    {
        Format = Or(config.Format, "gguf"),
        Family = Or(config.Family, w.File.Architecture),
        ParameterSize = Or(config.ParameterSize, WeightsCount.Format(w.File.ParameterCount)),
        QuantizationLevel = Or(config.QuantizationLevel, w.FileType),
        Families = [.. config.Families ?? [], w.File.Architecture],
    });

    private static string Or(string text, string otherwise) => text.Length > 0 ? text : otherwise;
}
