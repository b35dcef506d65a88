namespace Inference.Store.Gguf;

/// <summary>How much of a GGUF file to read.</summary>
public enum GgufDetail
{
    /// <summary>Keys and values, arrays by their length only, and the tensors' names, types and shapes.</summary>
    Header,

    /// <summary>Arrays with all their values.</summary>
    Full,
}

/// <summary>What a GGUF file says about itself. Read by managed code that believes no length, count or offset.</summary>
public sealed record GgufFile
{
    /// <summary>Keys and values, in the order of the file.</summary>
    public required IReadOnlyDictionary<string, GgufValue> Metadata { get; init; }

    public required IReadOnlyList<GgufTensor> Tensors { get; init; }

    public string Architecture => throw new NotSupportedException();

    /// <summary>Number of weights: the elements of all tensors.</summary>
    public long ParameterCount => throw new NotSupportedException();

    /// <param name="path">The file.</param>
    /// <param name="detail">How much to read.</param>
    /// <exception cref="GgufException">It is not a GGUF file, or one that would harm the engine.</exception>
    public static GgufFile Read(string path, GgufDetail detail = GgufDetail.Header) => throw new NotSupportedException();
}

/// <summary>A value: exactly the type that the file has.</summary>
/// <param name="Type">Its type; of an array, <see cref="GgufType.Array"/>.</param>
/// <param name="Value">long, ulong, float, double, bool, string, or for an array <see cref="GgufArray"/>.</param>
public readonly record struct GgufValue(GgufType Type, object Value);

/// <param name="ElementType">Type of the elements.</param>
/// <param name="Length">How many.</param>
/// <param name="Values">The elements; null with <see cref="GgufDetail.Header"/>.</param>
public sealed record GgufArray(GgufType ElementType, long Length, IReadOnlyList<GgufValue>? Values);

/// <param name="Name">Its name.</param>
/// <param name="Type">ggml type name, for example <c>Q4_K</c>.</param>
/// <param name="Shape">Length of each dimension.</param>
public sealed record GgufTensor(string Name, string Type, IReadOnlyList<ulong> Shape);

/// <summary>Types of values; the numbers are GGUF's.</summary>
public enum GgufType
{
    UInt8, Int8, UInt16, Int16, UInt32, Int32, Float32, Bool, String, Array, UInt64, Int64, Float64,
}

/// <summary>The file is not a GGUF file, is damaged, or would harm the engine. Words are Ollama's where it has some.</summary>
public sealed class GgufException(string message) : Exception(message);
