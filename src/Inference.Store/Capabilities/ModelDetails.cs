using Inference.Store.Gguf;

namespace Inference.Store.Capabilities;

/// <summary>What a listing and a single model show of a model's kind.</summary>
public sealed record ModelDetails
{
    /// <summary>Empty if the weights came from a file.</summary>
    public required string ParentModel { get; init; }

    public required string Format { get; init; }

    public required string Family { get; init; }

    /// <summary>Null where the config has none.</summary>
    public required IReadOnlyList<string>? Families { get; init; }

    public required string ParameterSize { get; init; }

    public required string QuantizationLevel { get; init; }

    /// <summary>Tokens; 0 if unknown. Ollama shows it in listings only.</summary>
    public long ContextLength { get; init; }

    /// <summary>0 if unknown. Ollama shows it in listings only.</summary>
    public long EmbeddingLength { get; init; }

    /// <summary>As the config says it.</summary>
    internal static ModelDetails Of(StoredModel model) => new()
    {
        ParentModel = model.ParentModel,
        Format = model.Config.Format,
        Family = model.Config.Family,
        Families = model.Config.Families,
        ParameterSize = model.Config.ParameterSize,
        QuantizationLevel = model.Config.QuantizationLevel,
        ContextLength = model.Config.ContextLength,
        EmbeddingLength = model.Config.EmbeddingLength,
    };

    /// <summary>What the config does not say, from the weights.</summary>
    internal ModelDetails CompletedBy(GgufFacts weights) => this with
    {
        ContextLength = ContextLength != 0 ? ContextLength : weights.ContextLength,
        EmbeddingLength = EmbeddingLength != 0 ? EmbeddingLength : weights.EmbeddingLength,
        QuantizationLevel = QuantizationLevel is "" or FileType.Unknown && weights.FileTypeName is not ("" or FileType.Unknown) ? weights.FileTypeName : QuantizationLevel,
    };
}
