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
        var raw = written.Raw.Span;
        while (written.Escaped && raw.IndexOf((byte)'\\') is var at and >= 0)
        {
            raw = raw[at..];
            var unit = GoText.Unit(raw);
            if (unit < 0 || !char.IsSurrogate((char)unit))
            {
                raw = raw[2..];
                continue;
            }

            if (GoText.Unit(raw[6..]) is not (var low and >= 0) || !char.IsSurrogatePair((char)unit, (char)low))
            {
                return true;
            }

            raw = raw[12..];
        }

        return false;
    }

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
        var unit = (char)GoText.Unit(escape);
        return char.IsSurrogate(unit) ? (12, 4) : (6, new Rune(unit).Utf8SequenceLength);
    }
}
