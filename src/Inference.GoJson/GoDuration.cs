using System.Globalization;
using System.Text;

namespace Inference.GoJson;

/// <summary>Go's time.ParseDuration, with its errors.</summary>
public static class GoDuration
{
    private const ulong Limit = 1UL << 63;

    /// <summary>Nanoseconds, or what is wrong.</summary>
    public static bool TryParse(string text, out long nanoseconds, out string problem)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        nanoseconds = 0;
        problem = Parse(bytes, out nanoseconds);
        return problem.Length == 0;
    }

    private static string Parse(byte[] text, out long nanoseconds)
    {
        nanoseconds = 0;
        ReadOnlySpan<byte> rest = text;
        var negative = false;
        if (rest is [(byte)'-' or (byte)'+', ..])
        {
            negative = rest[0] == '-';
            rest = rest[1..];
        }

        if (rest is [(byte)'0'])
        {
            return "";
        }

        if (rest.IsEmpty)
        {
            return $"time: invalid duration {Quote(text)}";
        }

        ulong total = 0;
        while (!rest.IsEmpty)
        {
            if (Next(ref rest, text, out var part) is { Length: > 0 } problem)
            {
                return problem;
            }

            total += part;
            if (total > Limit)
            {
                return $"time: invalid duration {Quote(text)}";
            }
        }

        if (!negative && total > Limit - 1)
        {
            return $"time: invalid duration {Quote(text)}";
        }

        nanoseconds = negative ? unchecked(-(long)total) : (long)total;
        return "";
    }

    // One number and its unit: [0-9]*(\.[0-9]*)?[a-z]+
    private static string Next(ref ReadOnlySpan<byte> rest, byte[] whole, out ulong nanoseconds)
    {
        nanoseconds = 0;
        var invalid = $"time: invalid duration {Quote(whole)}";
        if (rest[0] != '.' && !char.IsAsciiDigit((char)rest[0]))
        {
            return invalid;
        }

        var before = rest.Length;
        ulong value = 0;
        for (; rest is [>= (byte)'0' and <= (byte)'9', ..]; rest = rest[1..])
        {
            if (value > Limit / 10 || (value = (value * 10) + (ulong)(rest[0] - '0')) > Limit)
            {
                return invalid;
            }
        }

        var digits = before != rest.Length;
        ulong fraction = 0;
        double scale = 1;
        if (rest is [(byte)'.', ..])
        {
            rest = rest[1..];
            before = rest.Length;
            Fraction(ref rest, out fraction, out scale);
            digits |= before != rest.Length;
        }

        if (!digits)
        {
            return invalid;
        }

        var end = rest.IndexOfAnyInRange((byte)'0', (byte)'9') is var digit and >= 0 ? digit : rest.Length;
        end = rest.IndexOf((byte)'.') is var dot and >= 0 && dot < end ? dot : end;
        if (end == 0)
        {
            return $"time: missing unit in duration {Quote(whole)}";
        }

        var name = rest[..end];
        rest = rest[end..];
        if (Unit(name) is not { } unit)
        {
            return $"time: unknown unit {Quote(name)} in duration {Quote(whole)}";
        }

        if (value > Limit / unit)
        {
            return invalid;
        }

        nanoseconds = (value * unit) + (fraction > 0 ? (ulong)(fraction * (unit / scale)) : 0);
        return nanoseconds > Limit ? invalid : "";
    }

    // leadingFraction: digits beyond what fits are read and forgotten.
    private static void Fraction(ref ReadOnlySpan<byte> rest, out ulong value, out double scale)
    {
        value = 0;
        scale = 1;
        var full = false;
        for (; rest is [>= (byte)'0' and <= (byte)'9', ..]; rest = rest[1..])
        {
            if (full || value > (Limit - 1) / 10)
            {
                full = true;
                continue;
            }

            var next = (value * 10) + (ulong)(rest[0] - '0');
            if (next > Limit)
            {
                full = true;
                continue;
            }

            value = next;
            scale *= 10;
        }
    }

    private static ulong? Unit(ReadOnlySpan<byte> name) => Encoding.UTF8.GetString(name) switch
    {
        "ns" => 1,
        "us" or "\u00B5s" or "\u03BCs" => 1_000,
        "ms" => 1_000_000,
        "s" => 1_000_000_000,
        "m" => 60_000_000_000,
        "h" => 3_600_000_000_000,
        _ => null,
    };

    // time.quote: its own, because strconv would make the package bigger.
    private static string Quote(ReadOnlySpan<byte> text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in text)
        {
            _ = c switch
            {
                (byte)'"' or (byte)'\\' => quoted.Append('\\').Append((char)c),
                < 0x20 or >= 0x80 => quoted.Append(CultureInfo.InvariantCulture, $"\\x{c:x2}"),
                _ => quoted.Append((char)c),
            };
        }

        return quoted.Append('"').ToString();
    }
}
