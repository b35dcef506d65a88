namespace Inference.Services.Remote;

/// <summary>The headers of requests that this server makes itself, as Ollama's client sends them.</summary>
internal static class OllamaHeaders
{
    public static readonly KeyValuePair<string, string>[] Lines = Of("application/x-ndjson");

    public static readonly KeyValuePair<string, string>[] Object = Of("application/json");

    private static KeyValuePair<string, string>[] Of(string accept) => [new("Content-Type", "application/json"), new("Accept", accept)];
}
