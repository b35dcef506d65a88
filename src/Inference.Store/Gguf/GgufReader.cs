using System.Globalization;

namespace Inference.Store.Gguf;

/// <summary>
/// Reads a GGUF header. Counts are only limits: what is kept grows with what has been read, never with what is claimed. What Ollama's decoder also finds wrong is said in its words
/// (fs/ggml/gguf.go).
/// </summary>
internal sealed class GgufReader(GgufSource source, GgufDetail detail, bool checkVocabulary = false)
{
    private const uint Magic = 0x46554747; // "GGUF"
    private const uint MagicOfBigEndian = 0x47475546;
    private const long DefaultAlignment = 32; // GGUF_DEFAULT_ALIGNMENT

    // The largest models have some thousand tensors and some hundred keys. More would only fill the memory.
    private const ulong MaxKeys = 1 << 16;
    private const ulong MaxTensors = 1 << 17;

    private readonly OrderedDictionary<string, GgufValue> _metadata = new(StringComparer.Ordinal);
    private readonly GgufArrayReader _arrays = new(source, detail, checkVocabulary);

    public GgufFile Read()
    {
        var version = Version();
        var tensorCount = Count("tensors", MaxTensors);
        var keyCount = Count("keys", MaxKeys);
        var complete = Keys(keyCount);
        var tensors = complete ? new GgufTensorReader(source).Read(tensorCount) : [];
        return new GgufFile
        {
            Version = version,
            Metadata = _metadata,
            LayerNumbers = _arrays.LayerNumbers,
            Tensors = tensors,
            Alignment = Alignment(),
            DataOffset = complete ? Padded(source.Position, Alignment()) : 0,
            SizeBytes = source.Length,
        };
    }

    private uint Version()
    {
        switch (source.UInt32())
        {
            case Magic:
                break;
            case MagicOfBigEndian:
                throw new GgufException("GGUF file is big-endian, which the engine does not read");
            default:
                throw new GgufException("invalid file magic");
        }

        var version = source.UInt32();
        return version is 2 or 3 ? version : throw new GgufException($"unsupported GGUF version {version}");
    }

    private long Count(string what, ulong max) =>
        source.UInt64() is var count && count <= max ? (long)count : throw new GgufException($"GGUF file claims {count} {what}");

    // False if it stopped at the tokenizer.
    private bool Keys(long count)
    {
        for (var i = 0L; i < count; i++)
        {
            var key = source.Text();
            if (detail is GgufDetail.Summary && key.StartsWith("tokenizer.", StringComparison.Ordinal))
            {
                return false;
            }

            if (!_metadata.TryAdd(key, Value(key, source.UInt32())))
            {
                throw new GgufException($"key {Errors.GoQuote.Quote(key)} occurs twice");
            }
        }

        return detail is not GgufDetail.Summary;
    }

    private GgufValue Value(string key, uint type) => new((GgufType)type, (GgufType)type switch
    {
        GgufType.UInt8 => (ulong)source.Byte(),
        GgufType.Int8 => (long)(sbyte)source.Byte(),
        GgufType.UInt16 => (ulong)source.UInt16(),
        GgufType.Int16 => (long)(short)source.UInt16(),
        GgufType.UInt32 => (ulong)source.UInt32(),
        GgufType.Int32 => (long)(int)source.UInt32(),
        GgufType.UInt64 => source.UInt64(),
        GgufType.Int64 => (long)source.UInt64(),
        GgufType.Float32 => BitConverter.UInt32BitsToSingle(source.UInt32()),
        GgufType.Float64 => BitConverter.UInt64BitsToDouble(source.UInt64()),
        GgufType.Bool => source.Byte() != 0,
        GgufType.String => source.Text(),
        GgufType.Array => _arrays.Read(key),
        _ => throw new GgufException($"invalid type: {type.ToString(CultureInfo.InvariantCulture)}"),
    });

    private long Alignment()
    {
        if (!_metadata.TryGetValue("general.alignment", out var value))
        {
            return DefaultAlignment;
        }

        // gguf.cpp wants a power of two.
        return value is { Type: GgufType.UInt32, Value: ulong and > 0 and <= int.MaxValue and var alignment } && ulong.IsPow2(alignment)
            ? (long)alignment
            : throw new GgufException($"invalid GGUF alignment: {value.Value}");
    }

    private static long Padded(long offset, long alignment) => (offset + alignment - 1) / alignment * alignment;
}
