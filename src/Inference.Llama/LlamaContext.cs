using Inference.Llama.Interop;
using LLama.Native;

namespace Inference.Llama;

/// <summary>
/// A key-value cache and the compute graph over it. Keeps its model's weights in memory. Used by one thread, but for
/// <see cref="Abort"/>. Spans it gives out end with the next decode and with the context.
/// </summary>
public sealed unsafe class LlamaContext : IDisposable
{
    private readonly ContextHandle _handle;
    private readonly LlamaModel _model;
    private readonly nint _memory;
    private readonly int _positions;
    private readonly bool _unified;
    private readonly CacheType _cacheType;
    private int _rows; // of the last decode

    private LlamaContext(LlamaModel model, ContextHandle handle, ContextParameters parameters)
    {
        _model = model;
        _handle = handle;
        _unified = parameters.Unified;
        _cacheType = parameters.CacheType;
        _memory = Native.llama_get_memory(handle);
        Sequences = parameters.Sequences;
        BatchSize = (int)Native.llama_n_batch(handle);
        Pooling = (PoolingType)Native.llama_pooling_type(handle);

        // Encoders learned their positions.
        _positions = HasMemory ? model.PositionLimit : Math.Min(model.PositionLimit, model.TrainedContext);
        EmbeddingLength = Pooling is PoolingType.Rank ? (int)Native.llama_model_n_cls_out(model.Handle) : Native.llama_model_n_embd_out(model.Handle);
    }

    /// <summary>Sequences it can hold; ids are 0 to one less.</summary>
    public int Sequences { get; }

    /// <summary>Rows of a batch at most: what was asked for, or less in a shorter context.</summary>
    public int BatchSize { get; }

    /// <summary>Cells of one sequence; llama.cpp rounds up what was asked for.</summary>
    public int SequenceLength => (int)Native.llama_n_ctx_seq(_handle);

    /// <summary>Cells of the whole cache.</summary>
    public int Length => (int)Native.llama_n_ctx(_handle);

    /// <summary>False for encoders such as BERT: they embed, but cannot generate.</summary>
    public bool HasMemory => _memory != 0;

    /// <summary>
    /// Whether positions can be moved: not where a token has several, and not in a cache of a type that the CPU cannot rotate in place.
    /// llama.cpp says yes to BF16 and the quantized types, and ends the process in the next decode.
    /// </summary>
    public bool CanShift => HasMemory && _cacheType is CacheType.F32 or CacheType.F16 && Native.llama_memory_can_shift(_memory);

    /// <summary>Length of an embedding.</summary>
    public int EmbeddingLength { get; }

    public PoolingType Pooling { get; }

    /// <summary>One for all sequences, which are sampled one after the other.</summary>
    internal CandidateBuffer Candidates { get; } = new();

    public int Threads => Native.llama_n_threads(_handle);

    public int BatchThreads => Native.llama_n_threads_batch(_handle);

    /// <exception cref="LlamaException">A parameter is out of range, memory is short, or the model cannot do it; the message says which.</exception>
    public static LlamaContext Create(LlamaModel model, ContextParameters parameters)
    {
        ContextGuard.Check(model, parameters);
        if (!parameters.Embeddings && model.HasEncoder)
        {
            throw new LlamaException(LlamaFault.Unsupported, "a model with an encoder and a decoder cannot generate here");
        }

        LlamaLog.Begin();
        var handle = ContextHandle.Create(model.Handle, Convert(parameters));
        if (handle.IsInvalid)
        {
            throw new LlamaException(LlamaFault.Context, LlamaLog.Reason("the context could not be made"));
        }

        var context = new LlamaContext(model, handle, parameters);
        if (!parameters.Embeddings && !context.HasMemory)
        {
            context.Dispose();
            throw new LlamaException(LlamaFault.Unsupported, "the model is an encoder: it can embed and not generate");
        }

        return context;
    }

    /// <summary>Threads from the next decode on, each 1 to the number of cores.</summary>
    public void SetThreads(int threads, int batchThreads)
    {
        ContextGuard.CheckThreads(threads, batchThreads);
        Native.llama_set_n_threads(_handle, threads, batchThreads);
    }

    /// <summary>Computes a batch. Rows that asked for logits have them afterwards.</summary>
    /// <exception cref="ArgumentException">The batch has too many rows, or ids that this context does not have.</exception>
    public DecodeOutcome Decode(Batch batch)
    {
        CheckBatch(batch);
        _handle.Aborts = false;
        LlamaLog.Hold();
        return Outcome(Native.llama_decode(_handle, batch.Value), batch);
    }

    /// <summary>For models without memory.</summary>
    /// <exception cref="ArgumentException">As for <see cref="Decode"/>.</exception>
    public DecodeOutcome Encode(Batch batch)
    {
        CheckBatch(batch);
        _handle.Aborts = false;
        LlamaLog.Hold();
        return Outcome(Native.llama_encode(_handle, batch.Value), batch);
    }

    /// <summary>Makes a running decode return <see cref="DecodeOutcome.Aborted"/> soon; without one it does nothing. From any thread, at any time.</summary>
    public void Abort() => _handle.Aborts = true;

    /// <summary>Forgets everything.</summary>
    public void Clear() => Native.llama_memory_clear(Memory, data: false);

    /// <summary>Forgets positions <paramref name="from"/> up to <paramref name="to"/> (-1: to the end) of a sequence.</summary>
    /// <returns>False if this memory cannot forget a part.</returns>
    public bool Remove(int sequence, int from, int to = -1) => Native.llama_memory_seq_rm(Memory, Checked(sequence), from, to);

    /// <summary>Forgets all other sequences.</summary>
    public void Keep(int sequence) => Native.llama_memory_seq_keep(Memory, Checked(sequence));

    /// <summary>Moves the positions from <paramref name="from"/> up to <paramref name="to"/> by <paramref name="delta"/>. In a unified cache a cell moves for all its sequences.</summary>
    /// <exception cref="LlamaException">This memory cannot: <see cref="CanShift"/>.</exception>
    public void Shift(int sequence, int from, int to, int delta)
    {
        if (!CanShift)
        {
            throw new LlamaException(LlamaFault.Unsupported, "the context of this model cannot be shifted");
        }

        Native.llama_memory_seq_add(_memory, Checked(sequence), from, to, delta);
    }

    /// <summary>Gives <paramref name="target"/> the whole memory of <paramref name="source"/>. A part of a split cache cannot be copied.</summary>
    public void CopyAll(int source, int target) => Native.llama_memory_seq_cp(Memory, Checked(source), Checked(target), -1, -1);

    /// <summary>Shares the first <paramref name="length"/> cells; for a unified cache only.</summary>
    /// <exception cref="InvalidOperationException">The cache is split: llama.cpp would end the process.</exception>
    public void Share(int source, int target, int length)
    {
        if (!_unified && source != target)
        {
            throw new InvalidOperationException("a part of a split cache cannot be shared");
        }

        Native.llama_memory_seq_cp(Memory, Checked(source), Checked(target), 0, length);
    }

    /// <summary>First position that a sequence remembers; -1 if none.</summary>
    public int FirstPosition(int sequence) => Native.llama_memory_seq_pos_min(Memory, Checked(sequence));

    /// <summary>Last position that a sequence remembers; -1 if none.</summary>
    public int LastPosition(int sequence) => Native.llama_memory_seq_pos_max(Memory, Checked(sequence));

    /// <summary>Bytes of what a sequence remembers.</summary>
    public int StateLength(int sequence) => checked((int)Native.llama_state_seq_get_size(_handle, Checked(sequence)));

    /// <summary>Writes what a sequence remembers, for <see cref="RestoreState"/> of a context of the same model and parameters.</summary>
    /// <returns>Bytes written; 0 if there is no room.</returns>
    public int SaveState(int sequence, Span<byte> target)
    {
        fixed (byte* first = target)
        {
            return (int)Native.llama_state_seq_get_data(_handle, first, (nuint)target.Length, Checked(sequence));
        }
    }

    /// <returns>Whether it was restored; if not, the sequence remembers nothing.</returns>
    public bool RestoreState(int sequence, ReadOnlySpan<byte> source)
    {
        fixed (byte* first = source)
        {
            return Native.llama_state_seq_set_data(_handle, first, (nuint)source.Length, Checked(sequence)) != 0;
        }
    }

    /// <summary>The scores of the next token at a row that asked for them. Valid until the next decode.</summary>
    /// <exception cref="LlamaException">The row did not ask.</exception>
    public Span<float> Logits(int row)
    {
        var logits = Native.llama_get_logits_ith(_handle, CheckedRow(row));
        return logits is null
            ? throw new LlamaException(LlamaFault.Compute, $"row {row} has no logits")
            : new Span<float>(logits, _model.Vocabulary.Size);
    }

    /// <summary>The pooled embedding of a sequence. Valid until the next decode.</summary>
    public ReadOnlySpan<float> Embedding(int sequence)
    {
        var vector = Native.llama_get_embeddings_seq(_handle, Checked(sequence));
        return vector is null
            ? throw new LlamaException(LlamaFault.Compute, "no embedding came back")
            : new ReadOnlySpan<float>(vector, EmbeddingLength);
    }

    /// <summary>The embedding of one row that asked for logits, where nothing is pooled. Valid until the next decode.</summary>
    public ReadOnlySpan<float> RowEmbedding(int row)
    {
        var vector = Native.llama_get_embeddings_ith(_handle, CheckedRow(row));
        return vector is null
            ? throw new LlamaException(LlamaFault.Compute, $"row {row} has no embedding")
            : new ReadOnlySpan<float>(vector, EmbeddingLength);
    }

    public void Dispose() => _handle.Dispose();

    private static LLamaContextParams Convert(ContextParameters parameters)
    {
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
        return native;
    }

    private DecodeOutcome Outcome(int code, Batch batch)
    {
        GC.KeepAlive(batch);
        LlamaLog.Release(drop: code == (int)DecodeOutcome.Aborted);
        _rows = batch.Count;
        return code switch
        {
            0 => DecodeOutcome.Done,
            1 => DecodeOutcome.NoRoom,
            2 => DecodeOutcome.Aborted,
            -1 => DecodeOutcome.Refused,
            -2 => DecodeOutcome.OutOfMemory,
            _ => DecodeOutcome.Failed,
        };
    }

    // Each of these ends the process, or writes into a neighbour's cells.
    private void CheckBatch(Batch batch)
    {
        if (batch.Count > BatchSize)
        {
            throw new ArgumentException($"a batch of {batch.Count} rows for a context that takes {BatchSize}", nameof(batch));
        }

        if (batch.HighestSequence >= Sequences)
        {
            throw new ArgumentException($"sequence {batch.HighestSequence} of a context that has {Sequences}", nameof(batch));
        }

        if (batch.HighestToken >= _model.Vocabulary.Size)
        {
            throw new ArgumentException($"token {batch.HighestToken} of a vocabulary of {_model.Vocabulary.Size}", nameof(batch));
        }

        if (batch.HighestPosition >= _positions)
        {
            throw new ArgumentException($"position {batch.HighestPosition} of a model that knows {_positions}", nameof(batch));
        }
    }

    // A part of the memory of an encoder is null, which the natives take for nothing to do; a closed context is not nothing.
    private nint Memory
    {
        get
        {
            ObjectDisposedException.ThrowIf(_handle.IsClosed, this);
            return _memory;
        }
    }

    private int Checked(int sequence) =>
        (uint)sequence < (uint)Sequences ? sequence : throw new ArgumentOutOfRangeException(nameof(sequence), sequence, message: null);

    private int CheckedRow(int row) =>
        (uint)row < (uint)_rows ? row : throw new ArgumentOutOfRangeException(nameof(row), row, message: null);
}
