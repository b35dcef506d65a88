using System.Text;

namespace Inference.Facade.GoJson;

/// <summary>Values of any type on their way out: as Go prints what it decoded without a type.</summary>
internal static class GoAny
{
    /// <summary>Go's order of map keys.</summary>
    public static readonly Comparer<string> ByBytes = Comparer<string>.Create(
        static (a, b) => Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b)));

    /// <summary>Writes what <see cref="GoUntyped"/> read. The keys of objects are sorted.</summary>
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
