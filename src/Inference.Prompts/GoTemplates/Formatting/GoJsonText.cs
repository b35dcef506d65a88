using System.Globalization;
using System.Text;
using Inference.Prompts.GoTemplates.Values;

namespace Inference.Prompts.GoTemplates.Formatting;

/// <summary>Go's <c>json.Marshal</c> of template values: compact, HTML escaped, maps sorted.</summary>
internal static class GoJsonText
{
    /// <returns>The empty text for what does not marshal, as templates see it.</returns>
    public static string Marshal(GoValue? value)
    {
        var json = new StringBuilder();
        return Write(json, value) ? json.ToString() : "";
    }

    private static bool Write(StringBuilder json, GoValue? value)
    {
        if (value?.Type.MarshalsAs is { } marshal && !value.IsNil)
        {
            return Write(json, marshal(value));
        }

        switch (value)
        {
            case null:
            case { IsNil: true }:
                json.Append("null");
                return true;
            case GoInterface held:
                return Write(json, held.Inner);
            case GoPointer pointer:
                return Write(json, pointer.Target);
            case GoBool flag:
                json.Append(flag.Value ? "true" : "false");
                return true;
            case GoInt number:
                json.Append(CultureInfo.InvariantCulture, $"{number.Value}");
                return true;
            case GoFloat number:
                json.Append(Number(number.Value));
                return double.IsFinite(number.Value);
            case GoString text:
                Quote(json, text.Text);
                return true;
            case GoBytes bytes:
                json.Append('"').Append(Convert.ToBase64String(bytes.Bytes)).Append('"');
                return true;
            case GoSlice slice:
                return WriteSlice(json, slice);
            case GoMap map:
                return WriteMap(json, map);
            case GoStruct record:
                return WriteStruct(json, record);
            default:
                return false;
        }
    }

    private static bool WriteSlice(StringBuilder json, GoSlice slice)
    {
        json.Append('[');
        for (var i = 0; i < slice.Count; i++)
        {
            json.Append(i > 0 ? "," : "");
            if (!Write(json, slice[i]))
            {
                return false;
            }
        }

        json.Append(']');
        return true;
    }

    private static bool WriteMap(StringBuilder json, GoMap map)
    {
        json.Append('{');
        var first = true;
        foreach (var (key, value) in map.Entries)
        {
            Name(json, key, ref first);
            if (!Write(json, value))
            {
                return false;
            }
        }

        json.Append('}');
        return true;
    }

    private static bool WriteStruct(StringBuilder json, GoStruct record)
    {
        json.Append('{');
        var first = true;
        for (var i = 0; i < record.Fields.Count; i++)
        {
            var (field, value) = (record.Type.Fields[i], record.Fields[i]);
            if (field.Hidden || (field.OmitEmpty && value is null or { IsTrue: false } and not GoStruct))
            {
                continue;
            }

            Name(json, field.Json ?? field.Name, ref first);
            if (!Write(json, value))
            {
                return false;
            }
        }

        json.Append('}');
        return true;
    }

    private static void Name(StringBuilder json, string name, ref bool first)
    {
        json.Append(first ? "" : ",");
        first = false;
        Quote(json, name);
        json.Append(':');
    }

    // The rule of ECMAScript: plain between 1e-6 and 1e21, else an exponent without padding.
    private static string Number(double value)
    {
        var size = Math.Abs(value);
        if (size == 0 || size is >= 1e-6 and < 1e21)
        {
            return GoFloatText.Format(value, 'f', -1);
        }

        var text = GoFloatText.Format(value, 'e', -1);
        return text.Length >= 4 && text[^4] == 'e' && text[^3] == '-' && text[^2] == '0' ? text[..^2] + text[^1] : text;
    }

    private static void Quote(StringBuilder json, string text)
    {
        json.Append('"');
        foreach (var rune in GoText.Settle(text).EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '"' => json.Append("\\\""),
                '\\' => json.Append("\\\\"),
                '\b' => json.Append("\\b"),
                '\f' => json.Append("\\f"),
                '\n' => json.Append("\\n"),
                '\r' => json.Append("\\r"),
                '\t' => json.Append("\\t"),
                < 0x20 or '<' or '>' or '&' or 0x2028 or 0x2029 => json.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}"),
                < 0x10000 => json.Append((char)rune.Value),
                _ => json.Append(rune.ToString()),
            };
        }

        json.Append('"');
    }
}
