namespace Inference.Server.Ports.Requests;

/// <summary>A request's line and headers, as net/http understands them. Each char is one byte of what was sent.</summary>
/// <param name="Method">The method.</param>
/// <param name="Target">The target.</param>
/// <param name="IsHttp10">Whether it is of HTTP/1.0; every other version that is taken is like 1.1.</param>
/// <param name="Headers">All but those that are below.</param>
internal sealed record RequestHead(string Method, string Target, bool IsHttp10, IReadOnlyList<KeyValuePair<string, string>> Headers)
{
    /// <summary>From the target if it has one, or from the header; empty without either.</summary>
    public required string Host { get; init; }

    /// <summary>Null for a body in chunks.</summary>
    public required long? ContentLength { get; init; }

    /// <summary>Whether the client wants the connection to end, or of HTTP/1.0 does not ask for more.</summary>
    public required bool Closes { get; init; }

    /// <summary>The client waits for 100 Continue before it sends its body.</summary>
    public required bool ExpectsContinue { get; init; }

    /// <summary>The client expects something else.</summary>
    public required bool ExpectsUnknown { get; init; }

    public bool HasBody => ContentLength != 0;
}
