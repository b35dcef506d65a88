using Inference.Store.GoJson;

namespace Inference.Store;

/// <summary>The config blob: Ollama's types/model/config.go.</summary>
public sealed record ModelConfig
{
    private static readonly string[] Tags =
    [
        "model_format", "model_family", "model_families", "model_type", "file_type", "renderer", "parser", "requires", "remote_host",
        "remote_model", "capabilities", "context_length", "embedding_length", "base_name", "draft", "architecture", "os",
    ];

    /// <summary><c>gguf</c>, <c>safetensors</c>, or empty in old models, which are GGUF.</summary>
    public string Format { get; init; } = "";

    public string Family { get; init; } = "";

    /// <summary>Null where the config has none: Ollama then prints null.</summary>
    public IReadOnlyList<string>? Families { get; init; }

    /// <summary>For example <c>3.2B</c>.</summary>
    public string ParameterSize { get; init; } = "";

    /// <summary>For example <c>Q4_K_M</c>; empty or <c>unknown</c> where the model does not say.</summary>
    public string QuantizationLevel { get; init; } = "";

    public string Renderer { get; init; } = "";
    public string Parser { get; init; } = "";
    public string Requires { get; init; } = "";
    public string RemoteHost { get; init; } = "";
    public string RemoteModel { get; init; } = "";
    public IReadOnlyList<string> Capabilities { get; init; } = [];

    /// <summary>Tokens; 0 where the config does not say.</summary>
    public long ContextLength { get; init; }

    /// <summary>Numbers in an embedding; 0 where the config does not say.</summary>
    public long EmbeddingLength { get; init; }

    public string BaseName { get; init; } = "";

    /// <summary>Of the machine that made the model, <c>amd64</c> by custom.</summary>
    public string Architecture { get; init; } = "";

    public string OperatingSystem { get; init; } = "";

    /// <summary>What drafts for this model; null if nothing does.</summary>
    public DraftConfig? Draft { get; init; }

    /// <summary>Lives on another server.</summary>
    public bool IsRemote => RemoteHost.Length > 0 || RemoteModel.Length > 0;

    public bool IsGguf => Format is "" or "gguf";

    /// <exception cref="GoJsonException">It is not a config.</exception>
    internal static ModelConfig Parse(ReadOnlySpan<byte> file) => GoField.Read(file, static root =>
    {
        var config = new ModelConfig();
        root.Fields("ConfigV2", "model.ConfigV2", Tags, (tag, field) => config = tag switch
        {
            "model_format" => config with { Format = field.Text() },
            "model_family" => config with { Family = field.Text() },
            "model_families" => config with { Families = field.Texts() },
            "model_type" => config with { ParameterSize = field.Text() },
            "file_type" => config with { QuantizationLevel = field.Text() },
            "renderer" => config with { Renderer = field.Text() },
            "parser" => config with { Parser = field.Text() },
            "requires" => config with { Requires = field.Text() },
            "remote_host" => config with { RemoteHost = field.Text() },
            "remote_model" => config with { RemoteModel = field.Text() },
            "capabilities" => config with { Capabilities = field.Texts() ?? [] },
            "context_length" => config with { ContextLength = field.Integer() },
            "embedding_length" => config with { EmbeddingLength = field.Integer() },
            "base_name" => config with { BaseName = field.Text() },
            "architecture" => config with { Architecture = field.Text() },
            "os" => config with { OperatingSystem = field.Text() },
            _ => config with { Draft = DraftConfig.Parse(field) },
        });
        return config;
    });
}

/// <summary>A small model whose guesses the large one checks.</summary>
public sealed record DraftConfig
{
    private static readonly string[] Tags = ["model_format", "architecture", "tensor_prefix", "config"];

    public string Format { get; init; } = "";
    public string Architecture { get; init; } = "";
    public string TensorPrefix { get; init; } = "";
    public string Config { get; init; } = "";

    internal static DraftConfig Parse(GoField value)
    {
        var draft = new DraftConfig();
        value.Fields("Draft", "model.Draft", Tags, (tag, field) => draft = tag switch
        {
            "model_format" => draft with { Format = field.Text() },
            "architecture" => draft with { Architecture = field.Text() },
            "tensor_prefix" => draft with { TensorPrefix = field.Text() },
            _ => draft with { Config = field.Text() },
        });
        return draft;
    }
}
