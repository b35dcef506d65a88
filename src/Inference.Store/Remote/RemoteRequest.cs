namespace Inference.Store.Remote;

/// <summary>A request to another server.</summary>
/// <param name="Method">Its method.</param>
/// <param name="BaseUrl">The server, as errors spell it.</param>
/// <param name="Path">The path there.</param>
public sealed record RemoteRequest(HttpMethod Method, string BaseUrl, string Path)
{
    /// <summary>What stands behind the path's question mark.</summary>
    public string Query { get; init; } = "";

    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Headers, those of the body among them; not the ones that belong to a connection.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>The host whose requests are signed with this server's key.</summary>
    public string SigningHost { get; init; } = "ollama.com";

    public string HostName => Uri.TryCreate(BaseUrl, UriKind.Absolute, out var uri) ? uri.Host : BaseUrl;
}
