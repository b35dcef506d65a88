namespace Inference.Store.Gguf;

/// <summary>What loading and listing want to know of a GGUF file. What it does not say is 0, false or empty; nothing is believed to make sense.</summary>
public sealed class GgufFacts(GgufFile file)
{
    // A cache of 16-bit floats, the default of both llama.cpp and Ollama.
    private const int CacheValueBytes = 2;

    /// <summary><c>general.type</c>: <c>model</c>, <c>adapter</c>, <c>mmproj</c>, or empty.</summary>
    public string Kind => Text("general.type");

    public string Name => Text("general.name");

    /// <summary>Tokens that the model was trained for.</summary>
    public long ContextLength => OfModel("context_length");

    public long EmbeddingLength => OfModel("embedding_length");

    public long BlockCount => OfModel("block_count");

    /// <summary>Query heads; one number for each layer where they differ, else one.</summary>
    public IReadOnlyList<long> HeadCounts => Numbers("attention.head_count");

    /// <summary>Key and value heads; one number for each layer where they differ, else one. As many as query heads where the file is silent.</summary>
    public IReadOnlyList<long> KeyValueHeadCounts => Numbers("attention.head_count_kv") is { Length: > 0 } counts ? counts : HeadCounts;

    /// <summary>Length of a key of one head.</summary>
    public long KeyLength => OfModel("attention.key_length") is > 0 and var length ? length : HeadLength;

    /// <summary>Length of a value of one head.</summary>
    public long ValueLength => OfModel("attention.value_length") is > 0 and var length ? length : HeadLength;

    /// <summary>Bytes that a token takes in a cache of 16-bit floats, as if all layers attended to all tokens. An upper estimate.</summary>
    public long CacheBytesPerToken
    {
        get
        {
            var counts = KeyValueHeadCounts;
            var layers = Math.Clamp(BlockCount, 0, 512);
            UInt128 heads = 0;
            for (var layer = 0; layer < layers && counts.Count > 0; layer++)
            {
                heads += (UInt128)Math.Max(counts[Math.Min(layer, counts.Count - 1)], 0);
            }

            var bytes = heads * ((UInt128)KeyLength + (UInt128)ValueLength) * CacheValueBytes;
            return bytes > long.MaxValue ? long.MaxValue : (long)bytes;
        }
    }

    /// <summary>Makes embeddings, not text: <c>pooling_type</c> is there, whatever it says.</summary>
    public bool HasPooling => Has("pooling_type");

    public bool HasVision => Has("vision.block_count");

    public bool HasAudio => Has("audio.block_count");

    /// <summary>A projector that takes sound. Ollama looks for the key behind any prefix.</summary>
    public bool HasAudioEncoder => file.Metadata.Any(static entry =>
        entry.Value.Value is true && (entry.Key is "clip.has_audio_encoder" or "has_audio_encoder" || entry.Key.EndsWith(".has_audio_encoder", StringComparison.Ordinal)));

    /// <summary>Of a projector, for example <c>gemma3</c>.</summary>
    public string ProjectorType => TextOfModel("vision.projector_type") is { Length: > 0 } type ? type : TextOfModel("projector_type");

    /// <summary>Jinja; empty if there is none.</summary>
    public string ChatTemplate => Text("tokenizer.chat_template");

    /// <summary>For example <c>gpt2</c>.</summary>
    public string Tokenizer => Text("tokenizer.ggml.model");

    /// <summary>Tokens in the vocabulary.</summary>
    public long VocabularySize => file.Metadata.TryGetValue(GgufVocabulary.Key, out var value) && value.Value is GgufArray tokens ? tokens.Length : 0;

    /// <summary>Number of a file of several, from 0; null if it is the only one.</summary>
    public long? SplitNumber => file.Metadata.TryGetValue("split.no", out var value) ? value.Integer : null;

    /// <summary>Name of <c>general.file_type</c>, for example <c>Q4_K_M</c>; empty if the file has none.</summary>
    public string FileTypeName => file.Metadata.TryGetValue("general.file_type", out var value) && value.Integer is { } number ? FileType.Name(number) : "";

    private long HeadLength => HeadCounts.Count > 0 && HeadCounts.Max() is > 0 and var heads ? EmbeddingLength / heads : 0;

    private string Text(string key) => file.Metadata.TryGetValue(key, out var value) && value.Value is string text ? text : "";

    private string TextOfModel(string key) => Text($"{file.Architecture}.{key}");

    private bool Has(string key) => file.Metadata.ContainsKey($"{file.Architecture}.{key}");

    private long OfModel(string key) => file.Metadata.TryGetValue($"{file.Architecture}.{key}", out var value) && value.Integer is > 0 and var number ? number : 0;

    private long[] Numbers(string key)
    {
        var full = $"{file.Architecture}.{key}";
        return file.LayerNumbers.TryGetValue(full, out var numbers) ? numbers : OfModel(key) is > 0 and var number ? [number] : [];
    }
}
