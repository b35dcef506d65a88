using System.Buffers;
using System.Globalization;

namespace Inference.Server.Options;

/// <summary>How Go, and so Ollama's envconfig, reads a value out of a text.</summary>
internal static class GoText
{
    /// <summary>Spaces and quotes around a variable's value are not part of it.</summary>
    public static string Trim(string text) => text.Trim().Trim('"', '\'');

    /// <summary>strconv.ParseBool; null where that is an error.</summary>
    public static bool? Bool(string text) => text switch
    {
        "1" or "t" or "T" or "TRUE" or "true" or "True" => true,
        "0" or "f" or "F" or "FALSE" or "false" or "False" => false,
        _ => null,
    };

    /// <summary>A Go duration such as <c>1h30m</c> or <c>300ms</c>, or a bare number of seconds; null for anything else.</summary>
    public static TimeSpan? Duration(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds) ? Seconds(seconds) : Parts(text);

    private static TimeSpan? Seconds(long seconds) =>
        seconds is > -Longest and < Longest ? TimeSpan.FromSeconds(seconds) : null;

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");

    // time.Duration holds 2^63 nanoseconds.
    private const long Longest = long.MaxValue / 1_000_000_000;

    private static TimeSpan? Parts(string text)
    {
        var rest = text.AsSpan();
        var negative = rest.StartsWith("-");
        if (negative || rest.StartsWith("+"))
        {
            rest = rest[1..];
        }

        if (rest.IsEmpty)
        {
            return null;
        }

        decimal ticks = 0;
        while (!rest.IsEmpty)
        {
            var number = rest.IndexOfAnyExcept(Digits);
            if (number <= 0 || !decimal.TryParse(rest[..number], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value))
            {
                return null; // no number, or no unit behind it
            }

            rest = rest[number..];
            var end = rest.IndexOfAny(Digits);
            var unit = end < 0 ? rest : rest[..end];
            if (TicksOf(unit) is not { } scale || value > Longest)
            {
                return null;
            }

            ticks += value * scale;
            rest = rest[unit.Length..];
        }

        return ticks / TimeSpan.TicksPerSecond >= Longest ? null : TimeSpan.FromTicks((long)(negative ? -ticks : ticks));
    }

    private static decimal? TicksOf(ReadOnlySpan<char> unit) => unit switch
    {
        "ns" => 0.01m,
        "us" or "\u00b5s" or "\u03bcs" => TimeSpan.TicksPerMicrosecond,
        "ms" => TimeSpan.TicksPerMillisecond,
        "s" => TimeSpan.TicksPerSecond,
        "m" => TimeSpan.TicksPerMinute,
        "h" => TimeSpan.TicksPerHour,
        _ => null,
    };
}
