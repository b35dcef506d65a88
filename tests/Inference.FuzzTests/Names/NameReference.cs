using System.Text.RegularExpressions;

namespace Inference.FuzzTests.Names;

/// <summary>The rules for names of models over again: as patterns, from their description.</summary>
internal static partial class NameReference
{
    /// <summary>host, namespace, model and tag, with their defaults; null for what is no name.</summary>
    public static (string Host, string Namespace, string Model, string Tag)? Read(string text)
    {
        var match = Name().Match(text);
        if (!match.Success)
        {
            return null;
        }

        return (Or("host", "registry.ollama.ai"), Or("namespace", "library"), match.Groups["model"].Value, Or("tag", "latest"));

        string Or(string group, string otherwise) => match.Groups[group].Success ? match.Groups[group].Value : otherwise;
    }

    /// <summary>What a request's name leads to: a name and its source, or the reason that it does not.</summary>
    public static string Refer(string text)
    {
        var trimmed = Space().Replace(text, "");
        if (trimmed.Length == 0)
        {
            return "FIELD_REQUIRED";
        }

        var (rest, source) = Cut(trimmed);
        return source.Length > 0 && Cut(rest).Source.Length > 0 ? "MODEL_SOURCE_CONFLICT" : Read(rest) is { } name ? $"{name} {source}" : "MODEL_NAME_INVALID";
    }

    private static (string Before, string Source) Cut(string text)
    {
        var match = Suffix().Match(text);
        return !match.Success ? (text, "")
            : match.Groups["tag"].Success ? ($"{match.Groups["before"].Value}:{match.Groups["tag"].Value}", "cloud")
            : (match.Groups["before"].Value, match.Groups["word"].Value.ToLowerInvariant());
    }

    // A scheme is anything before the first ://, and of no account; behind it there need be no host.
    [GeneratedRegex("""
        \A
        (?:(?:(?:(?s:(?:(?!://).)*)://(?<host>[A-Za-z0-9_][A-Za-z0-9_.:-]{0,349})?|(?<host>[A-Za-z0-9_][A-Za-z0-9_.:-]{0,349}))/)?(?<namespace>[A-Za-z0-9_][A-Za-z0-9_-]{0,79})/)?
        (?<model>[A-Za-z0-9_][A-Za-z0-9_.-]{0,79})
        (?::(?<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,79}))?
        \z
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Name();

    [GeneratedRegex("""\A(?<before>(?s:.*)):(?:\s*(?<word>(?i:cloud|local))\s*|\s*(?<tag>[^:/]*)-(?i:cloud)\s*)\z""")]
    private static partial Regex Suffix();

    // Go's space: .NET's, but for what separates records in a text file.
    [GeneratedRegex("""\A[\s-[\x1c-\x1f]]+|[\s-[\x1c-\x1f]]+\z""")]
    private static partial Regex Space();
}
