using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Inference.GoJson;

/// <summary>A JSON string as written, without its quotes.</summary>
/// <param name="Raw">The bytes between the quotes; escapes are well formed, the UTF-8 need not be.</param>
/// <param name="Escaped">Whether there is a backslash in it.</param>
public readonly record struct GoText(ReadOnlyMemory<byte> Raw, bool Escaped)
{
    /// <summary>The text that Go makes of it: one U+FFFD for each byte that is not UTF-8, and for each half of a surrogate pair.</summary>
    public override string ToString() =>
        !Escaped && Utf8.IsValid(Raw.Span) ? Encoding.UTF8.GetString(Raw.Span) : Unquote(Raw.Span);

    private static string Unquote(ReadOnlySpan<byte> raw)
    {
        var text = new StringBuilder(raw.Length);
        while (raw.Length > 0)
        {
            var plain = raw.IndexOf((byte)'\\');
            AppendUtf8(text, plain < 0 ? raw : raw[..plain]);
            raw = plain < 0 ? [] : AppendEscape(text, raw[plain..]);
        }

        return text.ToString();
    }

    private static void AppendUtf8(StringBuilder text, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            if (Rune.DecodeFromUtf8(bytes, out var rune, out var used) is OperationStatus.Done)
            {
                text.Append(rune.ToString());
            }
            else
            {
                // .NET replaces a broken sequence as a whole, Go byte by byte.
                text.Append('\uFFFD', used);
            }

            bytes = bytes[used..];
        }
    }

    private static ReadOnlySpan<byte> AppendEscape(StringBuilder text, ReadOnlySpan<byte> escape)
    {
        if (escape[1] != 'u')
        {
            text.Append(escape[1] switch
            {
                (byte)'b' => '\b',
                (byte)'f' => '\f',
                (byte)'n' => '\n',
                (byte)'r' => '\r',
                (byte)'t' => '\t',
                var self => (char)self,
            });
            return escape[2..];
        }

        var unit = Unit(escape);
        var rest = escape[6..];
        if (!char.IsSurrogate(unit))
        {
            text.Append(unit);
            return rest;
        }

        if (rest is [(byte)'\\', (byte)'u', ..] && Unit(rest) is var low && char.IsSurrogatePair(unit, low))
        {
            text.Append(unit).Append(low);
            return rest[6..];
        }

        text.Append('\uFFFD');
        return rest;
    }

    private static char Unit(ReadOnlySpan<byte> escape) =>
        (char)((Convert.FromHexString(Encoding.ASCII.GetString(escape[2..4]))[0] << 8) | Convert.FromHexString(Encoding.ASCII.GetString(escape[4..6]))[0]);
}
