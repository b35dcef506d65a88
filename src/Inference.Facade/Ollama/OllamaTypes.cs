using Inference.HttpErrors;

namespace Inference.Facade.Ollama;

/// <summary>The content types of Ollama's replies. They differ by who wrote the reply there, and clients see the difference.</summary>
internal static class OllamaTypes
{
    /// <summary>gin's c.JSON.</summary>
    public const string Json = ErrorTypes.Json;

    /// <summary>The writers of the /v1 routes.</summary>
    public const string BareJson = ErrorTypes.BareJson;

    public const string Lines = ErrorTypes.Lines;

    /// <summary>Server-sent events.</summary>
    public const string Events = "text/event-stream";

    /// <summary>gin's pages for no route and no method.</summary>
    public const string Page = "text/plain";

    /// <summary>net/http's redirects.</summary>
    public const string Html = "text/html; charset=utf-8";

    /// <summary>c.String.</summary>
    public const string Text = "text/plain; charset=utf-8";
}
