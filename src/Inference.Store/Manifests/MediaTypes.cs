namespace Inference.Store.Manifests;

/// <summary>What a layer is. Names: Ollama's server/create.go and server/images.go.</summary>
public static class MediaTypes
{
    public const string Config = "application/vnd.docker.container.image.v1+json";
    public const string Manifest = "application/vnd.docker.distribution.manifest.v2+json";
    public const string Model = "application/vnd.ollama.image.model";
    public const string Projector = "application/vnd.ollama.image.projector";
    public const string Adapter = "application/vnd.ollama.image.adapter";
    public const string Draft = "application/vnd.ollama.image.draft";
    public const string Template = "application/vnd.ollama.image.template";

    /// <summary>What templates were called before.</summary>
    public const string Prompt = "application/vnd.ollama.image.prompt";

    public const string System = "application/vnd.ollama.image.system";
    public const string Parameters = "application/vnd.ollama.image.params";
    public const string Messages = "application/vnd.ollama.image.messages";
    public const string License = "application/vnd.ollama.image.license";

    /// <summary>A single tensor of a model that is not a GGUF file.</summary>
    public const string Tensor = "application/vnd.ollama.image.tensor";

    /// <summary>A configuration file of a model that is not a GGUF file.</summary>
    public const string Json = "application/vnd.ollama.image.json";
}
