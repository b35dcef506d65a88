using System.Buffers.Text;

namespace Inference.GoJson;

/// <summary>Go's base64.StdEncoding: padded, line ends ignored, and an error that counts bytes.</summary>
public static class GoBase64
{
    /// <summary>The bytes, or null and the position of the first byte that does not belong there.</summary>
    public static byte[]? Decode(ReadOnlySpan<byte> text, out int problemAt)
    {
        problemAt = -1;
        var bytes = new byte[(text.Length + 3) / 4 * 3];
        var written = 0;
        var at = 0;
        while (at < text.Length && problemAt < 0)
        {
            // As far as whole quanta go without line ends and padding, the framework is faster.
            if (text.Length - at >= 64)
            {
                Base64.DecodeFromUtf8(Plain(text[at..]), bytes.AsSpan(written), out var read, out var decoded, isFinalBlock: false);
                at += read;
                written += decoded;
            }

            at = Quantum(text, at, bytes, ref written, out problemAt);
        }

        return problemAt < 0 ? bytes[..written] : null;
    }

    // Up to the first white space, all of which the framework would skip, and in whole quanta.
    private static ReadOnlySpan<byte> Plain(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOfAny(" \t\r\n"u8) is var space and >= 0 ? space : text.Length;
        return text[..(end / 4 * 4)];
    }

    // encoding/base64, decodeQuantum.
    private static int Quantum(ReadOnlySpan<byte> text, int at, byte[] bytes, ref int written, out int problemAt)
    {
        Span<byte> digits = stackalloc byte[4];
        problemAt = -1;
        var count = 0;
        while (count < 4)
        {
            if (at == text.Length)
            {
                problemAt = count == 0 ? -1 : at - count;
                return at;
            }

            var c = text[at++];
            if (c is (byte)'\n' or (byte)'\r')
            {
                continue;
            }

            if (Digit(c) is { } digit)
            {
                digits[count++] = digit;
                continue;
            }

            if (c != '=')
            {
                problemAt = at - 1;
                return at;
            }

            at = Padding(text, at, count, out problemAt);
            break;
        }

        if (problemAt < 0)
        {
            var value = (digits[0] << 18) | (digits[1] << 12) | (digits[2] << 6) | digits[3];
            for (var i = 0; i < count - 1; i++)
            {
                bytes[written++] = (byte)(value >> (16 - (8 * i)));
            }
        }

        return at;
    }

    private static int Padding(ReadOnlySpan<byte> text, int at, int count, out int problemAt)
    {
        problemAt = -1;
        if (count < 2)
        {
            problemAt = at - 1;
            return at;
        }

        if (count == 2)
        {
            at = SkipLineEnds(text, at);
            if (at == text.Length)
            {
                problemAt = text.Length;
                return at;
            }

            if (text[at] != '=')
            {
                problemAt = at - 1;
                return at;
            }

            at++;
        }

        at = SkipLineEnds(text, at);
        if (at < text.Length)
        {
            problemAt = at;
        }

        return at;
    }

    private static int SkipLineEnds(ReadOnlySpan<byte> text, int at)
    {
        while (at < text.Length && text[at] is (byte)'\n' or (byte)'\r')
        {
            at++;
        }

        return at;
    }

    private static byte? Digit(byte c) => c switch
    {
        >= (byte)'A' and <= (byte)'Z' => (byte)(c - 'A'),
        >= (byte)'a' and <= (byte)'z' => (byte)(c - 'a' + 26),
        >= (byte)'0' and <= (byte)'9' => (byte)(c - '0' + 52),
        (byte)'+' => 62,
        (byte)'/' => 63,
        _ => null,
    };
}
