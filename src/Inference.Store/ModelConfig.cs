using Inference.GoJson;

namespace Inference.Store;

/// <summary>The config blob: Ollama's types/model/config.go.</summary>
public sealed record ModelConfig
{
    private static readonly GoStruct<GoTarget<ModelConfig>> Shape = new("ConfigV2", "model.ConfigV2",
    [
        ("model_format", static (json, c) => c.Value = c.Value with { Format = json.String(c.Value.Format) }),
        ("model_family", static (json, c) => c.Value = c.Value with { Family = json.String(c.Value.Family) }),
        ("model_families", static (json, c) => c.Value = c.Value with { Families = Texts(json, c.Value.Families) }),
        ("model_type", static (json, c) => c.Value = c.Value with { ParameterSize = json.String(c.Value.ParameterSize) }),
        ("file_type", static (json, c) => c.Value = c.Value with { QuantizationLevel = json.String(c.Value.QuantizationLevel) }),
        ("renderer", static (json, c) => c.Value = c.Value with { Renderer = json.String(c.Value.Renderer) }),
        ("parser", static (json, c) => c.Value = c.Value with { Parser = json.String(c.Value.Parser) }),
        ("requires", static (json, c) => c.Value = c.Value with { Requires = json.String(c.Value.Requires) }),
        ("remote_host", static (json, c) => c.Value = c.Value with { RemoteHost = json.String(c.Value.RemoteHost) }),
        ("remote_model", static (json, c) => c.Value = c.Value with { RemoteModel = json.String(c.Value.RemoteModel) }),
        ("capabilities", static (json, c) => c.Value = c.Value with { Capabilities = Texts(json, c.Value.Capabilities) ?? [] }),
        ("context_length", static (json, c) => c.Value = c.Value with { ContextLength = json.Int(c.Value.ContextLength) }),
        ("embedding_length", static (json, c) => c.Value = c.Value with { EmbeddingLength = json.Int(c.Value.EmbeddingLength) }),
        ("base_name", static (json, c) => c.Value = c.Value with { BaseName = json.String(c.Value.BaseName) }),
        ("draft", static (json, c) => c.Value = c.Value with { Draft = DraftConfig.Read(json, c.Value.Draft) }),
        ("architecture", static (json, c) => c.Value = c.Value with { Architecture = json.String(c.Value.Architecture) }),
        ("os", static (json, c) => c.Value = c.Value with { OperatingSystem = json.String(c.Value.OperatingSystem) }),
    ]);

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

    /// <summary>As Ollama writes it, without what is empty.</summary>
    internal void Write(GoJsonWriter json)
    {
        var members = new GoMembers(json);
        members.Next("\"model_format\":"u8).String(Format);
        members.Next("\"model_family\":"u8).String(Family);
        if (Families is null)
        {
            members.Next("\"model_families\":"u8).Raw("null"u8);
        }
        else
        {
            members.Next("\"model_families\":"u8).List(Families, static (json, text) => json.String(text));
        }

        members.Next("\"model_type\":"u8).String(ParameterSize);
        members.Next("\"file_type\":"u8).String(QuantizationLevel);
        members.Optional("\"renderer\":"u8, Renderer);
        members.Optional("\"parser\":"u8, Parser);
        members.Optional("\"requires\":"u8, Requires);
        members.Optional("\"remote_host\":"u8, RemoteHost);
        members.Optional("\"remote_model\":"u8, RemoteModel);
        members.Optional("\"capabilities\":"u8, Capabilities);
        members.Optional("\"context_length\":"u8, ContextLength);
        members.Optional("\"embedding_length\":"u8, EmbeddingLength);
        members.Optional("\"base_name\":"u8, BaseName);
        members.Next("\"architecture\":"u8).String(Architecture);
        members.Next("\"os\":"u8).String(OperatingSystem);
        members.End();
    }

    /// <exception cref="GoJsonException">It is not a config.</exception>
    internal static ModelConfig Parse(ReadOnlyMemory<byte> file)
    {
        var config = new GoTarget<ModelConfig>(new ModelConfig());
        GoJsonReader.Decode(file, Shape, config);
        return config.Value;
    }

    private static List<string>? Texts(GoJsonReader json, IReadOnlyList<string>? old)
    {
        var isNull = json.Peek() is GoKind.Null;
        List<string> texts = [.. old ?? []];
        json.List(texts, "[]string", static () => "", static (json, text) => json.String(text));
        return isNull ? null : texts;
    }
}

/// <summary>A small model whose guesses the large one checks.</summary>
public sealed record DraftConfig
{
    private static readonly GoStruct<GoTarget<DraftConfig>> Shape = new("Draft", "model.Draft",
    [
        ("model_format", static (json, d) => d.Value = d.Value with { Format = json.String(d.Value.Format) }),
        ("architecture", static (json, d) => d.Value = d.Value with { Architecture = json.String(d.Value.Architecture) }),
        ("tensor_prefix", static (json, d) => d.Value = d.Value with { TensorPrefix = json.String(d.Value.TensorPrefix) }),
        ("config", static (json, d) => d.Value = d.Value with { Config = json.String(d.Value.Config) }),
    ]);

    public string Format { get; init; } = "";
    public string Architecture { get; init; } = "";
    public string TensorPrefix { get; init; } = "";
    public string Config { get; init; } = "";

    internal static DraftConfig? Read(GoJsonReader json, DraftConfig? old)
    {
        if (json.Peek() is not GoKind.Null)
        {
            return json.Record(Shape, old ?? new DraftConfig());
        }

        json.Skip();
        return null;
    }
}
