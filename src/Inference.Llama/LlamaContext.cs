using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Inference.Llama.Interop;
using LLama.Native;

namespace Inference.Llama;

/// <summary>How a decode ended.</summary>
public enum DecodeOutcome
{
    Done = 0,

    /// <summary>No free cells; nothing changed.</summary>
    NoRoom = 1,

    /// <summary>Stopped by <see cref="LlamaContext.Abort"/>; what the batch had fed must be taken back.</summary>
    Aborted = 2,

    /// <summary>The batch is invalid; nothing changed.</summary>
    Refused = -1,

    /// <summary>The computation failed; the memory of its sequences is undefined.</summary>
    Failed = -2,
}

/// <summary>A key-value cache and the compute graph over it. Used by one thread, but for <see cref="Abort"/>.</summary>
public sealed unsafe class LlamaContext : IDisposable
{
    private readonly ContextHandle _handle;
    private readonly LlamaModel _model;
    private readonly nint _raw;
    private readonly nint _memory;
    private readonly byte* _abort; // native, so that the abort callback touches no managed state

    private LlamaContext(LlamaModel model, ContextHandle handle, int sequences)
    {
        _model = model;
        _handle = handle;
        _raw = handle.DangerousGetHandle();
        _memory = Native.llama_get_memory(_raw);
        Sequences = sequences;
        _abort = (byte*)NativeMemory.AllocZeroed(1);
        Native.llama_set_abort_callback(_raw, &ShouldAbort, _abort);
    }

    /// <summary>Sequences it can hold; ids are 0 to one less.</summary>
    public int Sequences { get; }

    /// <summary>Cells of one sequence; llama.cpp rounds up what was asked for.</summary>
    public int SequenceLength => (int)Native.llama_n_ctx_seq(_raw);

    /// <summary>Cells of the whole cache.</summary>
    public int Length => (int)Native.llama_n_ctx(_raw);

    /// <summary>False for encoders such as BERT: they embed, but cannot generate.</summary>
    public bool HasMemory => _memory != 0;

    public bool CanShift => HasMemory && Native.llama_memory_can_shift(_memory);

    /// <summary>Length of an embedding.</summary>
    public int EmbeddingLength => Pooling is PoolingType.Rank ? (int)Native.llama_model_n_cls_out(_model.Raw) : Native.llama_model_n_embd_out(_model.Raw);

    public PoolingType Pooling => (PoolingType)Native.llama_pooling_type(_raw);

    internal nint Raw => _raw;

    /// <exception cref="LlamaException">A parameter is out of range, or memory is short.</exception>
    public static LlamaContext Create(LlamaModel model, ContextParameters parameters)
    {
        Guard(parameters);
        var native = LLamaContextParams.Default();
        native.n_ctx = (uint)parameters.ContextLength;
        native.n_batch = native.n_ubatch = (uint)parameters.BatchSize;
        native.n_seq_max = (uint)parameters.Sequences;
        native.n_threads = parameters.Threads;
        native.n_threads_batch = parameters.BatchThreads;
        native.kv_unified = parameters.Unified;
        native.embeddings = parameters.Embeddings;
        native.llama_pooling_type = (LLamaPoolingType)parameters.Pooling;
        native.type_k = native.type_v = (GGMLType)parameters.CacheType; // the values are ggml's; LLamaSharp's own table ends early
        native.llama_flash_attn_type = parameters.FlashAttention switch
        {
            null => LLamaFlashAttentionType.LLAMA_FLASH_ATTENTION_TYPE_AUTO,
            true => LLamaFlashAttentionType.LLAMA_FLASH_ATTENTION_TYPE_ENABLED,
            false => LLamaFlashAttentionType.LLAMA_FLASH_ATTENTION_TYPE_DISABLED,
        };
        native.no_perf = true;
        var handle = ContextHandle.Create(model.Handle, native);
        return handle.IsInvalid
            ? throw new LlamaException(LlamaFault.Context, "the context could not be created")
            : new LlamaContext(model, handle, parameters.Sequences);
    }

    /// <summary>Computes a batch. Rows that asked for logits have them afterwards.</summary>
    public DecodeOutcome Decode(Batch batch)
    {
        Volatile.Write(ref *_abort, 0);
        return Native.llama_decode(_raw, batch.Value) switch
        {
            0 => DecodeOutcome.Done,
            1 => DecodeOutcome.NoRoom,
            2 => DecodeOutcome.Aborted,
            -1 => DecodeOutcome.Refused,
            _ => DecodeOutcome.Failed,
        };
    }

    /// <summary>For models without memory.</summary>
    public DecodeOutcome Encode(Batch batch) => Native.llama_encode(_raw, batch.Value) switch
    {
        0 => DecodeOutcome.Done,
        -1 => DecodeOutcome.Refused,
        _ => DecodeOutcome.Failed,
    };

    /// <summary>Makes a running decode return <see cref="DecodeOutcome.Aborted"/> soon. From any thread.</summary>
    public void Abort() => Volatile.Write(ref *_abort, 1);

    public void Clear() => Native.llama_memory_clear(_memory, data: false);

    /// <summary>Forgets positions <paramref name="from"/> up to <paramref name="to"/> (-1: to the end) of a sequence.</summary>
    /// <returns>False if this memory cannot forget a part.</returns>
    public bool Remove(int sequence, int from, int to = -1) => Native.llama_memory_seq_rm(_memory, Checked(sequence), from, to);

    /// <summary>Moves the positions from <paramref name="from"/> up to <paramref name="to"/> by <paramref name="delta"/>.</summary>
    public void Shift(int sequence, int from, int to, int delta) => Native.llama_memory_seq_add(_memory, Checked(sequence), from, to, delta);

    /// <summary>Gives <paramref name="target"/> the whole memory of <paramref name="source"/>. A part of a split cache cannot be copied.</summary>
    public void CopyAll(int source, int target) => Native.llama_memory_seq_cp(_memory, Checked(source), Checked(target), -1, -1);

    /// <summary>Shares the first <paramref name="length"/> cells; for a unified cache only.</summary>
    public void Share(int source, int target, int length) => Native.llama_memory_seq_cp(_memory, Checked(source), Checked(target), 0, length);

    /// <summary>The scores of the next token at a row that asked for them. Valid until the next decode.</summary>
    public Span<float> Logits(int row)
    {
        var logits = Native.llama_get_logits_ith(_raw, row);
        return logits is null
            ? throw new LlamaException(LlamaFault.Compute, $"row {row} has no logits")
            : new Span<float>(logits, _model.Vocabulary.Size);
    }

    /// <summary>The pooled embedding of a sequence. Valid until the next decode.</summary>
    public ReadOnlySpan<float> Embedding(int sequence)
    {
        var vector = Native.llama_get_embeddings_seq(_raw, Checked(sequence));
        return vector is null
            ? throw new LlamaException(LlamaFault.Compute, "no embedding came back")
            : new ReadOnlySpan<float>(vector, EmbeddingLength);
    }

    public void Dispose()
    {
        if (!_handle.IsClosed)
        {
            _handle.Dispose();
            NativeMemory.Free(_abort);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static byte ShouldAbort(void* flag) => *(byte*)flag;

    // An id outside the table ends the process.
    private int Checked(int sequence) => (uint)sequence < (uint)Sequences ? sequence : throw new ArgumentOutOfRangeException(nameof(sequence));

    private static void Guard(ContextParameters p)
    {
        Require(p.Sequences is >= 1 and <= 256, "sequences must be 1 to 256");
        Require(p.ContextLength is >= 256 and <= 1 << 28, "the context length is out of range");
        Require(p.BatchSize >= p.Sequences && p.BatchSize <= 1 << 16, "a batch must hold one token of every sequence");
        Require(p.Threads >= 1 && p.Threads <= Environment.ProcessorCount, "threads must be 1 to the number of cores");
        Require(p.BatchThreads >= 1 && p.BatchThreads <= Environment.ProcessorCount, "threads must be 1 to the number of cores");
        Require(Enum.IsDefined(p.CacheType), "unknown cache type");
        Require(Enum.IsDefined(p.Pooling), "unknown pooling type");
        Require(p.FlashAttention is not false || p.CacheType is CacheType.F32 or CacheType.F16 or CacheType.BF16, "a quantized cache needs flash attention");
    }

    private static void Require(bool condition, string otherwise)
    {
        if (!condition)
        {
            throw new LlamaException(LlamaFault.Context, otherwise);
        }
    }
}

/// <summary>How an embedding is made of the vectors of its tokens; the values are llama.cpp's.</summary>
public enum PoolingType
{
    Unspecified = -1,
    None = 0,
    Mean = 1,
    Cls = 2,
    Last = 3,
    Rank = 4,
}
