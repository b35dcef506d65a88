using System.Buffers;

namespace Inference.Services.Upkeep;

/// <summary>The address of the server that a remote model lives on, complete. Rules: Ollama's remoteURL, and of Go's url.Parse what can refuse one.</summary>
internal static class RemoteAddress
{
    /// <summary>Where models of the cloud live.</summary>
    public const string Cloud = "https://ollama.com:443";

    private const string DefaultHost = "127.0.0.1";
    private const string DefaultPort = "11434";

    // net/url, shouldEscape for hosts: what may stand there as it is. A percent sign begins an escape.
    private static readonly SearchValues<char> HostCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=:[]<>\"%@");

    /// <summary>Null if it is no address.</summary>
    public static string? Parse(string raw)
    {
        if (raw.StartsWith('/'))
        {
            return $"http://{DefaultHost}:{DefaultPort}{Clean(raw)}";
        }

        if (raw is "ollama.com" or "http://ollama.com")
        {
            return Cloud;
        }

        var text = raw.Contains("://", StringComparison.Ordinal) ? raw : $"http://{raw}";
        var mark = text.IndexOf("://", StringComparison.Ordinal);
        var (scheme, rest) = (text[..mark], text[(mark + 3)..]);
        var end = rest.AsSpan().IndexOfAny("/?#");
        var (authority, path) = end < 0 ? (rest, "") : (rest[..end], rest[end..]);
        return IsScheme(scheme) && !rest.AsSpan().ContainsAnyInRange('\0', '\x1f') && !rest.Contains('\x7f') && Host(authority) is { } host
            ? $"{scheme.ToLowerInvariant()}://{host}{(path.StartsWith('/') ? Clean(path) : path)}"
            : null;
    }

    private static bool IsScheme(string scheme) => scheme.Length > 0 && char.IsAsciiLetter(scheme[0]) && scheme.All(static c => char.IsAsciiLetterOrDigit(c) || c is '+' or '-' or '.');

    private static string? Host(string authority)
    {
        if (authority.AsSpan().ContainsAnyExcept(HostCharacters))
        {
            return null;
        }

        var host = authority;
        var port = "";
        if (authority.StartsWith('['))
        {
            var close = authority.LastIndexOf(']');
            if (close < 0)
            {
                return null;
            }

            (host, port) = (authority[..(close + 1)], authority[(close + 1)..]);
        }
        else if (authority.LastIndexOf(':') is >= 0 and var colon)
        {
            (host, port) = (authority[..colon], authority[colon..]);
        }

        return port.Length > 0 && (port[0] != ':' || !port.AsSpan(1).ToString().All(char.IsAsciiDigit)) ? null
            : $"{(host.Length > 0 ? host : DefaultHost)}{(port.Length > 0 ? port : $":{DefaultPort}")}";
    }

    // path.Clean of a path that begins at the root; the root itself is left out.
    private static string Clean(string path)
    {
        var query = path.AsSpan().IndexOfAny("?#") is >= 0 and var at ? path[at..] : "";
        var parts = new List<string>();
        foreach (var part in path[..(path.Length - query.Length)].Split('/'))
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

        return string.Concat(parts.Select(static p => $"/{p}")) + query;
    }
}
