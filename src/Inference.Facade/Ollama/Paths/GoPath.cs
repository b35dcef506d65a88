using System.Globalization;
using System.Text;

namespace Inference.Facade.Ollama.Paths;

/// <summary>Paths as Go's net/url and path know them. A path is a string of bytes there: here each char is one.</summary>
internal static class GoPath
{
    private const string NeverEscaped = "-_.~$&+,/:;=@";
    private const string AlsoValid = "!'()*[]%";

    /// <summary>url.URL.EscapedPath of a path without an escaped form of its own.</summary>
    public static string Escape(string path)
    {
        if (path.All(static c => !IsEscaped(c)))
        {
            return path;
        }

        var escaped = new StringBuilder(path.Length + 16);
        foreach (var c in path)
        {
            _ = IsEscaped(c) ? escaped.Append(CultureInfo.InvariantCulture, $"%{(int)c:X2}") : escaped.Append(c);
        }

        return escaped.ToString();
    }

    /// <returns>Null where a % is not followed by two hexadecimal digits.</returns>
    public static string? Unescape(string escaped)
    {
        if (!escaped.Contains('%', StringComparison.Ordinal))
        {
            return escaped;
        }

        var path = new StringBuilder(escaped.Length);
        for (var i = 0; i < escaped.Length; i++)
        {
            if (escaped[i] != '%')
            {
                path.Append(escaped[i]);
            }
            else if (i + 2 < escaped.Length && char.IsAsciiHexDigit(escaped[i + 1]) && char.IsAsciiHexDigit(escaped[i + 2]))
            {
                path.Append((char)byte.Parse(escaped.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
                i += 2;
            }
            else
            {
                return null;
            }
        }

        return path.ToString();
    }

    /// <summary>Whether a client may have escaped a path in this way; otherwise it is escaped anew.</summary>
    public static bool IsValidEncoding(string escaped) => escaped.All(static c => !IsEscaped(c) || AlsoValid.Contains(c, StringComparison.Ordinal));

    /// <summary>path.Clean: without empty parts, "." and "..", and without a slash at the end.</summary>
    public static string Clean(string path)
    {
        var rooted = path.StartsWith('/');
        var parts = new List<string>();
        foreach (var part in path.Split('/'))
        {
            if (part == ".." && parts.Count > 0 && parts[^1] != "..")
            {
                parts.RemoveAt(parts.Count - 1);
            }
            else if (part.Length > 0 && part != "." && !(part == ".." && rooted))
            {
                parts.Add(part);
            }
        }

        var joined = string.Join('/', parts);
        return rooted ? "/" + joined : joined.Length > 0 ? joined : ".";
    }

    /// <summary>Clean, but a slash at the end stays.</summary>
    public static string CleanKeepingSlash(string path)
    {
        var clean = Clean(path);
        return path.EndsWith('/') && !clean.EndsWith('/') ? clean + "/" : clean;
    }

    private static bool IsEscaped(char c) => !char.IsAsciiLetterOrDigit(c) && !NeverEscaped.Contains(c, StringComparison.Ordinal);
}
