using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Inference.GoJson;

/// <summary>
/// Reads the first JSON value of a text as Go's <c>json.NewDecoder(f).Decode</c> does, but into .NET's elements: what follows it is not
/// looked at, and what is wrong with it is said in Go's words.
/// </summary>
public static class GoElement
{
    // Go allows 10,000, but whoever walks through an element does so on the stack.
    private const int DeepestNesting = 256;

    /// <exception cref="GoJsonException">There is none: <c>EOF</c>, <c>unexpected EOF</c>, <c>invalid character …</c>. Nesting has a limit of 256.</exception>
    public static JsonElement ReadFirst(ReadOnlyMemory<byte> text)
    {
        var scanner = new GoScanner(text, DeepestNesting);
        if (!scanner.HasMore())
        {
            throw new GoJsonException("EOF");
        }

        var start = scanner.Position;
        scanner.Skip();
        using var document = JsonDocument.Parse(Readable(scanner.Slice(start).Span), new JsonDocumentOptions { MaxDepth = DeepestNesting + 1 });
        return document.RootElement.Clone();
    }

    // Go reads bytes that are not UTF-8, and halves of surrogate pairs, as U+FFFD; JsonDocument would refuse to unescape them.
    private static byte[] Readable(ReadOnlySpan<byte> value)
    {
        var bytes = Utf8.IsValid(value) ? value.ToArray() : Encoding.UTF8.GetBytes(GoText.FromUtf8(value));
        for (var i = 0; i + 6 <= bytes.Length; i++)
        {
            if (bytes[i] != '\\')
            {
                continue;
            }

            var unit = GoText.Unit(bytes.AsSpan(i));
            if (unit is >= 0xd800 and < 0xdc00 && GoText.Unit(bytes.AsSpan(i + 6)) is >= 0xdc00 and < 0xe000)
            {
                i += 11;
            }
            else if (unit is >= 0xd800 and < 0xe000)
            {
                "\\ufffd"u8.CopyTo(bytes.AsSpan(i));
                i += 5;
            }
            else
            {
                i++; // the escaped character, which may be a backslash
            }
        }

        return bytes;
    }
}
