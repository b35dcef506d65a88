namespace Inference.HttpErrors;

/// <summary>An error as an HTTP client gets it.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="ContentType">The content type.</param>
/// <param name="Chunked">Without a Content-Length, whatever the body's size.</param>
/// <param name="RetryAfter">For the Retry-After header.</param>
/// <param name="Body">The body, or the last line of the stream.</param>
public sealed record HttpError(int Status, string ContentType, bool Chunked, TimeSpan? RetryAfter, ReadOnlyMemory<byte> Body);

/// <summary>The content types of error bodies. They differ by who wrote the body in Ollama, and clients see the difference.</summary>
public static class ErrorTypes
{
    /// <summary>gin's c.JSON.</summary>
    public const string Json = "application/json; charset=utf-8";

    /// <summary>c.JSON after a stream writer has set its own, and the writers of the /v1 routes.</summary>
    public const string BareJson = "application/json";

    /// <summary>A stream of lines.</summary>
    public const string Lines = "application/x-ndjson";
}
