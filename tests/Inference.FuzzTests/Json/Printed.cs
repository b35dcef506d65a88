using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Inference.FuzzTests.Json;

/// <summary>
/// One line for a decoded value, the same from our decoder, from the reference, and from Go: nothing in it depends on how a float or a
/// text is usually written.
/// </summary>
internal static class Printed
{
    public const string Nothing = "~";

    public static string Text(string text)
    {
        var line = new StringBuilder("\"");
        foreach (var rune in text.EnumerateRunes())
        {
            _ = rune.Value is >= ' ' and < 0x7f and not ('"' or '\\')
                ? line.Append((char)rune.Value)
                : line.Append(CultureInfo.InvariantCulture, $"\\{rune.Value:x};");
        }

        return line.Append('"').ToString();
    }

    public static string Bool(bool value) => value ? "T" : "F";

    public static string Pointer(bool? value) => value is { } truth ? Bool(truth) : Nothing;

    public static string Int(long value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>Nanoseconds; the longest is for ever.</summary>
    public static string KeepAlive(long? nanoseconds) => nanoseconds is not { } some ? Nothing : some == long.MaxValue ? "forever" : Int(some);

    public static string List<T>(IEnumerable<T> items, Func<T, string> print) => $"[{string.Join(',', items.Select(print))}]";

    public static string Map(IEnumerable<KeyValuePair<string, object?>> map) =>
        $"{{{string.Join(',', map.Select(static m => $"{Text(m.Key)}={Any(m.Value)}").Order(StringComparer.Ordinal))}}}";

    public static string Ordered<T>(IEnumerable<KeyValuePair<string, T>> map, Func<T, string> print) =>
        $"<{string.Join(',', map.Select(m => $"{Text(m.Key)}={print(m.Value)}"))}>";

    /// <summary>null, bool, double, string, and List or Dictionary of these.</summary>
    public static string Any(object? value) => value switch
    {
        null => Nothing,
        bool truth => Bool(truth),
        double number => string.Create(CultureInfo.InvariantCulture, $"#{BitConverter.DoubleToInt64Bits(number):x16}"),
        string text => Text(text),
        List<object?> list => List(list, Any),
        Dictionary<string, object?> map => Map(map),
        _ => throw new ArgumentException($"{value.GetType()} is not an untyped JSON value", nameof(value)),
    };

    /// <summary>The same of an element.</summary>
    public static string Any(JsonElement value) => Any(Untyped(value));

    public static object? Untyped(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number => value.GetDouble(),
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Array => value.EnumerateArray().Select(Untyped).ToList(),
        _ => Members(value),
    };

    // Of two members with one key the later stays.
    private static Dictionary<string, object?> Members(JsonElement value)
    {
        var map = new Dictionary<string, object?>();
        foreach (var member in value.EnumerateObject())
        {
            map[member.Name] = Untyped(member.Value);
        }

        return map;
    }
}
