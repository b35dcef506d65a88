using System.Text.Json;
using Inference.Store.Gguf;
using Inference.Store.Names;

namespace Inference.Store;

/// <summary>A model in the store: its manifest and what the small layers hold. Weights are only pointed to.</summary>
public sealed record StoredModel
{
    public required ModelName Name { get; init; }

    /// <summary><c>sha256:</c> and 64 hexadecimal digits, of the manifest's bytes.</summary>
    public required string Digest { get; init; }

    /// <summary>Bytes of all layers and the config.</summary>
    public required long SizeBytes { get; init; }

    public required DateTimeOffset ModifyTime { get; init; }

    public required ModelConfig Config { get; init; }

    public required IReadOnlyList<StoredLayer> Layers { get; init; }

    /// <summary>The weights; null for a model that lives elsewhere or whose layer is missing.</summary>
    public string? ModelPath { get; init; }

    public IReadOnlyList<string> ProjectorPaths { get; init; } = [];

    public IReadOnlyList<string> AdapterPaths { get; init; } = [];

    /// <summary>Go template; null if the model has none.</summary>
    public string? Template { get; init; }

    public string? System { get; init; }

    /// <summary>The stored parameters, in the order of the file; null if there are none.</summary>
    public JsonElement? Parameters { get; init; }

    /// <summary>Messages that come before every conversation: role and content.</summary>
    public IReadOnlyList<StoredMessage> Messages { get; init; } = [];

    public IReadOnlyList<string> Licenses { get; init; } = [];

    /// <summary>Reads the weights' header.</summary>
    /// <exception cref="Inference.Errors.InferenceException">MODEL_CORRUPT.</exception>
    public GgufFile ReadWeights(GgufDetail detail = GgufDetail.Header) => throw new NotSupportedException();
}

/// <summary>A blob of a model. See Ollama's media types in the README of this folder's tests.</summary>
public sealed record StoredLayer(string MediaType, string Digest, long SizeBytes, string? From, string Path);

public sealed record StoredMessage(string Role, string Content);

/// <summary>The config blob.</summary>
public sealed record ModelConfig
{
    public string Format { get; init; } = "";
    public string Family { get; init; } = "";
    public IReadOnlyList<string>? Families { get; init; }
    public string ParameterSize { get; init; } = "";
    public string QuantizationLevel { get; init; } = "";
    public string Renderer { get; init; } = "";
    public string Parser { get; init; } = "";
    public string Requires { get; init; } = "";
    public string RemoteHost { get; init; } = "";
    public string RemoteModel { get; init; } = "";
    public IReadOnlyList<string> Capabilities { get; init; } = [];
    public long ContextLength { get; init; }
    public long EmbeddingLength { get; init; }
}
