using System.Buffers;
using System.Text;

namespace Inference.GoJson;

/// <summary>
/// A key of an ordered object. Ollama reads those with another JSON package (jsonparser), which takes neither half surrogates nor
/// bytes that are not UTF-8.
/// </summary>
internal static class GoOrderedKey
{
    public static bool TryRead(GoText written, out string key, out string problem)
    {
        problem = "";
        key = written.ToString();
        if (HasBrokenEscape(written))
        {
            problem = "Encountered an invalid escape sequence in a string";
        }
        else if (FirstBadByte(written) is var position and >= 0)
        {
            problem = $"not a valid UTF-8 string (at position {position}): {key}";
        }

        return problem.Length == 0;
    }

    // Only \u escapes can be broken here, the scanner has seen the others: a surrogate must be half of a pair.
    private static bool HasBrokenEscape(GoText written)
    {
        if (!written.Escaped)
        {
            return false;
        }

        var raw = Encoding.Latin1.GetString(written.Raw.Span);
        for (var i = 0; i < raw.Length; i++)
        {
            if (raw[i] != '\\')
            {
                continue;
            }

            i++;
            if (raw[i] != 'u' || !char.IsSurrogate(Unit(raw, i + 1)))
            {
                continue;
            }

            if (i + 11 > raw.Length || raw[i + 5] != '\\' || raw[i + 6] != 'u' || !char.IsSurrogatePair(Unit(raw, i + 1), Unit(raw, i + 7)))
            {
                return true;
            }

            i += 10;
        }

        return false;
    }

    private static char Unit(string raw, int at) => (char)Convert.ToUInt16(raw.Substring(at, 4), 16);

    private static int FirstBadByte(GoText written)
    {
        // Escapes are ASCII: where they are written shorter than read, the position counts the bytes read.
        var position = 0;
        var bytes = written.Raw.Span;
        while (bytes.Length > 0)
        {
            if (bytes[0] == '\\')
            {
                var (skip, wide) = bytes[1] != 'u' ? (2, 1) : Wide(bytes);
                position += wide;
                bytes = bytes[skip..];
                continue;
            }

            if (Rune.DecodeFromUtf8(bytes, out _, out var used) is not OperationStatus.Done)
            {
                return position;
            }

            position += used;
            bytes = bytes[used..];
        }

        return -1;
    }

    private static (int Written, int Read) Wide(ReadOnlySpan<byte> escape)
    {
        var unit = Unit(Encoding.ASCII.GetString(escape[..6]), 2);
        return char.IsSurrogate(unit) ? (12, 4) : (6, new Rune(unit).Utf8SequenceLength);
    }
}
