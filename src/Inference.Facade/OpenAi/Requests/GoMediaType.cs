using System.Text;

namespace Inference.Facade.OpenAi.Requests;

/// <summary>A header like <c>multipart/form-data; boundary=x</c>, as Go's mime.ParseMediaType takes it apart.</summary>
/// <param name="Type">In lower case.</param>
/// <param name="Parameters">By name, in lower case.</param>
internal sealed record GoMediaType(string Type, IReadOnlyDictionary<string, string> Parameters)
{
    private const string Marks = "!#$%&'*+-.^_`|~";

    /// <summary>Null where a parameter is malformed.</summary>
    public static GoMediaType? Parse(string text)
    {
        var end = text.IndexOf(';');
        var type = (end < 0 ? text : text[..end]).Trim().ToLowerInvariant();
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
        var rest = end < 0 ? "" : text[end..];
        while (rest.TrimStart() is { Length: > 0 } left && left.Trim() is not ";")
        {
            if (Take(ref left) is not var (name, value) || !parameters.TryAdd(name, value))
            {
                return null;
            }

            rest = left;
        }

        return type.Length > 0 ? new GoMediaType(type, parameters) : null;
    }

    // ; name = value
    private static (string Name, string Value)? Take(ref string rest)
    {
        if (rest is not [';', ..])
        {
            return null;
        }

        var text = rest[1..].TrimStart();
        var name = Token(text);
        text = text[name.Length..].TrimStart();
        if (name.Length == 0 || text is not ['=', ..])
        {
            return null;
        }

        text = text[1..].TrimStart();
        var length = text is ['"', ..] ? Quoted(text, out var value) : (value = Token(text)).Length;
        rest = text[length..];
        return length > 0 ? (name.ToLowerInvariant(), value) : null;
    }

    private static string Token(string text)
    {
        var length = 0;
        while (length < text.Length && (char.IsAsciiLetterOrDigit(text[length]) || Marks.Contains(text[length])))
        {
            length++;
        }

        return text[..length];
    }

    // How long it is with its quotes; 0 where the second one is missing.
    private static int Quoted(string text, out string value)
    {
        var read = new StringBuilder();
        for (var i = 1; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '"':
                    value = read.ToString();
                    return i + 1;
                // A browser's path has backslashes of its own: only what needs one is escaped.
                case '\\' when i + 1 < text.Length && text[i + 1] < 0x80 && !char.IsAsciiLetterOrDigit(text[i + 1]):
                    read.Append(text[++i]);
                    break;
                case '\r' or '\n':
                    value = "";
                    return 0;
                default:
                    read.Append(text[i]);
                    break;
            }
        }

        value = "";
        return 0;
    }
}
