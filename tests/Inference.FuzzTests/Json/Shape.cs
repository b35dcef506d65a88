namespace Inference.FuzzTests.Json;

/// <summary>What a request's value is there: the Go type, as far as decoding sees it.</summary>
internal abstract record Shape
{
    public sealed record Text : Shape;

    public sealed record Bool : Shape;

    public sealed record BoolPointer : Shape;

    /// <summary>64 bits.</summary>
    public sealed record Int : Shape;

    /// <summary>Any value, decoded without a type.</summary>
    public sealed record Any : Shape;

    /// <summary>Any value, as it is written.</summary>
    public sealed record Raw : Shape;

    /// <summary>An object of untyped values, merged when it comes again.</summary>
    public sealed record Map : Shape;

    public sealed record KeepAlive : Shape;

    public sealed record Think : Shape;

    /// <summary>Bytes in base64, or as a list of numbers.</summary>
    public sealed record Image : Shape;

    /// <summary>A text or several, in a type that decodes itself.</summary>
    public sealed record PropertyType : Shape;

    public sealed record ListOf(Func<Shape> Element) : Shape;

    /// <summary>An object whose order counts, with a type that decodes itself. A pointer to it knows null.</summary>
    public sealed record Ordered(Func<Shape> Value, bool Pointer) : Shape;

    public sealed record Struct(params Field[] Fields) : Shape;

    /// <summary>A struct whose type decodes itself, each time into a new one.</summary>
    public sealed record Message(Struct Inner) : Shape;
}

/// <param name="Name">Its JSON name.</param>
/// <param name="Of">Its type.</param>
/// <param name="Dropped">Decoded, and then of no effect.</param>
internal sealed record Field(string Name, Shape Of, bool Dropped = false)
{
    /// <summary>JSON texts that mean something there: half of the made-up values are of these.</summary>
    public string[] Often { get; init; } = [];
}
