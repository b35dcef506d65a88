using System.Globalization;
using System.Numerics;
using System.Text;
using Inference.Errors;
using Inference.Prompts.GoTemplates.Syntax;
using Inference.Prompts.GoTemplates.Values;

namespace Inference.Prompts.GoTemplates.Formatting;

/// <summary>Writes single values under flags, as the lower half of Go's <c>fmt</c> does.</summary>
internal sealed class ScalarFormatter(StringBuilder output, FormatFlags flags)
{
    public void Pad(string text)
    {
        var missing = (flags.Width ?? 0) - text.EnumerateRunes().Count();
        if (missing <= 0)
        {
            output.Append(text);
        }
        else if (flags.Minus)
        {
            output.Append(text).Append(' ', missing);
        }
        else
        {
            output.Append(flags.Zero ? '0' : ' ', missing).Append(text);
        }
    }

    public void Integer(long value, bool unsigned, int radix, char verb)
    {
        var negative = !unsigned && value < 0;
        var digits = Digits(negative ? (ulong)-value : (ulong)value, radix, verb == 'X');
        var (width, zero) = (flags.Width, flags.Zero);
        var precision = flags.Precision;
        if (precision == 0 && value == 0)
        {
            flags.Zero = false;
            Pad(new string(' ', width ?? 0));
            flags.Zero = zero;
            return;
        }

        if (precision is null && zero && !flags.Minus && width is { } wanted)
        {
            precision = wanted - (negative || flags.Plus || flags.Space ? 1 : 0);
        }

        digits = digits.PadLeft(precision ?? 0, '0');
        var prefix = verb == 'O' ? "0o" : !flags.Sharp ? "" : radix switch
        {
            2 => "0b",
            8 => digits[0] == '0' ? "" : "0",
            16 => verb == 'X' ? "0X" : "0x",
            _ => "",
        };
        flags.Zero = false;
        Pad((negative ? "-" : flags.Plus ? "+" : flags.Space ? " " : "") + prefix + digits);
        flags.Zero = zero;
    }

    public void Character(long value)
    {
        Pad(RuneOf(value).ToString());
    }

    public void QuotedCharacter(long value)
    {
        var rune = RuneOf(value);
        var quoted = rune.Value == '\'' ? "\\'" : rune.Value == '"' ? "\"" : Quoted(rune.ToString())[1..^1];
        Pad($"'{quoted}'");
    }

    public void Unicode(long value)
    {
        var rune = Rune.IsValid((int)value) ? new Rune((int)value) : (Rune?)null;
        var digits = value.ToString("X", CultureInfo.InvariantCulture).PadLeft(Math.Max(flags.Precision ?? 4, 4), '0');
        var zero = flags.Zero;
        flags.Zero = false;
        Pad($"U+{digits}" + (flags.Sharp && rune is { } known && Characters.IsPrintable(known) ? $" '{known}'" : ""));
        flags.Zero = zero;
    }

    public void Float(double value, char verb, int precision)
    {
        var text = GoJson.GoFloatText.Format(value, verb, flags.Precision ?? precision);
        if (text[0] is not ('-' or '+'))
        {
            text = "+" + text;
        }

        if (flags.Space && text[0] == '+' && !flags.Plus)
        {
            text = " " + text[1..];
        }

        var finite = double.IsFinite(value);
        if (finite && flags.Sharp && verb != 'b')
        {
            text = WithPoint(text, verb);
        }

        var zero = flags.Zero;
        flags.Zero &= finite;
        if (flags.Plus || text[0] != '+')
        {
            // The sign stands before the zeros.
            if (flags.Zero && !flags.Minus && flags.Width > text.Length)
            {
                output.Append(text[0]);
                flags.Width--;
                Pad(text[1..]);
                flags.Width++;
            }
            else
            {
                Pad(text);
            }
        }
        else
        {
            Pad(text[1..]);
        }

        flags.Zero = zero;
    }

    public void Complex(Complex value, char verb, int precision)
    {
        var plus = flags.Plus;
        output.Append('(');
        Float(value.Real, verb, precision);
        flags.Plus = true;
        Float(value.Imaginary, verb, precision);
        output.Append("i)");
        flags.Plus = plus;
    }

    public void Text(string text) => Pad(Truncate(text));

    public void QuotedText(string text)
    {
        var cut = Truncate(text);
        Pad(flags.Sharp && !cut.Any(static c => c is '`' or '\uFEFF' or '\u007F' || (c < ' ' && c != '\t')) ? $"`{cut}`" : Quoted(cut));
    }

    public void Hexadecimal(ReadOnlySpan<byte> bytes, bool upper)
    {
        var count = Math.Min(flags.Precision ?? bytes.Length, bytes.Length);
        var text = new StringBuilder();
        for (var i = 0; i < count; i++)
        {
            text.Append(flags.Space && i > 0 ? " " : "");
            text.Append(flags.Sharp && (flags.Space || i == 0) ? upper ? "0X" : "0x" : "");
            text.Append(bytes[i].ToString(upper ? "X2" : "x2", CultureInfo.InvariantCulture));
        }

        Pad(text.ToString());
    }

    private static Rune RuneOf(long value) => value is >= 0 and <= 0x10FFFF && Rune.IsValid((int)value) ? new Rune((int)value) : Rune.ReplacementChar;

    private static string Digits(ulong value, int radix, bool upper)
    {
        if (radix == 10)
        {
            return value.ToString(CultureInfo.InvariantCulture);
        }

        var bits = radix == 2 ? 1 : radix == 8 ? 3 : 4;
        var digits = new StringBuilder();
        do
        {
            digits.Insert(0, (upper ? "0123456789ABCDEF" : "0123456789abcdef")[(int)(value & ((1UL << bits) - 1))]);
            value >>= bits;
        }
        while (value > 0);

        return digits.ToString();
    }

    // %#g keeps the point and the zeros that the precision asks for.
    private string WithPoint(string text, char verb)
    {
        var exponentAt = text.AsSpan().IndexOfAny("eEpP");
        var (number, tail) = exponentAt < 0 ? (text, "") : (text[..exponentAt], text[exponentAt..]);
        var wanted = verb is 'g' or 'G' ? flags.Precision ?? 6 : 0;
        var digits = number.Count(char.IsAsciiDigit);
        var significant = number.SkipWhile(static c => c is not (>= '1' and <= '9')).Count(char.IsAsciiDigit);
        number += number.Contains('.', StringComparison.Ordinal) ? "" : ".";
        return number + new string('0', Math.Max(wanted - (significant == 0 ? digits : significant), 0)) + tail;
    }

    private string Quoted(string text) => flags.Plus ? QuoteAscii(text) : GoQuote.Quote(GoText.Settle(text));

    private static string QuoteAscii(string text)
    {
        var quoted = new StringBuilder();
        foreach (var rune in GoQuote.Quote(GoText.Settle(text)).EnumerateRunes())
        {
            _ = rune.Value switch
            {
                < 0x80 => quoted.Append(rune.ToString()),
                < 0x10000 => quoted.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}"),
                _ => quoted.Append(CultureInfo.InvariantCulture, $"\\U{rune.Value:x8}"),
            };
        }

        return quoted.ToString();
    }

    private string Truncate(string text) =>
        flags.Precision is { } count && count < text.Length ? string.Concat(text.EnumerateRunes().Take(count).Select(static r => r.ToString())) : text;
}
