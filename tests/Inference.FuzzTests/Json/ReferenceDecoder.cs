using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Inference.FuzzTests.Json;

/// <summary>It does not fit.</summary>
internal sealed class RefusedException : Exception;

/// <summary>
/// A second decoder, written to be read: over JsonDocument, by the request's type, with Go's rules for null, for what comes twice, and for
/// what a list leaves behind. It knows whether a body is taken and what it then is, not what is said of one that is not.
/// </summary>
internal static partial class ReferenceDecoder
{
    /// <summary>In one line; null if it is refused.</summary>
    public static string? Read(Shape.Struct shape, byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 10_000 });
            var target = Zero(shape);
            target = Into(shape, target, document.RootElement);
            return string.Join(' ', PrintedFields(shape, (Dictionary<string, object?>)target!));
        }
        catch (RefusedException)
        {
            return null;
        }
    }

    private static object? Zero(Shape shape) => shape switch
    {
        Shape.Text => "",
        Shape.Bool => false,
        Shape.Int => 0L,
        Shape.Raw => "",
        Shape.Map => new Dictionary<string, object?>(),
        Shape.Image => new Slice(),
        Shape.ListOf or Shape.PropertyType => new Slice(),
        Shape.Ordered { Pointer: false } => new OrderedDictionary<string, object?>(),
        Shape.Struct s => s.Fields.ToDictionary(static f => f.Name, static f => Zero(f.Of)),
        Shape.Message m => Zero(m.Inner),
        _ => null,
    };

    // The new value of what held the old one.
    private static object? Into(Shape shape, object? old, JsonElement value) => value.ValueKind is JsonValueKind.Null
        ? Null(shape, old)
        : shape switch
        {
            Shape.Text => value.ValueKind is JsonValueKind.String ? value.GetString() : throw new RefusedException(),
            Shape.Bool or Shape.BoolPointer => value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw new RefusedException(),
            Shape.Int => Integer(value, long.MinValue, long.MaxValue),
            Shape.Any => Finite(value),
            Shape.Raw => value.GetRawText(),
            Shape.Map => Merged((Dictionary<string, object?>)old!, value),
            Shape.KeepAlive => KeepAlive(value),
            Shape.Think => Think(value),
            Shape.Image when value.ValueKind is JsonValueKind.String => Slice.Of(Base64(value.GetString()!)),
            Shape.Image => ((Slice)old!).Read(value, 0L, static (_, e, v) => v.ValueKind is JsonValueKind.Null ? e : Integer(v, 0, 255)),
            Shape.PropertyType when value.ValueKind is JsonValueKind.String => Slice.Of([value.GetString()]),
            Shape.PropertyType => new Slice().Read(value, "", static (_, e, v) => Into(new Shape.Text(), e, v)),
            Shape.ListOf list => ((Slice)old!).Read(value, list.Element(), static (of, e, v) => Into((Shape)of!, e, v)),
            Shape.Ordered ordered => Ordered(ordered.Value(), value),
            Shape.Struct s => Struct(s, (Dictionary<string, object?>)old!, value),
            Shape.Message m => Lowered(Struct(m.Inner, (Dictionary<string, object?>)Zero(m.Inner)!, value)),
            _ => throw new ArgumentException(shape.ToString(), nameof(shape)),
        };

    // Pointers, maps and lists become nil, types that decode themselves are asked, everything else stays.
    private static object? Null(Shape shape, object? old) => shape switch
    {
        Shape.Raw => "null",
        Shape.PropertyType => Slice.Of([""]),
        Shape.Text or Shape.Bool or Shape.Int or Shape.Struct => old,
        _ => Zero(shape),
    };

    private static object Integer(JsonElement value, long least, long most) =>
        value.ValueKind is JsonValueKind.Number && Whole().IsMatch(value.GetRawText()) && !(least == 0 && value.GetRawText()[0] == '-')
        && BigInteger.Parse(value.GetRawText(), CultureInfo.InvariantCulture) is var number && number >= least && number <= most
            ? (long)number
            : throw new RefusedException();

    private static object? Finite(JsonElement value)
    {
        Check(value);
        return Printed.Untyped(value);
    }

    // A number that no float holds is refused, however deep it lies.
    private static void Check(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Number when !double.IsFinite(value.GetDouble()):
                throw new RefusedException();
            case JsonValueKind.Array:
                value.EnumerateArray().ToList().ForEach(Check);
                break;
            case JsonValueKind.Object:
                value.EnumerateObject().ToList().ForEach(static m => Check(m.Value));
                break;
        }
    }

    private static Dictionary<string, object?> Merged(Dictionary<string, object?> map, JsonElement value)
    {
        foreach (var member in Members(value))
        {
            map[member.Name] = Finite(member.Value);
        }

        return map;
    }

    private static object KeepAlive(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => Finite(value) is double and >= 0 and var s ? s * 1e9 < long.MaxValue ? (long)(s * 1e9) : long.MaxValue : long.MaxValue,
        JsonValueKind.String => Texts.DurationReference.Read(value.GetString()!) is { } nanoseconds ? nanoseconds < 0 ? long.MaxValue : nanoseconds : throw new RefusedException(),
        _ => throw new RefusedException(),
    };

    private static object Think(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => value.GetBoolean(),
        JsonValueKind.String when value.GetString() is "low" or "medium" or "high" or "max" => value.GetString()!,
        _ => throw new RefusedException(),
    };

    // Line ends do not count; all else must be whole quanta of its alphabet.
    private static List<object?> Base64(string text)
    {
        var plain = text.Replace("\r", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal);
        return Quanta().IsMatch(plain) ? [.. Convert.FromBase64String(Canonical(plain)).Select(static b => (object?)(long)b)] : throw new RefusedException();
    }

    // Bits that no byte takes are not looked at.
    private static string Canonical(string text)
    {
        const string Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        var unused = text.Count(static c => c == '=');
        var last = text.Length - unused - 1;
        return unused == 0 ? text : text[..last] + Digits[Digits.IndexOf(text[last], StringComparison.Ordinal) >> (2 * unused) << (2 * unused)] + text[(last + 1)..];
    }

    private static OrderedDictionary<string, object?> Ordered(Shape shape, JsonElement value)
    {
        var map = new OrderedDictionary<string, object?>();
        foreach (var member in Members(value))
        {
            map[member.Name] = Into(shape, Zero(shape), member.Value);
        }

        return map;
    }

    private static Dictionary<string, object?> Struct(Shape.Struct shape, Dictionary<string, object?> fields, JsonElement value)
    {
        foreach (var member in Members(value))
        {
            var field = Array.Find(shape.Fields, f => f.Name == member.Name) ?? Array.Find(shape.Fields, f => Folded(f.Name) == Folded(member.Name));
            if (field is not null)
            {
                fields[field.Name] = Into(field.Of, fields[field.Name], member.Value);
            }
        }

        return fields;
    }

    private static Dictionary<string, object?> Lowered(Dictionary<string, object?> message)
    {
        message["role"] = ((string)message["role"]!).ToLowerInvariant();
        return message;
    }

    private static string Folded(string name) => name.Replace('\u017F', 's').Replace('\u212A', 'k').ToLowerInvariant();

    private static JsonElement.ObjectEnumerator Members(JsonElement value) =>
        value.ValueKind is JsonValueKind.Object ? value.EnumerateObject() : throw new RefusedException();

    private static IEnumerable<string> PrintedFields(Shape.Struct shape, Dictionary<string, object?> fields) =>
        shape.Fields.Where(static f => !f.Dropped).Select(f => Print(f.Of, fields[f.Name]));

    private static string Print(Shape shape, object? value) => shape switch
    {
        Shape.BoolPointer => Printed.Pointer((bool?)value),
        Shape.Int => Printed.Int((long)value!),
        Shape.KeepAlive => Printed.KeepAlive((long?)value),
        Shape.Image => Convert.ToBase64String([.. ((Slice)value!).Items.Select(static b => (byte)(long)b!)]),
        Shape.PropertyType => Printed.List(((Slice)value!).Items, Printed.Any),
        Shape.ListOf list => Printed.List(((Slice)value!).Items, i => Print(list.Element(), i)),
        Shape.Ordered ordered => value is null ? Printed.Nothing : Printed.Ordered((OrderedDictionary<string, object?>)value, i => Print(ordered.Value(), i)),
        Shape.Struct s => $"({string.Concat(PrintedFields(s, (Dictionary<string, object?>)value!))})",
        Shape.Message m => Print(m.Inner, value),
        _ => Printed.Any(value),
    };

    [GeneratedRegex("^-?[0-9]+$")]
    private static partial Regex Whole();

    [GeneratedRegex("^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?\\z")]
    private static partial Regex Quanta();

    /// <summary>A Go slice: what it is cut by stays behind it, and is there again when it grows.</summary>
    private sealed class Slice
    {
        private readonly List<object?> _array;
        private readonly int _length;

        public Slice() : this([], 0)
        {
        }

        private Slice(List<object?> array, int length) => (_array, _length) = (array, length);

        public IEnumerable<object?> Items => _array.Take(_length);

        public static Slice Of(List<object?> items) => new(items, items.Count);

        public Slice Read(JsonElement value, object? zero, Func<object?, object?, JsonElement, object?> element)
        {
            if (value.ValueKind is not JsonValueKind.Array)
            {
                throw new RefusedException();
            }

            var length = 0;
            foreach (var item in value.EnumerateArray())
            {
                if (length == _array.Count)
                {
                    _array.Add(zero is Shape shape ? Zero(shape) : zero);
                }

                _array[length] = element(zero, _array[length], item);
                length++;
            }

            return length == 0 ? new Slice() : new Slice(_array, length);
        }
    }
}
