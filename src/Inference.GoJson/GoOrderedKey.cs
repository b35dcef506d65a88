using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Inference.Errors;

namespace Inference.GoJson;

/// <summary>
/// A key of an ordered object. Ollama reads those with another JSON package (buger/jsonparser), which refuses half surrogates and bytes
/// that are not UTF-8, and of an escape behind a surrogate looks at the digits only.
/// </summary>
internal static class GoOrderedKey
{
    private const int EscapeLength = 6;

    public static bool TryRead(GoText written, out string key, out string problem)
    {
        (key, problem) = ("", "");
        var bytes = written.Raw.Span;
        if (written.Escaped)
        {
            if (!TryUnescape(bytes, out var unescaped))
            {
                problem = "Encountered an invalid escape sequence in a string";
                return false;
            }

            bytes = unescaped;
        }

        key = GoText.FromUtf8(bytes);
        if (FirstBadByte(bytes) is var position and >= 0)
        {
            problem = $"not a valid UTF-8 string (at position {position}): {BrokenText.Read(bytes)}";
        }

        return problem.Length == 0;
    }

    // The scanner has seen the escapes: only surrogates can be broken here.
    private static bool TryUnescape(ReadOnlySpan<byte> written, [NotNullWhen(true)] out byte[]? unescaped)
    {
        // Nothing is longer in UTF-8 than it is written.
        var bytes = new byte[written.Length];
        var at = 0;
        unescaped = null;
        while (written.Length > 0)
        {
            var plain = written.IndexOf((byte)'\\') is var stop and >= 0 ? stop : written.Length;
            written[..plain].CopyTo(bytes.AsSpan(at));
            at += plain;
            written = written[plain..];
            if (written is not [_, var escape, ..])
            {
                continue;
            }

            if (escape != 'u')
            {
                bytes[at++] = GoText.Unescaped(escape);
                written = written[2..];
            }
            else if (Rune(written, out var length) is { } rune)
            {
                at += rune.EncodeToUtf8(bytes.AsSpan(at));
                written = written[length..];
            }
            else
            {
                return false;
            }
        }

        unescaped = bytes[..at];
        return true;
    }

    // decodeUnicodeEscape: any surrogate takes the next six bytes for its other half, whichever half it is itself.
    private static Rune? Rune(ReadOnlySpan<byte> escape, out int length)
    {
        length = EscapeLength;
        var unit = GoText.Digits(escape);
        if (!char.IsSurrogate((char)unit))
        {
            return new Rune(unit);
        }

        length = 2 * EscapeLength;
        var other = GoText.Digits(escape[EscapeLength..]);
        if (other < 0xdc00)
        {
            return null;
        }

        var combined = 0x10000 + ((unit - 0xd800) << 10) + (other - 0xdc00);
        return System.Text.Rune.IsValid(combined) ? new Rune(combined) : System.Text.Rune.ReplacementChar;
    }

    private static int FirstBadByte(ReadOnlySpan<byte> bytes)
    {
        for (var position = 0; position < bytes.Length;)
        {
            if (System.Text.Rune.DecodeFromUtf8(bytes[position..], out _, out var used) is not OperationStatus.Done)
            {
                return position;
            }

            position += used;
        }

        return -1;
    }
}
