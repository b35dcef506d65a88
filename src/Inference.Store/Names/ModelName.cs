namespace Inference.Store.Names;

/// <summary>
/// A model name: <c>[scheme://][host/][namespace/]model[:tag]</c>, complete. Compared without regard to case where it is looked up.
/// Rules: Ollama's types/model/name.go.
/// </summary>
public sealed record ModelName(string Host, string Namespace, string Model, string Tag)
{
    public const string DefaultHost = "registry.ollama.ai";
    public const string DefaultNamespace = "library";
    public const string DefaultTag = "latest";

    /// <summary>For example <c>registry.ollama.ai/library/llama3.2:latest</c>.</summary>
    public string FullName => $"{Host}/{Namespace}/{Model}:{Tag}";

    /// <summary>Host and namespace only where they are not the default; always with the tag.</summary>
    public string DisplayName => throw new NotSupportedException();

    /// <summary>Null if the text is not a valid name.</summary>
    public static ModelName? Parse(string text) => throw new NotSupportedException();
}

/// <summary>A name as a request spells it: with the suffixes <c>:local</c> and <c>:cloud</c> taken off.</summary>
/// <param name="Name">The name.</param>
/// <param name="Source">What the suffix asked for.</param>
public sealed record ModelReference(ModelName Name, ModelSource Source)
{
    /// <param name="text">What the request says.</param>
    /// <param name="field">The field it stands in, for the error.</param>
    /// <exception cref="Inference.Errors.InferenceException">FIELD_REQUIRED, MODEL_NAME_INVALID or MODEL_SOURCE_CONFLICT.</exception>
    public static ModelReference Parse(string text, string field = "model") => throw new NotSupportedException();
}

public enum ModelSource
{
    Unspecified,
    Local,
    Cloud,
}
