using System.Buffers;
using System.Text;
using GoJsonWriter = Inference.GoJson.GoJsonWriter;
using Inference.Prompts.GoTemplates.Values;

namespace Inference.Prompts.GoTemplates.Formatting;

/// <summary>Go's <c>json.Marshal</c> of template values: compact, HTML escaped, maps sorted.</summary>
internal static class GoJsonText
{
    /// <returns>The empty text for what does not marshal, as templates see it.</returns>
    public static string Marshal(GoValue? value)
    {
        var json = new ArrayBufferWriter<byte>();
        return Write(new GoJsonWriter(json), value) ? Encoding.UTF8.GetString(json.WrittenSpan) : "";
    }

    private static bool Write(GoJsonWriter json, GoValue? value)
    {
        if (value?.Type.MarshalsAs is { } marshal && !value.IsNil)
        {
            return Write(json, marshal(value));
        }

        switch (value)
        {
            case null:
            case { IsNil: true }:
                json.Raw("null"u8);
                return true;
            case GoInterface held:
                return Write(json, held.Inner);
            case GoPointer pointer:
                return Write(json, pointer.Target);
            case GoBool flag:
                json.Bool(flag.Value);
                return true;
            case GoInt number:
                json.Int(number.Value);
                return true;
            case GoFloat number when double.IsFinite(number.Value):
                json.Double(number.Value);
                return true;
            case GoString text:
                json.String(GoText.Join(text.Text));
                return true;
            case GoBytes bytes:
                json.Bytes(bytes.Bytes);
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

    private static bool WriteSlice(GoJsonWriter json, GoSlice slice)
    {
        json.Raw("["u8);
        for (var i = 0; i < slice.Count; i++)
        {
            json.Raw(i > 0 ? ","u8 : ""u8);
            if (!Write(json, slice[i]))
            {
                return false;
            }
        }

        json.Raw("]"u8);
        return true;
    }

    private static bool WriteMap(GoJsonWriter json, GoMap map)
    {
        json.Raw("{"u8);
        var first = true;
        foreach (var (key, value) in map.Entries)
        {
            Name(json, key, ref first);
            if (!Write(json, value))
            {
                return false;
            }
        }

        json.Raw("}"u8);
        return true;
    }

    private static bool WriteStruct(GoJsonWriter json, GoStruct record)
    {
        json.Raw("{"u8);
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

        json.Raw("}"u8);
        return true;
    }

    private static void Name(GoJsonWriter json, string name, ref bool first)
    {
        json.Raw(first ? ""u8 : ","u8);
        first = false;
        json.Key(GoText.Join(name));
    }
}
