using System.Globalization;
using System.Numerics;
using Inference.Errors;

namespace Inference.Prompts.GoTemplates.Syntax;

/// <summary>A number under every type that can hold it, as Go's untyped constants are.</summary>
internal sealed record NumberLiteral(string Text, long? Int, ulong? Uint, double? Float, Complex? Complex)
{
    /// <summary>Written as a fraction or with an exponent: a float even where an integer could hold it.</summary>
    public bool LooksLikeFloat =>
        Float is not null && Text[0] != '\'' && !IsHexInteger && Text.AsSpan().ContainsAny(".eEpP");

    private bool IsHexInteger => Text.Length > 2 && Text[0] == '0' && Text[1] is 'x' or 'X' && !Text.AsSpan().ContainsAny("pP");

    /// <exception cref="FormatException">Not a number; the text is Go's.</exception>
    public static NumberLiteral Parse(string text, TokenKind kind)
    {
        if (kind == TokenKind.CharConstant)
        {
            var value = GoUnquote.Character(text);
            return new NumberLiteral(text, value, (ulong)value, value, null);
        }

        if (kind == TokenKind.Complex)
        {
            return OfComplex(text);
        }

        if (text[^1] == 'i' && ParseFloat(text[..^1]) is { } imaginary)
        {
            return new NumberLiteral(text, null, null, null, new Complex(0, imaginary));
        }

        var integer = ParseInteger(text);
        long? signed = integer is { } i && i >= long.MinValue && i <= long.MaxValue ? (long)i : null;
        ulong? unsigned = integer is { } u && u >= 0 && u <= ulong.MaxValue ? (ulong)u : null;
        if (signed is not null || unsigned is not null)
        {
            return new NumberLiteral(text, signed, unsigned, signed ?? (double)unsigned!.Value, null);
        }

        return OfFloat(text);
    }

    private static NumberLiteral OfFloat(string text)
    {
        if (ParseFloat(text) is not { } f)
        {
            throw new FormatException($"illegal number syntax: {GoQuote.Quote(text)}");
        }

        if (!text.AsSpan().ContainsAny(".eEpP"))
        {
            throw new FormatException($"integer overflow: {GoQuote.Quote(text)}");
        }

        return new NumberLiteral(text, f == Math.Truncate(f) && Math.Abs(f) < 9.2e18 ? (long)f : null, f == Math.Truncate(f) && f is >= 0 and < 1.8e19 ? (ulong)f : null, f, null);
    }

    private static NumberLiteral OfComplex(string text)
    {
        var split = text.AsSpan(1).LastIndexOfAny('+', '-') + 1;
        if (text[split - 1] is 'e' or 'E' or 'p' or 'P')
        {
            split = text.AsSpan(1, split - 2).LastIndexOfAny('+', '-') + 1;
        }

        return ParseFloat(text[..split]) is { } real && ParseFloat(text[split..^1]) is { } imaginary
            ? new NumberLiteral(text, null, null, null, new Complex(real, imaginary))
            : throw new FormatException("syntax error scanning complex number");
    }

    // strconv.ParseInt(text, 0, 64): underscores between digits, and a leading 0 is octal.
    private static BigInteger? ParseInteger(string text)
    {
        var digits = text.TrimStart('+', '-');
        if (text.Length - digits.Length > 1 || digits.Length == 0 || !UnderscoresFit(digits))
        {
            return null;
        }

        var (radix, prefix) = digits.Length > 1 && digits[0] == '0'
            ? char.ToLowerInvariant(digits[1]) switch { 'x' => (16, 2), 'o' => (8, 2), 'b' => (2, 2), _ => (8, 1) }
            : (10, 0);
        var value = BigInteger.Zero;
        var any = prefix == 1;
        foreach (var c in digits.AsSpan(prefix))
        {
            if (c == '_')
            {
                continue;
            }

            if (!char.IsAsciiHexDigit(c) || Convert.ToInt32(c.ToString(), 16) >= radix)
            {
                return null;
            }

            value = (value * radix) + Convert.ToInt32(c.ToString(), 16);
            any = true;
        }

        return any ? text[0] == '-' ? -value : value : null;
    }

    // Only between digits, or between the prefix and a digit.
    private static bool UnderscoresFit(string digits) =>
        digits[0] != '_' && digits[^1] != '_' && !digits.Contains("__", StringComparison.Ordinal);

    private static double? ParseFloat(string text)
    {
        var digits = text.TrimStart('+', '-');
        if (digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            return HexFloat(text, digits[2..]);
        }

        // Underscores belong to literals with a prefix of their base; strconv.ParseFloat takes them in no other.
        return !text.Contains('_', StringComparison.Ordinal)
            && double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var value)
            && double.IsFinite(value)
            ? value
            : null;
    }

    private static double? HexFloat(string text, string digits)
    {
        var exponentAt = digits.AsSpan().IndexOfAny('p', 'P');
        if (exponentAt <= 0 || !int.TryParse(digits.AsSpan(exponentAt + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var exponent))
        {
            return null;
        }

        var mantissa = digits[..exponentAt].Replace("_", "", StringComparison.Ordinal);
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        var fraction = point < 0 ? 0 : mantissa.Length - point - 1;
        if (!BigInteger.TryParse("0" + mantissa.Replace(".", "", StringComparison.Ordinal), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
        {
            return null;
        }

        var result = Math.ScaleB((double)value, exponent - (4 * fraction));
        return double.IsFinite(result) ? text[0] == '-' ? -result : result : null;
    }
}
