using System.Buffers;

namespace Inference.GoJson;

/// <summary>What Go's encoder makes of a json.RawMessage: the same value without white space, and with what HTML minds escaped.</summary>
public static class GoCompact
{
    private const string Digits = "0123456789abcdef";

    /// <param name="json">One value, known to be JSON.</param>
    public static ReadOnlyMemory<byte> Compact(ReadOnlySpan<byte> json)
    {
        var text = new ArrayBufferWriter<byte>(json.Length + 16);
        var inString = false;
        for (var i = 0; i < json.Length; i++)
        {
            var c = json[i];
            switch (c)
            {
                case (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' when !inString:
                    continue;
                case (byte)'\\':
                    text.Write(json.Slice(i++, 2));
                    continue;
                case (byte)'"':
                    inString = !inString;
                    break;
                case (byte)'<' or (byte)'>' or (byte)'&':
                    Escape(text, c);
                    continue;
                // U+2028 and U+2029, which JavaScript takes for line ends.
                case 0xe2 when json[i..] is [_, 0x80, 0xa8 or 0xa9, ..]:
                    Escape(text, (char)(0x2000 | (json[i + 2] & 0x3f)));
                    i += 2;
                    continue;
            }

            text.Write([c]);
        }

        return text.WrittenMemory;
    }

    private static void Escape(ArrayBufferWriter<byte> text, int unit) =>
        text.Write([(byte)'\\', (byte)'u', Digit(unit >> 12), Digit(unit >> 8), Digit(unit >> 4), Digit(unit)]);

    private static byte Digit(int bits) => (byte)Digits[bits & 0xf];
}
