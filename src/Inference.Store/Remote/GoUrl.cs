using System.Text;
using Inference.Errors;

namespace Inference.Store.Remote;

/// <summary>An address as Go's net/url reads it: what it takes and refuses, in its words.</summary>
/// <param name="Scheme">In lower case; empty without one.</param>
/// <param name="User">What stands before the host.</param>
/// <param name="Host">Name and port, as written.</param>
/// <param name="Path">Behind the host.</param>
/// <param name="Query">With its question mark, and the fragment behind it; empty without one.</param>
internal sealed record GoUrl(string Scheme, string User, string Host, string Path, string Query)
{
    // net/url, shouldEscape: what may stand in a host besides letters and digits.
    private const string InHost = "-_.~!$&'()*+,;=:[]<>\"%";

    /// <summary>The host without its port, and without the brackets of an IPv6 address.</summary>
    public string HostName
    {
        get
        {
            var colon = Host.LastIndexOf(':');
            var name = colon >= 0 && colon > Host.LastIndexOf(']') ? Host[..colon] : Host;
            return name is ['[', .. var inner, ']'] ? inner : name;
        }
    }

    /// <exception cref="FormatException">Not an address; the message is Go's.</exception>
    public static GoUrl Parse(string text)
    {
        try
        {
            return ParseParts(text);
        }
        catch (FormatException e)
        {
            throw new FormatException($"parse {GoQuote.Quote(text)}: {e.Message}", e);
        }
    }

    private static GoUrl ParseParts(string text)
    {
        if (text.Any(static c => c is < ' ' or '\x7f'))
        {
            throw new FormatException("net/url: invalid control character in URL");
        }

        var (scheme, rest) = CutScheme(text);
        var mark = rest.IndexOfAny(['?', '#']);
        var query = mark < 0 ? "" : rest[mark..];
        rest = mark < 0 ? rest : rest[..mark];
        if (rest is not ['/', ..])
        {
            return scheme.Length == 0 && rest.Split('/')[0].Contains(':')
                ? throw new FormatException("first path segment in URL cannot contain colon")
                : new GoUrl(scheme, "", "", rest, query);
        }

        if (scheme.Length == 0 && rest.StartsWith("///", StringComparison.Ordinal) || !rest.StartsWith("//", StringComparison.Ordinal))
        {
            return new GoUrl(scheme, "", "", rest, query);
        }

        var authority = rest[2..];
        var slash = authority.IndexOf('/');
        var path = slash < 0 ? "" : authority[slash..];
        authority = slash < 0 ? authority : authority[..slash];
        var at = authority.LastIndexOf('@');
        return new GoUrl(scheme, at < 0 ? "" : authority[..at], CheckHost(authority[(at + 1)..]), path, query);
    }

    private static (string Scheme, string Behind) CutScheme(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == ':')
            {
                return i == 0 ? throw new FormatException("missing protocol scheme") : (text[..i].ToLowerInvariant(), text[(i + 1)..]);
            }

            if (!char.IsAsciiLetter(text[i]) && (i == 0 || !(char.IsAsciiDigit(text[i]) || text[i] is '+' or '-' or '.')))
            {
                break;
            }
        }

        return ("", text);
    }

    private static string CheckHost(string host)
    {
        var bracket = host is ['[', ..] ? host.LastIndexOf(']') : -1;
        if (host is ['[', ..] && bracket < 0)
        {
            throw new FormatException("missing ']' in host");
        }

        var colon = bracket >= 0 ? bracket + 1 : host.LastIndexOf(':');
        var port = colon < 0 ? "" : host[colon..];
        if (port.Length > 0 && !(port[0] == ':' && port.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0))
        {
            throw new FormatException($"invalid port {GoQuote.Quote(port)} after host");
        }

        foreach (var rune in host.EnumerateRunes())
        {
            if (rune.IsAscii && !Rune.IsLetterOrDigit(rune) && !InHost.Contains((char)rune.Value, StringComparison.Ordinal))
            {
                throw new FormatException($"invalid character {GoQuote.Quote(rune.ToString())} in host name");
            }
        }

        return host;
    }
}
