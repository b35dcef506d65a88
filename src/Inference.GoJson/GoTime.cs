using System.Globalization;

namespace Inference.GoJson;

/// <summary>Times as Go prints them in JSON: RFC 3339 with as many digits of the second as are not zero, and Z for an offset of none.</summary>
internal static class GoTime
{
    /// <summary>2006-01-02T15:04:05.9999999+07:00.</summary>
    public const int LongestText = 33;

    public static int Format(DateTimeOffset time, Span<byte> text)
    {
        time.TryFormat(text, out var at, "yyyy-MM-ddTHH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture);
        if (time.Offset == TimeSpan.Zero)
        {
            text[at] = (byte)'Z';
            return at + 1;
        }

        time.TryFormat(text[at..], out var zone, "zzz", CultureInfo.InvariantCulture);
        return at + zone;
    }
}
