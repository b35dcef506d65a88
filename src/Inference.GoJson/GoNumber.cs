using System.Buffers.Text;
using System.Globalization;

namespace Inference.GoJson;

/// <summary>
/// Floating-point numbers as encoding/json prints them: the shortest digits that read back the same, plainly from 1e-6 up to
/// below 1e21, else with an exponent without leading zeros.
/// </summary>
internal static class GoNumber
{
    /// <summary>Room for any number: 21 digits before the point, or 0.000001 and 17 digits, and a sign.</summary>
    public const int LongestText = 32;

    // Beyond the shortest digits there is the sign, the point and an exponent of up to E-324.
    private const int LongestScientific = 32;

    public static int Format(double value, Span<byte> text)
    {
        Span<byte> scientific = stackalloc byte[LongestScientific];
        value.TryFormat(scientific, out var length, "R", CultureInfo.InvariantCulture);
        return Arrange(scientific[..length], Math.Abs(value) is > 0 and (< 1e-6 or >= 1e21), text);
    }

    public static int Format(float value, Span<byte> text)
    {
        Span<byte> scientific = stackalloc byte[LongestScientific];
        value.TryFormat(scientific, out var length, "R", CultureInfo.InvariantCulture);
        return Arrange(scientific[..length], Math.Abs(value) is > 0 and (< 1e-6f or >= 1e21f), text);
    }

    // .NET has the same digits but other rules for where the point goes.
    private static int Arrange(ReadOnlySpan<byte> shortest, bool exponential, Span<byte> text)
    {
        Span<byte> digits = stackalloc byte[LongestScientific];
        var (count, point) = Take(shortest, digits);
        var at = 0;
        if (shortest[0] == '-')
        {
            text[at++] = (byte)'-';
        }

        return exponential ? Exponential(digits[..count], point, text, at) : Plain(digits[..count], point, text, at);
    }

    // The significant digits, and how many of them stand before the point.
    private static (int Count, int Point) Take(ReadOnlySpan<byte> shortest, Span<byte> digits)
    {
        var exponent = 0;
        if (shortest.IndexOf((byte)'E') is var e and >= 0)
        {
            exponent = int.Parse(shortest[(e + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
            shortest = shortest[..e];
        }

        var count = 0;
        int? point = null;
        foreach (var c in shortest)
        {
            if (c == '.')
            {
                point = count;
            }
            else if (c != '-')
            {
                digits[count++] = c;
            }
        }

        var before = point ?? count;
        var leading = digits[..count].IndexOfAnyExcept((byte)'0') is var first and >= 0 ? first : count - 1;
        digits[leading..count].CopyTo(digits);
        count -= leading;
        var trailing = digits[..count].LastIndexOfAnyExcept((byte)'0');
        return (Math.Max(trailing + 1, 1), before - leading + exponent);
    }

    private static int Plain(ReadOnlySpan<byte> digits, int point, Span<byte> text, int at)
    {
        if (point <= 0)
        {
            "0."u8.CopyTo(text[at..]);
            at += 2;
            text.Slice(at, -point).Fill((byte)'0');
            at -= point;
        }

        for (var i = 0; i < Math.Max(point, digits.Length); i++)
        {
            if (i == point && point > 0)
            {
                text[at++] = (byte)'.';
            }

            text[at++] = i < digits.Length ? digits[i] : (byte)'0';
        }

        return at;
    }

    private static int Exponential(ReadOnlySpan<byte> digits, int point, Span<byte> text, int at)
    {
        text[at++] = digits[0];
        if (digits.Length > 1)
        {
            text[at++] = (byte)'.';
            digits[1..].CopyTo(text[at..]);
            at += digits.Length - 1;
        }

        var exponent = point - 1;
        text[at++] = (byte)'e';
        text[at++] = (byte)(exponent < 0 ? '-' : '+');
        Utf8Formatter.TryFormat(Math.Abs(exponent), text[at..], out var written);
        return at + written;
    }
}
