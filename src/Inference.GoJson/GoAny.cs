using System.Text;

namespace Inference.GoJson;

/// <summary>
/// Values of any type, as Go decodes them without one and prints them again: null, bool, double, string, and List or Dictionary of these.
/// </summary>
public static class GoAny
{
    /// <summary>Go's order of map keys.</summary>
    public static readonly Comparer<string> ByBytes = Comparer<string>.Create(
        static (a, b) => Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b)));

    /// <summary>Reads a text that is a JSON object for certain: its keys in their order, its values untyped.</summary>
    public static OrderedDictionary<string, object?> Object(ReadOnlyMemory<byte> json)
    {
        var scanner = new GoScanner(json);
        var untyped = new GoUntyped(scanner, new GoTrail());
        var map = new OrderedDictionary<string, object?>();
        scanner.Peek();
        scanner.Open();
        for (var first = true; scanner.NextMember(first, out var key); first = false)
        {
            map[key.ToString()] = untyped.Read();
        }

        return map;
    }

    /// <summary>Go's name for the type of an untyped value: <c>%T</c>.</summary>
    public static string TypeOf(object? value) => value switch
    {
        null => "<nil>",
        bool => "bool",
        double => "float64",
        string => "string",
        List<object?> => "[]interface {}",
        _ => "map[string]interface {}",
    };

    /// <summary>Writes an untyped value. The keys of objects are sorted; bytes are a value that is JSON already.</summary>
    public static void Write(this GoJsonWriter json, object? value)
    {
        switch (value)
        {
            case null:
                json.Raw("null"u8);
                return;
            case bool truth:
                json.Bool(truth);
                return;
            case double number:
                json.Double(number);
                return;
            case string text:
                json.String(text);
                return;
            case ReadOnlyMemory<byte> raw:
                json.Raw(GoCompact.Compact(raw.Span).Span);
                return;
            case List<object?> list:
                GoStack.Deep(() => json.List(list, static (json, item) => json.Write(item)));
                return;
            case Dictionary<string, object?> map:
                GoStack.Deep(() => json.WriteMembers(map.OrderBy(m => m.Key, ByBytes)));
                return;
            case OrderedDictionary<string, object?> map:
                GoStack.Deep(() => json.WriteMembers(map));
                return;
            default:
                throw new ArgumentException($"{value.GetType()} is not an untyped JSON value", nameof(value));
        }
    }

    private static void WriteMembers(this GoJsonWriter json, IEnumerable<KeyValuePair<string, object?>> members)
    {
        json.Raw("{"u8);
        var separator = ""u8;
        foreach (var (key, value) in members)
        {
            json.Raw(separator);
            json.Key(key);
            json.Write(value);
            separator = ","u8;
        }

        json.Raw("}"u8);
    }
}
