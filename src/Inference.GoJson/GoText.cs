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
        !Escaped && Utf8.IsValid(Raw.Span) ? Encoding.UTF8.GetString(Raw.Span) : Read(Raw.Span, Escaped);

    /// <summary>Any text, with one U+FFFD for each byte that is not UTF-8: .NET replaces a broken sequence as a whole.</summary>
    internal static string FromUtf8(ReadOnlySpan<byte> bytes) => Read(bytes, escaped: false);

    /// <summary>The UTF-16 unit of the <c>\uXXXX</c> that the bytes begin with, or -1 if they do not.</summary>
    internal static int Unit(ReadOnlySpan<byte> bytes) => bytes is [(byte)'\\', (byte)'u', ..] ? Digits(bytes) : -1;

    /// <summary>The number of the four digits behind the first two bytes, whatever these are, or -1.</summary>
    internal static int Digits(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= 6 && Utf8Parser.TryParse(bytes[2..6], out ushort unit, out var used, 'x') && used == 4 ? unit : -1;

    /// <summary>What the escape of one letter stands for.</summary>
    internal static byte Unescaped(byte escape) => escape switch
    {
        (byte)'b' => (byte)'\b',
        (byte)'f' => (byte)'\f',
        (byte)'n' => (byte)'\n',
        (byte)'r' => (byte)'\r',
        (byte)'t' => (byte)'\t',
        var self => self,
    };

    private static string Read(ReadOnlySpan<byte> raw, bool escaped)
    {
        // Nothing is longer in UTF-16 than it is written.
        var room = ArrayPool<char>.Shared.Rent(raw.Length);
        var at = 0;
        while (raw.Length > 0)
        {
            var plain = escaped && raw.IndexOf((byte)'\\') is var stop and >= 0 ? stop : raw.Length;
            at += Utf16(raw[..plain], room.AsSpan(at));
            raw = raw[plain..];
            if (raw.Length > 0)
            {
                raw = raw[Escape(raw, room, ref at)..];
            }
        }

        var text = new string(room, 0, at);
        ArrayPool<char>.Shared.Return(room);
        return text;
    }

    private static int Utf16(ReadOnlySpan<byte> bytes, Span<char> text)
    {
        var at = 0;
        while (true)
        {
            var result = Utf8.ToUtf16(bytes, text[at..], out var read, out var written, replaceInvalidSequences: false);
            at += written;
            bytes = bytes[read..];
            if (result is not OperationStatus.InvalidData)
            {
                return at;
            }

            Rune.DecodeFromUtf8(bytes, out _, out var broken);
            text.Slice(at, broken).Fill('\uFFFD');
            at += broken;
            bytes = bytes[broken..];
        }
    }

    // How much of the bytes it took.
    private static int Escape(ReadOnlySpan<byte> escape, char[] text, ref int at)
    {
        if (escape[1] != 'u')
        {
            text[at++] = (char)Unescaped(escape[1]);
            return 2;
        }

        var unit = (char)Unit(escape);
        if (char.IsSurrogate(unit) && Unit(escape[6..]) is var low and >= 0 && char.IsSurrogatePair(unit, (char)low))
        {
            text[at++] = unit;
            text[at++] = (char)low;
            return 12;
        }

        text[at++] = char.IsSurrogate(unit) ? '\uFFFD' : unit;
        return 6;
    }
}
