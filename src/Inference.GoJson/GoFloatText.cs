using System.Globalization;
using System.Numerics;

namespace Inference.GoJson;

/// <summary>Go's <c>strconv.FormatFloat</c> for 64 bits.</summary>
public static class GoFloatText
{
    /// <summary>The number as a text; infinities and NaN have Go's names.</summary>
    /// <param name="value">The number.</param>
    /// <param name="format"><c>e</c>, <c>f</c>, <c>g</c>, <c>b</c>, <c>x</c>, or a capital.</param>
    /// <param name="precision">Digits; -1 for as many as it takes to read the same number back.</param>
    public static string Format(double value, char format, int precision)
    {
        if (!double.IsFinite(value))
        {
            return double.IsNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
        }

        var sign = double.IsNegative(value) ? "-" : "";
        var text = format switch
        {
            'b' => Binary(value),
            'x' or 'X' => Hexadecimal(value, precision),
            'f' or 'F' => Fixed(value, precision),
            'e' or 'E' => Scientific(precision < 0 ? DecimalDigits.Shortest(value) : DecimalDigits.Exact(value).Round(precision + 1), precision),
            _ => General(value, precision),
        };
        return sign + (format is 'E' or 'G' or 'X' ? text.ToUpperInvariant() : text);
    }

    private static string General(double value, int precision)
    {
        var wanted = precision == 0 ? 1 : precision;
        var digits = precision < 0 ? DecimalDigits.Shortest(value) : DecimalDigits.Exact(value).Round(wanted);
        var threshold = precision < 0 ? 6 : wanted > digits.Digits.Length && digits.Digits.Length >= digits.Exponent ? digits.Digits.Length : wanted;
        var exponent = digits.Digits.Length == 0 ? 0 : digits.Exponent - 1;
        if (digits.Digits.Length > 0 && (exponent < -4 || exponent >= threshold))
        {
            return Scientific(digits, Math.Min(precision < 0 ? int.MaxValue : wanted, Math.Max(digits.Digits.Length, 1)) - 1);
        }

        return Fixed(digits, Math.Max(digits.Digits.Length - digits.Exponent, 0));
    }

    private static string Fixed(double value, int precision)
    {
        if (precision < 0)
        {
            var shortest = DecimalDigits.Shortest(value);
            return Fixed(shortest, Math.Max(shortest.Digits.Length - shortest.Exponent, 0));
        }

        var exact = DecimalDigits.Exact(value);
        return Fixed(exact.Round(exact.Exponent + precision), precision);
    }

    private static string Fixed(DecimalDigits digits, int precision)
    {
        var whole = digits.Exponent > 0 ? string.Create(digits.Exponent, digits, static (span, d) => Fill(span, d, 0)) : "0";
        return precision > 0 ? whole + "." + string.Create(precision, digits, static (span, d) => Fill(span, d, d.Exponent)) : whole;
    }

    private static string Scientific(DecimalDigits digits, int precision)
    {
        var fraction = precision < 0 ? Math.Max(digits.Digits.Length - 1, 0) : precision;
        var mantissa = digits.At(0) + (fraction > 0 ? "." + string.Create(fraction, digits, static (span, d) => Fill(span, d, 1)) : "");
        var exponent = digits.Digits.Length == 0 ? 0 : digits.Exponent - 1;
        return $"{mantissa}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}";
    }

    private static void Fill(Span<char> span, DecimalDigits digits, int from)
    {
        for (var i = 0; i < span.Length; i++)
        {
            span[i] = digits.At(from + i);
        }
    }

    private static (long Mantissa, int Power) Parts(double value)
    {
        var bits = BitConverter.DoubleToInt64Bits(Math.Abs(value));
        var biased = (int)(bits >> 52);
        return ((bits & 0xF_FFFF_FFFF_FFFF) | (biased == 0 ? 0 : 1L << 52), Math.Max(biased, 1) - 1075);
    }

    private static string Binary(double value)
    {
        var (mantissa, power) = Parts(value);
        return $"{mantissa.ToString(CultureInfo.InvariantCulture)}p{(power < 0 ? '-' : '+')}{Math.Abs(power)}";
    }

    // 0x1.8p+01: one digit before the point, the exponent of two in at least two digits.
    private static string Hexadecimal(double value, int precision)
    {
        var (mantissa, power) = Parts(value);
        var exponent = mantissa == 0 ? 0 : power + 52;
        while (mantissa != 0 && mantissa < 1L << 52)
        {
            (mantissa, exponent) = (mantissa << 1, exponent - 1);
        }

        if (precision is >= 0 and < 13)
        {
            var dropped = 52 - (4 * precision);
            var half = BigInteger.One << (dropped - 1);
            var rest = new BigInteger(mantissa) & ((BigInteger.One << dropped) - 1);
            mantissa >>= dropped;
            mantissa += rest > half || (rest == half && (mantissa & 1) == 1) ? 1 : 0;
            mantissa <<= dropped;
            if (mantissa >= 1L << 53)
            {
                (mantissa, exponent) = (mantissa >> 1, exponent + 1);
            }
        }

        var digits = (mantissa & 0xF_FFFF_FFFF_FFFF).ToString("x13", CultureInfo.InvariantCulture);
        digits = precision < 0 ? digits.TrimEnd('0') : digits.PadRight(precision, '0')[..precision];
        return $"0x{mantissa >> 52}{(digits.Length > 0 ? "." : "")}{digits}p{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}";
    }
}
