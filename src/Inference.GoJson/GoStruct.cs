using System.Text;

namespace Inference.GoJson;

/// <summary>A Go struct as its decoder sees it: the names of its fields, and what each does with its value.</summary>
/// <param name="name">Name of the struct without its package, as in <c>Go struct field GenerateRequest.model</c>.</param>
/// <param name="type">Its type, as in <c>Go value of type api.GenerateRequest</c>.</param>
/// <param name="fields">JSON name and reader of each field. A reader consumes exactly one value.</param>
public sealed class GoStruct<T>(string name, string type, params ReadOnlySpan<(string Name, Action<GoJsonReader, T> Read)> fields)
{
    private readonly Field[] _fields = Fields(fields);

    internal string Name => name;

    internal string Type => type;

    /// <summary>The field of this key: its own name, else one that Go's case folding makes equal.</summary>
    internal Field? Find(GoText key)
    {
        var written = key.Escaped ? Encoding.UTF8.GetBytes(key.ToString()) : key.Raw.Span;
        foreach (var field in _fields)
        {
            if (written.SequenceEqual(field.Utf8))
            {
                return field;
            }
        }

        foreach (var field in _fields)
        {
            if (FoldsTo(written, field.Utf8))
            {
                return field;
            }
        }

        return null;
    }

    private static Field[] Fields(ReadOnlySpan<(string Name, Action<GoJsonReader, T> Read)> fields)
    {
        var all = new Field[fields.Length];
        for (var i = 0; i < all.Length; i++)
        {
            all[i] = new Field(fields[i].Name, Encoding.UTF8.GetBytes(fields[i].Name), fields[i].Read);
        }

        return all;
    }

    // encoding/json, fold.go: names are ASCII here, so besides the letters only the two characters fold into them that do so in
    // Unicode: the long s, and the sign of the kelvin.
    private static bool FoldsTo(ReadOnlySpan<byte> written, ReadOnlySpan<byte> name)
    {
        foreach (var c in name)
        {
            if (written.Length > 0 && Same(written[0], c))
            {
                written = written[1..];
            }
            else if (c is (byte)'s' or (byte)'S' && written.StartsWith("\u017F"u8))
            {
                written = written["\u017F"u8.Length..];
            }
            else if (c is (byte)'k' or (byte)'K' && written.StartsWith("\u212A"u8))
            {
                written = written["\u212A"u8.Length..];
            }
            else
            {
                return false;
            }
        }

        return written.Length == 0;
    }

    private static bool Same(byte a, byte b) => a == b || ((a | 0x20) == (b | 0x20) && char.IsAsciiLetter((char)a));

    internal sealed record Field(string Name, byte[] Utf8, Action<GoJsonReader, T> Read);
}
