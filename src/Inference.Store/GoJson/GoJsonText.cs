using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Inference.Store.GoJson;

/// <summary>
/// Reads the first JSON value of a file as Go's <c>json.NewDecoder(f).Decode</c> does: what follows it is not looked at, and what is
/// wrong with it is said in Go's words.
/// </summary>
internal static class GoJsonText
{
    public static JsonElement ReadFirst(ReadOnlySpan<byte> text)
    {
        var length = GoJsonScanner.FirstValue(text, out var start);
        var value = Readable(text.Slice(start, length));
        using var document = JsonDocument.Parse(value, new JsonDocumentOptions { MaxDepth = GoJsonScanner.MaxDepth + 1 });
        return document.RootElement.Clone();
    }

    // Go reads bytes that are not UTF-8, and halves of surrogate pairs, as U+FFFD; JsonDocument would refuse to unescape them.
    private static byte[] Readable(ReadOnlySpan<byte> value)
    {
        var bytes = Utf8.IsValid(value) ? value.ToArray() : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(value));
        for (var i = 0; i + 6 <= bytes.Length; i++)
        {
            if (bytes[i] != '\\')
            {
                continue;
            }

            var unit = Unit(bytes, i);
            if (unit is >= 0xd800 and < 0xdc00 && Unit(bytes, i + 6) is >= 0xdc00 and < 0xe000)
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

    // The code unit of a \uXXXX at this place, or -1.
    private static int Unit(ReadOnlySpan<byte> bytes, int at) =>
        at + 6 <= bytes.Length && bytes[at] == '\\' && bytes[at + 1] == 'u'
        && int.TryParse(bytes.Slice(at + 2, 4), System.Globalization.NumberStyles.AllowHexSpecifier, provider: null, out var unit) ? unit : -1;
}
