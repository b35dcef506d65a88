using System.Globalization;
using System.Numerics;

namespace Inference.GoJson;

/// <summary>The digits of a number: 0.<paramref name="Digits"/> × 10^<paramref name="Exponent"/>; none for zero.</summary>
internal readonly record struct DecimalDigits(string Digits, int Exponent)
{
    /// <summary>The fewest that read back as the same number.</summary>
    public static DecimalDigits Shortest(double value)
    {
        var round = Math.Abs(value).ToString("R", CultureInfo.InvariantCulture);
        var exponentAt = round.IndexOf('E', StringComparison.Ordinal);
        var exponent = exponentAt < 0 ? 0 : int.Parse(round.AsSpan(exponentAt + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return Normal(exponentAt < 0 ? round : round[..exponentAt], exponent);
    }

    /// <summary>All of them.</summary>
    public static DecimalDigits Exact(double value)
    {
        var bits = BitConverter.DoubleToInt64Bits(Math.Abs(value));
        var biased = (int)(bits >> 52);
        var mantissa = (bits & 0xF_FFFF_FFFF_FFFF) | (biased == 0 ? 0 : 1L << 52);
        var power = Math.Max(biased, 1) - 1075;
        return power >= 0
            ? Normal((new BigInteger(mantissa) << power).ToString(CultureInfo.InvariantCulture), 0)
            : Normal((mantissa * BigInteger.Pow(5, -power)).ToString(CultureInfo.InvariantCulture), power);
    }

    /// <summary>Cut to <paramref name="count"/> digits; a half goes to the even digit.</summary>
    public DecimalDigits Round(int count)
    {
        if (count >= Digits.Length)
        {
            return this;
        }

        if (count < 0)
        {
            return new DecimalDigits("", 0);
        }

        var up = Digits[count] > '5' || (Digits[count] == '5' && (Digits.AsSpan(count + 1).TrimEnd('0').Length > 0 || (count > 0 && (Digits[count - 1] - '0') % 2 == 1)));
        if (!up)
        {
            return new DecimalDigits(Digits[..count].TrimEnd('0'), Exponent);
        }

        var kept = Digits[..count].TrimEnd('9');
        return kept.Length == 0
            ? new DecimalDigits("1", Exponent + 1)
            : new DecimalDigits(kept[..^1] + (char)(kept[^1] + 1), Exponent);
    }

    /// <summary>The digit at <paramref name="index"/>; zeros before and behind.</summary>
    public char At(int index) => index >= 0 && index < Digits.Length ? Digits[index] : '0';

    private static DecimalDigits Normal(string number, int exponent)
    {
        var point = number.IndexOf('.', StringComparison.Ordinal);
        var all = number.Replace(".", "", StringComparison.Ordinal);
        var leading = all.Length - all.TrimStart('0').Length;
        var digits = all.Trim('0');
        return digits.Length == 0 ? new DecimalDigits("", 0) : new DecimalDigits(digits, exponent + (point < 0 ? all.Length : point) - leading);
    }
}
