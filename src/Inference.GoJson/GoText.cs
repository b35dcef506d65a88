using System.Buffers;
using System.Buffers.Text;
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

    /// <summary>Any text, with one U+FFFD for each byte that is not UTF-8: .NET replaces a broken sequence as a whole.</summary>
    internal static string FromUtf8(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        AppendUtf8(text, bytes);
        return text.ToString();
    }

    /// <summary>The UTF-16 unit of the <c>\uXXXX</c> that the bytes begin with, or -1 if they do not.</summary>
    internal static int Unit(ReadOnlySpan<byte> bytes) =>
        bytes is [(byte)'\\', (byte)'u', _, _, _, _, ..] && Utf8Parser.TryParse(bytes[2..6], out ushort unit, out var used, 'x') && used == 4 ? unit : -1;

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
        Span<char> chars = stackalloc char[256];
        while (bytes.Length > 0)
        {
            var status = Utf8.ToUtf16(bytes, chars, out var read, out var written, replaceInvalidSequences: false);
            text.Append(chars[..written]);
            bytes = bytes[read..];
            if (status is OperationStatus.InvalidData)
            {
                // .NET replaces a broken sequence as a whole, Go byte by byte.
                Rune.DecodeFromUtf8(bytes, out _, out var broken);
                text.Append('\uFFFD', broken);
                bytes = bytes[broken..];
            }
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

        var unit = (char)Unit(escape);
        var rest = escape[6..];
        if (!char.IsSurrogate(unit))
        {
            text.Append(unit);
            return rest;
        }

        if (Unit(rest) is var low and >= 0 && char.IsSurrogatePair(unit, (char)low))
        {
            text.Append(unit).Append((char)low);
            return rest[6..];
        }

        text.Append('\uFFFD');
        return rest;
    }
}
