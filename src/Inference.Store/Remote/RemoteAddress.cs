namespace Inference.Store.Remote;

/// <summary>The address of the server that a remote model lives on, completed as Ollama's remoteURL does it when such a model is made.</summary>
public static class RemoteAddress
{
    /// <summary>Where models of the cloud live.</summary>
    public const string Cloud = "https://ollama.com:443";

    private const string DefaultHost = "127.0.0.1";
    private const string DefaultPort = "11434";

    /// <summary>Null if it is no address.</summary>
    public static string? Complete(string raw)
    {
        if (raw.StartsWith('/'))
        {
            return $"http://{DefaultHost}:{DefaultPort}{Clean(raw)}";
        }

        if (raw is "ollama.com" or "http://ollama.com")
        {
            return Cloud;
        }

        try
        {
            var url = GoUrl.Parse(raw.Contains("://", StringComparison.Ordinal) ? raw : $"http://{raw}");
            var user = url.User.Length > 0 ? $"{url.User}@" : "";
            return $"{url.Scheme}://{user}{WithPort(url.Host.Length > 0 ? url.Host : DefaultHost)}{Clean(url.Path)}{url.Query}";
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static string WithPort(string host) => host.LastIndexOf(':') > host.LastIndexOf(']') ? host : $"{host}:{DefaultPort}";

    // path.Clean of a path that begins at the root; the root itself is left out.
    private static string Clean(string path)
    {
        var parts = new List<string>();
        foreach (var part in path.Split('/'))
        {
            if (part is ".." && parts.Count > 0)
            {
                parts.RemoveAt(parts.Count - 1);
            }
            else if (part is not ("" or "." or ".."))
            {
                parts.Add(part);
            }
        }

        return string.Concat(parts.Select(static p => $"/{p}"));
    }
}
