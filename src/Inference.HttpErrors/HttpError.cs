namespace Inference.HttpErrors;

/// <summary>An error as an HTTP client gets it. Only <see cref="ErrorRenderer"/> makes one.</summary>
public sealed record HttpError
{
    internal HttpError(int status, string contentType, bool chunked, TimeSpan? retryAfter, ReadOnlyMemory<byte> body) =>
        (Status, ContentType, Chunked, RetryAfter, Body) = (status, contentType, chunked, retryAfter, body);

    /// <summary>The HTTP status.</summary>
    public int Status { get; }

    public string ContentType { get; }

    /// <summary>Without a Content-Length, whatever the body's size.</summary>
    public bool Chunked { get; }

    /// <summary>For the Retry-After header.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>The body, or the last line of the stream.</summary>
    public ReadOnlyMemory<byte> Body { get; }
}

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
