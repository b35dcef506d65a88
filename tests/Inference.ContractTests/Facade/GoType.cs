using System.Globalization;
using System.Text.Json;

namespace Inference.ContractTests.Facade;

/// <summary>A type of Go, as far as a decoder looks at it. Pointers are what they point to.</summary>
/// <param name="Name">As it is called in messages.</param>
internal abstract record GoType(string Name)
{
    internal sealed record Text() : GoType("string");

    internal sealed record Truth() : GoType("bool");

    internal sealed record Number(string Name, Predicate<string> Holds) : GoType(Name);

    internal sealed record Any() : GoType("interface {}");

    internal sealed record Raw() : GoType("json.RawMessage");

    internal record List(string Name, GoType Item) : GoType(Name);

    /// <summary>A list of bytes, which may come as base64.</summary>
    internal sealed record Bytes(string Name) : List(Name, Byte);

    internal sealed record Map(string Name, GoType Item) : GoType(Name);

    /// <param name="Short">The name without its package; empty for a struct that has none.</param>
    /// <param name="Name">As it is called in messages.</param>
    /// <param name="Fields">The fields; not before they are asked for, because types contain themselves.</param>
    internal sealed record Struct(string Short, string Name, Func<(string Name, GoType Type)[]> Fields) : GoType(Name)
    {
        /// <summary>Members that a value of it needs to be read at all.</summary>
        public string Always { get; init; } = "";
    }

    /// <summary>A type that decodes itself.</summary>
    internal sealed record Own(Func<JsonElement, DecoderWords?> Decode) : GoType("")
    {
        /// <summary>Whether it gets to see null: a pointer to it does not.</summary>
        public bool OfNull { get; init; }

        /// <summary>What is inside of it, and what has to be around that.</summary>
        public (Func<string, string> Around, GoType Type)[] Inside { get; init; } = [];
    }

    public static readonly GoType String = new Text();
    public static readonly GoType Bool = new Truth();
    public static readonly GoType Anything = new Any();
    public static readonly GoType RawMessage = new Raw();
    public static readonly GoType Int = new Number("int", static n => long.TryParse(n, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _));
    public static readonly GoType Byte = new Number("uint8", static n => byte.TryParse(n, NumberStyles.None, CultureInfo.InvariantCulture, out _));
    public static readonly GoType Float64 = new Number("float64", static n => double.IsFinite(double.Parse(n, CultureInfo.InvariantCulture)));
    public static readonly GoType Float32 = new Number("float32", static n => float.IsFinite(float.Parse(n, CultureInfo.InvariantCulture)));
    public static readonly GoType Strings = ListOf("[]string", String);
    public static readonly GoType Object = new Map("map[string]interface {}", Anything);
    public static readonly GoType Texts = new Map("map[string]string", String);

    public static GoType ListOf(string name, GoType item) => new List(name, item);

    public static Struct StructOf(string name, params (string Name, GoType Type)[] fields) => new(name[(name.IndexOf('.', StringComparison.Ordinal) + 1)..], name, () => fields);

    /// <summary>A map that keeps its order: whatever is no object is told in the same words, and the first wrong value is told.</summary>
    public static Own Ordered(GoType item, bool ofNull) => new(value => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.Object => value.EnumerateObject().Select(m => DecoderModel.Unmarshal(item, m.Value)).FirstOrDefault(static e => e is not null),
        _ => DecoderWords.Of("Value looks like object, but can't find closing '}' symbol"),
    })
    {
        OfNull = ofNull,
        Inside = [(static v => $$"""{"k":{{v}}}""", item)],
    };
}
