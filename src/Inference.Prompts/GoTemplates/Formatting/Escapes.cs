using System.Globalization;
using System.Text;
using Inference.Prompts.GoTemplates.Syntax;
using Inference.Prompts.GoTemplates.Values;

namespace Inference.Prompts.GoTemplates.Formatting;

/// <summary>The functions <c>html</c>, <c>js</c> and <c>urlquery</c>.</summary>
internal static class Escapes
{
    public static string Html(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            _ = c switch
            {
                '\0' => escaped.Append('\uFFFD'),
                '"' => escaped.Append("&#34;"),
                '\'' => escaped.Append("&#39;"),
                '&' => escaped.Append("&amp;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                _ => escaped.Append(c),
            };
        }

        return escaped.ToString();
    }

    public static string JavaScript(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '\\' => escaped.Append("\\\\"),
                '\'' => escaped.Append("\\'"),
                '"' => escaped.Append("\\\""),
                < ' ' or '<' or '>' or '&' or '=' => escaped.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:X4}"),
                >= 0x80 when !Characters.IsPrintable(rune) => escaped.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:X4}"),
                _ => escaped.Append(rune.ToString()),
            };
        }

        return escaped.ToString();
    }

    public static string UrlQuery(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var b in GoText.ToBytes(text))
        {
            _ = (char)b switch
            {
                ' ' => escaped.Append('+'),
                '-' or '_' or '.' or '~' => escaped.Append((char)b),
                var c when char.IsAsciiLetterOrDigit(c) => escaped.Append(c),
                _ => escaped.Append(CultureInfo.InvariantCulture, $"%{b:X2}"),
            };
        }

        return escaped.ToString();
    }
}
