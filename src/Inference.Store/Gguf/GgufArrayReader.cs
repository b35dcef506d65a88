using System.Collections;
using System.Runtime.InteropServices;

namespace Inference.Store.Gguf;

/// <summary>Reads or skips arrays. A vocabulary has some hundred thousand texts: without <see cref="GgufDetail.Full"/> none of them is made.</summary>
internal sealed class GgufArrayReader(GgufSource source, GgufDetail detail, bool checkVocabulary)
{
    // The largest vocabularies have some hundred thousand tokens.
    private const ulong MaxElements = 1 << 24;

    // LLAMA_MAX_LAYERS.
    private const int MaxLayers = 512;

    private readonly Dictionary<string, long[]> _layerNumbers = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, long[]> LayerNumbers => _layerNumbers;

    public GgufArray Read(string key)
    {
        var number = source.UInt32();
        var type = (GgufType)number;
        var length = source.UInt64();
        var bytes = ElementBytes(type) ?? throw new GgufException($"invalid array type: {number}");
        if (length > MaxElements || (long)length * bytes > source.Remaining)
        {
            throw new GgufException(length > MaxElements ? $"GGUF array size {length} is too large" : "unexpected EOF");
        }

        var count = (int)length;
        if (checkVocabulary && key is GgufVocabulary.Key && type is GgufType.String)
        {
            GgufVocabulary.Check(source, count);
            return new GgufArray(type, count, Values: null);
        }

        if (detail is GgufDetail.Full)
        {
            var values = Values(type, count);
            KeepLayerNumbers(key, values);
            return new GgufArray(type, count, values);
        }

        if (count <= MaxLayers && type is not (GgufType.String or GgufType.Float32 or GgufType.Float64))
        {
            KeepLayerNumbers(key, Values(type, count));
        }
        else
        {
            Skip(type, count, bytes);
        }

        return new GgufArray(type, count, Values: null);
    }

    // Bytes that an element takes at least; null if arrays cannot have it. Arrays of arrays: neither gguf.cpp nor Ollama read them.
    private static int? ElementBytes(GgufType type) => type switch
    {
        GgufType.UInt8 or GgufType.Int8 or GgufType.Bool => 1,
        GgufType.UInt16 or GgufType.Int16 => 2,
        GgufType.UInt32 or GgufType.Int32 or GgufType.Float32 => 4,
        GgufType.UInt64 or GgufType.Int64 or GgufType.Float64 or GgufType.String => 8,
        _ => null,
    };

    private void Skip(GgufType type, int count, int bytes)
    {
        if (type is not GgufType.String)
        {
            source.Skip((long)count * bytes);
            return;
        }

        for (var i = 0; i < count; i++)
        {
            source.SkipText();
        }
    }

    private IReadOnlyList<GgufValue> Values(GgufType type, int count) => type switch
    {
        GgufType.UInt8 => Numbers<byte>(type, count, static n => (ulong)n),
        GgufType.Int8 => Numbers<sbyte>(type, count, static n => (long)n),
        GgufType.UInt16 => Numbers<ushort>(type, count, static n => (ulong)n),
        GgufType.Int16 => Numbers<short>(type, count, static n => (long)n),
        GgufType.UInt32 => Numbers<uint>(type, count, static n => (ulong)n),
        GgufType.Int32 => Numbers<int>(type, count, static n => (long)n),
        GgufType.UInt64 => Numbers<ulong>(type, count, static n => n),
        GgufType.Int64 => Numbers<long>(type, count, static n => n),
        GgufType.Float32 => Numbers<float>(type, count, static n => n),
        GgufType.Float64 => Numbers<double>(type, count, static n => n),
        GgufType.Bool => Numbers<byte>(type, count, static n => n != 0),
        _ => Texts(count),
    };

    // gguf.cpp and this reader know little-endian files only, and so are the machines they run on.
    private ValueList<T> Numbers<T>(GgufType type, int count, Func<T, object> box)
        where T : unmanaged
    {
        var numbers = new T[count];
        source.Fill(MemoryMarshal.AsBytes(numbers.AsSpan()));
        return new ValueList<T>(type, numbers, box);
    }

    private ValueList<string> Texts(int count)
    {
        var texts = new List<string>();
        for (var i = 0; i < count; i++)
        {
            texts.Add(source.Text());
        }

        return new ValueList<string>(GgufType.String, texts, static text => text);
    }

    private void KeepLayerNumbers(string key, IReadOnlyList<GgufValue> values)
    {
        if (values.Count is > 0 and <= MaxLayers && values[0].Integer is not null)
        {
            _layerNumbers[key] = [.. values.Select(static value => value.Integer ?? 0)];
        }
    }

    /// <summary>Elements as they lie in memory, made into values where somebody looks.</summary>
    private sealed class ValueList<T>(GgufType type, IReadOnlyList<T> items, Func<T, object> box) : IReadOnlyList<GgufValue>
    {
        public int Count => items.Count;

        public GgufValue this[int index] => new(type, box(items[index]));

        public IEnumerator<GgufValue> GetEnumerator() => items.Select(item => new GgufValue(type, box(item))).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
