namespace Inference.Store.Capabilities;

/// <summary>What a model can do: Ollama's types/model/capability.go.</summary>
public static class Capability
{
    public const string Completion = "completion";
    public const string Tools = "tools";
    public const string Insert = "insert";
    public const string Vision = "vision";
    public const string Embedding = "embedding";
    public const string Thinking = "thinking";
    public const string Image = "image";
    public const string Audio = "audio";
}
