using Inference.Errors;

namespace Inference.Store.Gguf;

/// <summary>Reads the list of tensors: names, types, shapes and places. Whether the data is there is <see cref="GgufGuards"/>' question.</summary>
internal sealed class GgufTensorReader(GgufSource source)
{
    private const int MaxDimensions = 4; // GGML_MAX_DIMS

    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    public IReadOnlyList<GgufTensor> Read(long count)
    {
        var tensors = new List<GgufTensor>();
        for (var i = 0L; i < count; i++)
        {
            tensors.Add(Tensor());
        }

        return tensors;
    }

    private GgufTensor Tensor()
    {
        var name = Part("name", source.Text);
        if (!_names.Add(name))
        {
            throw new GgufException($"tensor {GoQuote.Quote(name)} occurs twice");
        }

        var shape = Shape(name);
        var number = Part("kind", source.UInt32);
        var offset = Part("offset", source.UInt64);
        var type = GgmlType.Find(number) ?? throw new GgufException($"tensor {GoQuote.Quote(name)} has unsupported type {number}");
        return new GgufTensor(name, type.Name, shape) { Offset = offset, SizeBytes = Bytes(name, shape, type) };
    }

    private ulong[] Shape(string name)
    {
        var dimensions = Part("dimensions", source.UInt32);
        if (dimensions > MaxDimensions)
        {
            throw new GgufException($"tensor {GoQuote.Quote(name)} has {dimensions} dimensions");
        }

        var shape = new ulong[dimensions];
        for (var i = 0; i < shape.Length; i++)
        {
            shape[i] = Part("shape", source.UInt64);
        }

        return shape;
    }

    private static long Bytes(string name, ulong[] shape, GgmlType type)
    {
        // No weight takes more than eight bytes, so the bytes fit 63 bits if the elements fit 60.
        UInt128 elements = 1;
        foreach (var length in shape)
        {
            elements *= length;
            if (length > long.MaxValue || elements > long.MaxValue / 8)
            {
                throw new GgufException($"tensor {GoQuote.Quote(name)} has an impossible shape");
            }
        }

        var rowLength = shape.Length > 0 ? shape[0] : 1;
        return rowLength % (ulong)type.BlockLength == 0 ? (long)(elements / (ulong)type.BlockLength * (ulong)type.BlockBytes) : -1;
    }

    // Ollama says at which part of a tensor the file ended.
    private static T Part<T>(string part, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (GgufException e)
        {
            throw new GgufException($"failed to read tensor {part}: {e.Message}");
        }
    }
}
