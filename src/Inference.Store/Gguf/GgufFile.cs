namespace Inference.Store.Gguf;

/// <summary>How much of a GGUF file to read.</summary>
public enum GgufDetail
{
    /// <summary>Keys and values, arrays by their length only, and the tensors' names, types and shapes.</summary>
    Header,

    /// <summary>Arrays with all their values.</summary>
    Full,

    /// <summary>Keys and values up to the first of the tokenizer's, and no tensors: what a listing of models needs.</summary>
    Summary,
}

/// <summary>What a GGUF file says about itself. Read by managed code that believes no length, count or offset.</summary>
public sealed record GgufFile
{
    /// <summary>Keys and values, in the order of the file.</summary>
    public required IReadOnlyDictionary<string, GgufValue> Metadata { get; init; }

    public required IReadOnlyList<GgufTensor> Tensors { get; init; }

    /// <summary>2 or 3.</summary>
    public uint Version { get; init; } = 3;

    /// <summary>To which the places of tensors are rounded, in bytes.</summary>
    public long Alignment { get; init; } = 32;

    /// <summary>Where the tensors' data begins. Of no meaning with <see cref="GgufDetail.Summary"/>.</summary>
    public long DataOffset { get; init; }

    /// <summary>Length of the file.</summary>
    public long SizeBytes { get; init; }

    /// <summary>Short arrays of whole numbers, by key: one for each layer. Read whatever the detail.</summary>
    internal IReadOnlyDictionary<string, long[]> LayerNumbers { get; init; } = new Dictionary<string, long[]>(StringComparer.Ordinal);

    /// <summary><c>general.architecture</c>; <c>unknown</c> if it has none, as in Ollama.</summary>
    public string Architecture => Metadata.TryGetValue("general.architecture", out var value) && value.Value is string { Length: > 0 } name ? name : "unknown";

    /// <summary>Number of weights: the elements of all tensors.</summary>
    public long ParameterCount => unchecked(Tensors.Aggregate(0L, static (sum, tensor) => unchecked(sum + tensor.ElementCount)));

    /// <summary>What loading and listing want to know, typed.</summary>
    public GgufFacts Facts => new(this);

    /// <param name="path">The file.</param>
    /// <param name="detail">How much to read.</param>
    /// <exception cref="GgufException">It is not a GGUF file, or not a readable one.</exception>
    /// <exception cref="IOException">It is not there, or cannot be read.</exception>
    public static GgufFile Read(string path, GgufDetail detail = GgufDetail.Header)
    {
        using var source = GgufSource.Open(path);
        return new GgufReader(source, detail).Read();
    }
}

/// <summary>A value: exactly the type that the file has.</summary>
/// <param name="Type">Its type; of an array, <see cref="GgufType.Array"/>.</param>
/// <param name="Value">long, ulong, float, double, bool, string, or for an array <see cref="GgufArray"/>.</param>
public readonly record struct GgufValue(GgufType Type, object Value)
{
    /// <summary>A whole number of any of the types; null for another value, or one beyond 63 bits.</summary>
    public long? Integer => Value switch
    {
        long number => number,
        ulong number when number <= long.MaxValue => (long)number,
        _ => null,
    };
}

/// <param name="ElementType">Type of the elements.</param>
/// <param name="Length">How many.</param>
/// <param name="Values">The elements; null with <see cref="GgufDetail.Header"/>.</param>
public sealed record GgufArray(GgufType ElementType, long Length, IReadOnlyList<GgufValue>? Values);

/// <param name="Name">Its name.</param>
/// <param name="Type">ggml type name, for example <c>Q4_K</c>.</param>
/// <param name="Shape">Length of each dimension.</param>
public sealed record GgufTensor(string Name, string Type, IReadOnlyList<ulong> Shape)
{
    /// <summary>Where its data begins, from the beginning of all data.</summary>
    public ulong Offset { get; init; }

    /// <summary>Bytes of its data; -1 where its rows are not made of whole blocks.</summary>
    public long SizeBytes { get; init; }

    /// <summary>Product of the shape.</summary>
    public long ElementCount => Shape.Aggregate(1L, static (product, length) => unchecked(product * (long)length));
}

/// <summary>Types of values; the numbers are GGUF's.</summary>
public enum GgufType
{
    UInt8, Int8, UInt16, Int16, UInt32, Int32, Float32, Bool, String, Array, UInt64, Int64, Float64,
}

/// <summary>The file is not a GGUF file, is damaged, or would harm the engine. Words are Ollama's where it has some.</summary>
public sealed class GgufException(string message) : Exception(message);
