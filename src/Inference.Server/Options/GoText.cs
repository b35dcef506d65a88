using System.Globalization;
using Inference.GoJson;

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
        GoDuration.TryParse(text, out var nanoseconds, out _) ? TimeSpan.FromTicks(nanoseconds / TimeSpan.NanosecondsPerTick)
        : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds) && seconds is > -Longest and < Longest ? TimeSpan.FromSeconds(seconds)
        : null;

    // time.Duration holds 2^63 nanoseconds.
    private const long Longest = long.MaxValue / 1_000_000_000;
}
