using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;

namespace Inference.FuzzTests.Texts;

/// <summary>time.ParseDuration over again: a regular expression and whole numbers without a limit.</summary>
internal static partial class DurationReference
{
    private static readonly BigInteger Limit = BigInteger.One << 63;

    /// <summary>Nanoseconds; null for what is no duration.</summary>
    public static long? Read(string text)
    {
        if (Zero().IsMatch(text))
        {
            return 0;
        }

        var match = Whole().Match(text);
        if (!match.Success)
        {
            return null;
        }

        var total = BigInteger.Zero;
        var (numbers, units) = (match.Groups["number"].Captures, match.Groups["unit"].Captures);
        for (var i = 0; i < numbers.Count; i++)
        {
            if (Part(numbers[i].Value, Unit(units[i].Value)) is not { } part)
            {
                return null;
            }

            // The sum has 64 bits there, and two halves of it are nothing.
            total = (total + part) % (BigInteger.One << 64);
            if (total > Limit)
            {
                return null;
            }
        }

        total = text[0] == '-' ? -total : total;
        return total >= Limit ? null : (long)total;
    }

    private static BigInteger? Part(string number, long unit)
    {
        var dot = number.IndexOf('.', StringComparison.Ordinal);
        var (whole, fraction) = dot < 0 ? (number, "") : (number[..dot], number[(dot + 1)..]);
        var value = whole.Length > 0 ? BigInteger.Parse(whole, CultureInfo.InvariantCulture) : 0;
        if (value > Limit || value * unit > Limit)
        {
            return null;
        }

        // The fraction is a float there: as many digits as 63 bits hold, times the unit over the scale.
        var kept = fraction;
        while (kept.Length > 0 && BigInteger.Parse(kept, CultureInfo.InvariantCulture) > Limit - 1)
        {
            kept = kept[..^1];
        }

        var rest = kept.Length > 0 ? (BigInteger)((double)(ulong)BigInteger.Parse(kept, CultureInfo.InvariantCulture) * (unit / Math.Pow(10, kept.Length))) : 0;
        return (value * unit) + rest;
    }

    private static long Unit(string name) => name switch
    {
        "ns" => 1,
        "us" or "\u00B5s" or "\u03BCs" => 1_000,
        "ms" => 1_000_000,
        "s" => 1_000_000_000,
        "m" => 60_000_000_000,
        _ => 3_600_000_000_000,
    };

    [GeneratedRegex("^[-+]?0\\z")]
    private static partial Regex Zero();

    [GeneratedRegex("^[-+]?((?<number>[0-9]+\\.?[0-9]*|\\.[0-9]+)(?<unit>ns|us|\u00B5s|\u03BCs|ms|s|m|h))+\\z")]
    private static partial Regex Whole();
}
