using Inference.Llama.Interop;
using LLama.Native;

namespace Inference.Llama;

/// <summary>Loaded weights. Holds the vocabulary; a <see cref="LlamaContext"/> computes with it. Contexts and chains made of it keep the weights until they are disposed of.</summary>
public sealed class LlamaModel : IDisposable
{
    private const int MostTrained = 1 << 24; // what a file may claim is any 32 bits; more than this is a mistake

    private readonly int _headSize;

    private LlamaModel(SafeLlamaModelHandle handle)
    {
        Handle = handle;
        Vocabulary = new Vocabulary(new VocabularyHandle(handle));
        TrainedContext = (uint)Native.llama_model_n_ctx_train(handle) is var trained && trained > MostTrained ? MostTrained : (int)trained;
        Architecture = ModelMetadata.Read(handle, "general.architecture") ?? "";
        _headSize = handle.HeadCount > 0 ? handle.EmbeddingSize / handle.HeadCount : 0;
    }

    public Vocabulary Vocabulary { get; }

    /// <summary>For example <c>llama</c>.</summary>
    public string Architecture { get; }

    /// <summary>Longest context the model was trained for, in tokens; 0 if the file says so, and never more than 16,777,216.</summary>
    public int TrainedContext { get; }

    /// <summary>Bytes of all weights.</summary>
    public long SizeBytes => (long)Handle.SizeInBytes;

    /// <summary>Memory of such a model cannot forget a part, so prefixes are not shared.</summary>
    public bool IsRecurrent => Handle.IsRecurrent;

    /// <summary>Some of its layers are recurrent: the same holds.</summary>
    public bool IsHybrid => Native.llama_model_is_hybrid(Handle);

    public int LayerCount => Handle.LayerCount;

    /// <summary>It reads with an encoder and writes with a decoder, such as T5: not supported.</summary>
    public bool HasEncoder => Handle.HasEncoder;

    internal SafeLlamaModelHandle Handle { get; }

    internal int KeyValueHeads => Handle.KVHeadCount;

    /// <summary>Numbers of a head's key in a layer's cache; null if not known.</summary>
    internal int? KeyLength => Number("attention.key_length") ?? (_headSize > 0 ? _headSize : null);

    internal int? ValueLength => Number("attention.value_length") ?? (_headSize > 0 ? _headSize : null);

    /// <summary>Neither heads that differ by layer nor compressed keys (DeepSeek's).</summary>
    internal bool HasEqualLayers =>
        Metadata($"{Architecture}.attention.key_length_mla") is null && Metadata($"{Architecture}.attention.head_count_kv") is not ['[', ..];

    /// <summary>Positions up to this, exclusive, have an embedding; beyond, a model that learned its positions ends the process.</summary>
    internal int PositionLimit => Handle.RopeType is LLamaRopeType.None && !IsRecurrent && !IsHybrid ? TrainedContext : int.MaxValue;

    /// <param name="path">A GGUF file. Of a split model the first part.</param>
    /// <param name="parameters">How to load it.</param>
    /// <param name="progress">Receives 0 to 1 on the loading thread.</param>
    /// <param name="ct">Ends the load at the next progress call.</param>
    /// <exception cref="LlamaException">The file is not a model that can be run here; the message says why.</exception>
    public static LlamaModel Load(string path, ModelParameters parameters, Action<float>? progress = null, CancellationToken ct = default) =>
        new(ModelLoad.Run(path, parameters, vocabularyOnly: false, progress, ct));

    /// <summary>Loads the vocabulary and no weights: milliseconds and some megabytes, for counting tokens without running the model.</summary>
    /// <exception cref="LlamaException">As for <see cref="Load"/>.</exception>
    public static LlamaVocabulary LoadVocabulary(string path, CancellationToken ct = default) =>
        new(ModelLoad.Run(path, new ModelParameters(), vocabularyOnly: true, progress: null, ct));

    /// <summary>A value of the file's header as text; null if it has none of that key. Arrays are shortened.</summary>
    public string? Metadata(string key) => ModelMetadata.Read(Handle, key);

    public void Dispose()
    {
        Vocabulary.Close();
        Handle.Dispose();
    }

    private int? Number(string key) => int.TryParse(Metadata($"{Architecture}.{key}"), out var value) ? value : null;
}
