using System.Globalization;
using System.Text;
using Inference.Prompts.GoTemplates.Values;

namespace Inference.Prompts.GoTemplates.Syntax;

/// <summary>Go's <c>strconv.Unquote</c>: what a literal stands for.</summary>
internal static class GoUnquote
{
    private const string SyntaxError = "invalid syntax";

    /// <param name="quoted">With its quotes, double or back.</param>
    /// <exception cref="FormatException">A bad escape; the text is Go's.</exception>
    public static string Text(string quoted)
    {
        var inner = quoted[1..^1];
        if (quoted[0] == '`')
        {
            return inner.Replace("\r", "", StringComparison.Ordinal);
        }

        if (!inner.Contains('\\', StringComparison.Ordinal))
        {
            return inner;
        }

        var bytes = new List<byte>(inner.Length);
        Span<byte> encoded = stackalloc byte[4];
        for (var at = 0; at < inner.Length;)
        {
            var (value, isByte) = Next(inner, ref at, '"');
            if (isByte)
            {
                bytes.Add((byte)value);
            }
            else
            {
                bytes.AddRange(encoded[..new Rune(value).EncodeToUtf8(encoded)]);
            }
        }

        return GoText.FromBytes([.. bytes]);
    }

    /// <param name="quoted">With its single quotes.</param>
    /// <exception cref="FormatException">Not one character; the text is Go's.</exception>
    public static int Character(string quoted)
    {
        var inner = quoted[1..^1];
        var at = 0;
        if (inner.Length == 0)
        {
            throw new FormatException(SyntaxError);
        }

        var (value, _) = Next(inner, ref at, '\'');
        return at == inner.Length ? value : throw new FormatException($"malformed character constant: {quoted}");
    }

    private static (int Value, bool IsByte) Next(string text, ref int at, char quote)
    {
        if (text[at] != '\\')
        {
            var rune = Rune.TryGetRuneAt(text, at, out var known) ? known : Rune.ReplacementChar;
            at += rune.Utf16SequenceLength;
            return (rune.Value, false);
        }

        var escape = at + 1 < text.Length ? text[at + 1] : throw new FormatException(SyntaxError);
        at += 2;
        switch (escape)
        {
            case 'x':
                return (Digits(text, ref at, 2, 16), true);
            case 'u':
                return (Valid(Digits(text, ref at, 4, 16)), false);
            case 'U':
                return (Valid(Digits(text, ref at, 8, 16)), false);
            case >= '0' and <= '7':
                at--;
                var value = Digits(text, ref at, 3, 8);
                return value <= 255 ? (value, true) : throw new FormatException(SyntaxError);
            default:
                return (Simple(escape, quote), false);
        }
    }

    private static int Simple(char escape, char quote) => escape switch
    {
        'a' => '\a',
        'b' => '\b',
        'f' => '\f',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\v',
        '\\' => '\\',
        _ when escape == quote => quote,
        _ => throw new FormatException(SyntaxError),
    };

    private static int Digits(string text, ref int at, int count, int radix)
    {
        long value = 0;
        for (var end = at + count; at < end; at++)
        {
            if (at >= text.Length || !char.IsAsciiHexDigit(text[at]))
            {
                throw new FormatException(SyntaxError);
            }

            var digit = int.Parse(text.AsSpan(at, 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            value = digit < radix ? (value * radix) + digit : throw new FormatException(SyntaxError);
        }

        return value <= int.MaxValue ? (int)value : throw new FormatException(SyntaxError);
    }

    private static int Valid(int value) => Rune.IsValid(value) ? value : throw new FormatException(SyntaxError);
}
