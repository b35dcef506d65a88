using System.Text;

namespace Inference.Prompts.GoTemplates.Values;

/// <summary>
/// Go's strings are bytes; ours are UTF-16. A byte that is not part of a character, as slicing or an escape can make it,
/// is carried as a lone surrogate (U+DC80 to U+DCFF), so that two halves can still become one character.
/// </summary>
internal static class GoText
{
    private const int EscapeBase = 0xDC00;

    public static int ByteLength(string text)
    {
        if (System.Text.Ascii.IsValid(text))
        {
            return text.Length;
        }

        return HasEscapes(text) ? ToBytes(text).Length : Encoding.UTF8.GetByteCount(text);
    }

    public static byte[] ToBytes(string text)
    {
        if (!HasEscapes(text))
        {
            return Encoding.UTF8.GetBytes(text);
        }

        var bytes = new List<byte>(text.Length * 2);
        Span<byte> encoded = stackalloc byte[4];
        for (var i = 0; i < text.Length; i++)
        {
            if (IsEscape(text, i))
            {
                bytes.Add((byte)(text[i] - EscapeBase));
            }
            else
            {
                var rune = Rune.TryGetRuneAt(text, i, out var known) ? known : Rune.ReplacementChar;
                bytes.AddRange(encoded[..rune.EncodeToUtf8(encoded)]);
                i += rune.IsBmp ? 0 : 1;
            }
        }

        return [.. bytes];
    }

    public static string FromBytes(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        while (bytes.Length > 0)
        {
            if (Rune.DecodeFromUtf8(bytes, out var rune, out var used) == System.Buffers.OperationStatus.Done)
            {
                text.Append(rune.ToString());
                bytes = bytes[used..];
            }
            else
            {
                text.Append((char)(EscapeBase + bytes[0]));
                bytes = bytes[1..];
            }
        }

        return text.ToString();
    }

    /// <summary>The text as others may see it: halves joined, and what is still no character replaced by U+FFFD.</summary>
    public static string Settle(string text) => HasEscapes(text) ? Encoding.UTF8.GetString(ToBytes(text)) : text;

    /// <summary>The text with the halves of characters joined; what is still no character stays a lone surrogate.</summary>
    public static string Join(string text) => HasEscapes(text) ? FromBytes(ToBytes(text)) : text;

    /// <summary>Order of Go's strings: by bytes.</summary>
    public static int Compare(string left, string right) =>
        System.Text.Ascii.IsValid(left) && System.Text.Ascii.IsValid(right)
            ? string.CompareOrdinal(left, right)
            : ToBytes(left).AsSpan().SequenceCompareTo(ToBytes(right));

    private static bool HasEscapes(string text)
    {
        for (var i = text.AsSpan().IndexOfAnyInRange('\uDC80', '\uDCFF'); i >= 0 && i < text.Length; i++)
        {
            if (IsEscape(text, i))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsEscape(string text, int index) =>
        text[index] is >= '\uDC80' and <= '\uDCFF' && (index == 0 || !char.IsHighSurrogate(text[index - 1]));
}
