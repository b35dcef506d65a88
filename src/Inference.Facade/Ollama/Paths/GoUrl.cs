namespace Inference.Facade.Ollama.Paths;

/// <summary>A request's target as Go's url.ParseRequestURI reads it. Each char is one byte of it.</summary>
internal sealed record GoUrl
{
    // What a host may hold besides letters, digits and bytes beyond ASCII.
    private const string OfHosts = "-_.~!$&'()*+,;=:[]<>\"";

    // What a user's name may hold besides those.
    private const string OfUsers = "-._:~!$&'()*+,;=%@";

    private string? _rawPath;

    /// <summary>In lower case; empty for a path alone.</summary>
    public string Scheme { get; private init; } = "";

    /// <summary>What follows a scheme without a slash.</summary>
    public string Opaque { get; private init; } = "";

    /// <summary>The user's name and @, as sent; empty without one.</summary>
    public string User { get; private init; } = "";

    public string Host { get; private init; } = "";

    /// <summary>The path, unescaped.</summary>
    public string Path { get; private init; } = "";

    /// <summary>With its question mark; empty without one.</summary>
    public string Query { get; private init; } = "";

    /// <summary>The path as the client escaped it, if it did so as a path can be.</summary>
    public string EscapedPath => _rawPath ?? (Path == "*" ? Path : GoPath.Escape(Path));

    /// <returns>Null for what is no target of a request.</returns>
    public static GoUrl? Parse(string target)
    {
        if (target.Length == 0 || target.Any(static c => c is < ' ' or '\x7f'))
        {
            return null;
        }

        if (target == "*")
        {
            return new GoUrl { Path = "*" };
        }

        if (!TryCutScheme(target, out var scheme, out var rest))
        {
            return null;
        }

        var mark = rest.IndexOf('?', StringComparison.Ordinal);
        var url = new GoUrl { Scheme = scheme, Query = mark < 0 ? "" : rest[mark..] };
        rest = mark < 0 ? rest : rest[..mark];
        if (!rest.StartsWith('/'))
        {
            return scheme.Length > 0 ? url with { Opaque = rest } : null;
        }

        if (scheme.Length > 0 && rest.StartsWith("//", StringComparison.Ordinal))
        {
            var end = rest.IndexOf('/', 2);
            return url.WithAuthority(end < 0 ? rest[2..] : rest[2..end])?.WithEscapedPath(end < 0 ? "" : rest[end..]);
        }

        return url.WithEscapedPath(rest);
    }

    /// <summary>The same with another path.</summary>
    public GoUrl WithPath(string path) => this with { Path = path, _rawPath = null };

    public override string ToString() =>
        Opaque.Length > 0 ? $"{Scheme}:{Opaque}{Query}"
        : Scheme.Length == 0 ? EscapedPath + Query
        : $"{Scheme}:{(Host.Length + User.Length > 0 ? $"//{User}{Host}" : "")}{(Host.Length > 0 && Path.Length > 0 && Path[0] != '/' ? "/" : "")}{EscapedPath}{Query}";

    private static bool TryCutScheme(string target, out string scheme, out string rest)
    {
        (scheme, rest) = ("", target);
        var end = 0;
        while (end < target.Length && (char.IsAsciiLetter(target[end]) || (end > 0 && (char.IsAsciiDigit(target[end]) || target[end] is '+' or '-' or '.'))))
        {
            end++;
        }

        if (end < target.Length && target[end] == ':')
        {
            (scheme, rest) = (target[..end].ToLowerInvariant(), target[(end + 1)..]);
            return end > 0;
        }

        return true;
    }

    private GoUrl? WithEscapedPath(string escaped) => GoPath.Unescape(escaped) is { } path
        ? this with { Path = path, _rawPath = GoPath.IsValidEncoding(escaped) ? escaped : null }
        : null;

    private GoUrl? WithAuthority(string authority)
    {
        var at = authority.LastIndexOf('@');
        var (user, host) = (authority[..(at + 1)], authority[(at + 1)..]);
        var colon = host.StartsWith('[') ? host.LastIndexOf(']') + 1 : host.LastIndexOf(':');
        var usable = (!host.StartsWith('[') || colon > 0)
            && (colon < 0 || colon == host.Length || (host[colon] == ':' && host.AsSpan(colon + 1).IndexOfAnyExceptInRange('0', '9') < 0))
            && host.All(static c => c >= '\x80' || char.IsAsciiLetterOrDigit(c) || OfHosts.Contains(c, StringComparison.Ordinal))
            && user.All(static c => char.IsAsciiLetterOrDigit(c) || OfUsers.Contains(c, StringComparison.Ordinal));
        return usable ? this with { User = user, Host = host } : null;
    }
}
