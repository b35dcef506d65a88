using System.Globalization;
using System.Text;

namespace Inference.FuzzTests;

/// <summary>Damage to bytes, and its undoing.</summary>
internal static class Bytes
{
    // What JSON is made of, and what is often mistaken for it.
    private static readonly byte[][] Pieces =
    [
        .. "{ } [ ] : , \" \\ / 0 1 - + . e E t f n null true false \\u \\ud800 \\udc00 \\u0000 \\n 1e999 -0 01 0x1 NaN '".Split(' ').Select(Encoding.UTF8.GetBytes),
        " "u8.ToArray(), "\n"u8.ToArray(), "\t"u8.ToArray(), "\r"u8.ToArray(), [0], [0x1f], [0x7f], [0x80], [0xc2], [0xff], [0xef, 0xbb, 0xbf], [0xed, 0xa0, 0x80], "\u00a0"u8.ToArray(), "\u2028"u8.ToArray(),
    ];

    /// <summary>The same bytes after one to four accidents: lost, doubled, swapped, inserted, cut off.</summary>
    public static byte[] Damaged(Random random, byte[] bytes)
    {
        for (var n = random.Next(1, 5); n > 0; n--)
        {
            bytes = DamagedOnce(random, bytes);
        }

        return bytes;
    }

    /// <summary>Less of it: first big pieces left out, then single bytes, then bytes made plain.</summary>
    public static IEnumerable<byte[]> Smaller(byte[] bytes)
    {
        for (var length = bytes.Length / 2; length > 0; length /= 2)
        {
            for (var at = 0; at + length <= bytes.Length; at += length)
            {
                yield return [.. bytes[..at], .. bytes[(at + length)..]];
            }
        }

        for (var at = 0; at < bytes.Length; at++)
        {
            if (bytes[at] is not ((byte)'a' or (byte)'0') && (char.IsAsciiLetterOrDigit((char)bytes[at]) || bytes[at] > 0x7f))
            {
                yield return [.. bytes[..at], char.IsAsciiDigit((char)bytes[at]) ? (byte)'0' : (byte)'a', .. bytes[(at + 1)..]];
            }
        }
    }

    /// <summary>As Latin-1, with what cannot be seen in hexadecimal: it can be put into a test.</summary>
    public static string Show(byte[] bytes) => string.Concat(bytes.Select(static b =>
        b is >= 0x20 and < 0x7f ? ((char)b).ToString() : string.Create(CultureInfo.InvariantCulture, $"\\x{b:x2}")));

    private static byte[] DamagedOnce(Random random, byte[] bytes)
    {
        var at = random.Next(bytes.Length + 1);
        var end = Math.Min(bytes.Length, at + 1 + (random.Next(4) == 0 ? random.Next(20) : 0));
        var piece = Pieces[random.Next(Pieces.Length)];
        return random.Next(7) switch
        {
            0 => [.. bytes[..at], .. bytes[end..]],
            1 or 2 => [.. bytes[..at], .. piece, .. bytes[at..]],
            3 => [.. bytes[..at], .. piece, .. bytes[end..]],
            4 => [.. bytes[..end], .. bytes[at..]],
            5 => [.. bytes[..at], (byte)random.Next(256), .. bytes[end..]],
            _ => random.Next(3) == 0 ? bytes[..at] : [.. bytes, .. piece],
        };
    }
}
