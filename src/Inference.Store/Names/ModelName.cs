using System.Text;

namespace Inference.Store.Names;

/// <summary>
/// A model name: <c>[scheme://][host/][namespace/]model[:tag]</c>, complete. Compared without regard to case where it is looked up.
/// Rules: Ollama's types/model/name.go.
/// </summary>
public sealed record ModelName(string Host, string Namespace, string Model, string Tag)
{
    public const string DefaultHost = "registry.ollama.ai";
    public const string DefaultNamespace = "library";
    public const string DefaultTag = "latest";
    public const string DefaultScheme = "https";

    private const int MaxHostBytes = 350;
    private const int MaxPartBytes = 80;

    // What stands for a part that a separator promises and the text does not have; '!' makes it invalid.
    private const string Missing = "!MISSING!";

    /// <summary>How a registry would be asked. It is not part of the model's identity on disk, but of the text.</summary>
    public string Scheme { get; init; } = DefaultScheme;

    /// <summary>For example <c>registry.ollama.ai/library/llama3.2:latest</c>.</summary>
    public string FullName => $"{Host}/{Namespace}/{Model}:{Tag}";

    /// <summary>Host and namespace only where they are not the default; always with the tag.</summary>
    public string DisplayName
    {
        get
        {
            if (!SamePart(Host, DefaultHost))
            {
                return FullName;
            }

            return SamePart(Namespace, DefaultNamespace) ? $"{Model}:{Tag}" : $"{Namespace}/{Model}:{Tag}";
        }
    }

    /// <summary>Null if the text is not a valid name.</summary>
    public static ModelName? Parse(string text) => Split(text) is { IsValid: true } name ? name : null;

    /// <summary>The parts and the defaults, valid or not: some errors show a name as it was understood.</summary>
    public static ModelName Split(string text)
    {
        var (rest, tag) = text.LastIndexOf(':') > text.LastIndexOf('/') ? Cut(text, ':') : (text, "");
        var (model, @namespace, host, scheme) = (rest, "", "", "");
        if (rest.Contains('/'))
        {
            (rest, model) = Cut(rest, '/');
            @namespace = rest;
            if (rest.Contains('/'))
            {
                (rest, @namespace) = Cut(rest, '/');
                var mark = rest.IndexOf("://", StringComparison.Ordinal);
                (scheme, host) = mark < 0 ? ("", rest) : (rest[..mark], rest[(mark + 3)..]);
            }
        }

        return new ModelName(Or(host, DefaultHost), Or(@namespace, DefaultNamespace), model, Or(tag, DefaultTag)) { Scheme = Or(scheme, DefaultScheme) };
    }

    /// <summary>A name from its four parts as they stand on disk; null if one of them is not valid.</summary>
    public static ModelName? FromParts(string host, string @namespace, string model, string tag)
    {
        var name = new ModelName(host, @namespace, model, tag);
        return name.IsValid ? name : null;
    }

    /// <summary>The same model, whatever the case and the scheme.</summary>
    public bool IsSame(ModelName other) =>
        SamePart(Host, other.Host) && SamePart(Namespace, other.Namespace) && SamePart(Model, other.Model) && SamePart(Tag, other.Tag);

    public override string ToString() => FullName;

    internal static bool SamePart(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether it can be a model's name.</summary>
    public bool IsValid =>
        IsValidPart(Host, MaxHostBytes, dots: true, colons: true) && IsValidPart(Namespace, MaxPartBytes, dots: false, colons: false)
        && IsValidPart(Model, MaxPartBytes, dots: true, colons: false) && IsValidPart(Tag, MaxPartBytes, dots: true, colons: false);

    private static bool IsValidPart(string part, int maxBytes, bool dots, bool colons)
    {
        if (part.Length == 0 || Encoding.UTF8.GetByteCount(part) > maxBytes || !IsWordCharacter(part[0]))
        {
            return false;
        }

        foreach (var c in part)
        {
            if (!IsWordCharacter(c) && c != '-' && !(c == '.' && dots) && !(c == ':' && colons))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsWordCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';

    private static (string Before, string After) Cut(string text, char separator)
    {
        var at = text.LastIndexOf(separator);
        return (Or(text[..at], Missing), Or(text[(at + 1)..], Missing));
    }

    private static string Or(string text, string otherwise) => text.Length > 0 ? text : otherwise;
}
