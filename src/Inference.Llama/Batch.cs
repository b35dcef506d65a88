using Inference.Llama.Interop;

namespace Inference.Llama;

/// <summary>A batch in native memory, reused for every step: adding a token writes five numbers and allocates nothing.</summary>
public sealed unsafe class Batch : IDisposable
{
    private const int MostCapacity = ContextGuard.MostBatch;
    private const int MostPosition = 1 << 30; // int.MaxValue would be accepted, and overflow one token later

    private NativeBatch _native;

    /// <param name="capacity">Rows, 1 to 65,536.</param>
    public Batch(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, MostCapacity);
        Capacity = capacity;
        _native = Native.llama_batch_init(capacity, embd: 0, sequences: 1);
    }

    ~Batch() => Free();

    public int Capacity { get; }

    public int Count => _native.Count;

    public int Room => Capacity - _native.Count;

    internal NativeBatch Value => _native;

    /// <summary>Largest of the rows, or -1: what a context checks before the batch is out of our hands.</summary>
    internal int HighestToken { get; private set; } = -1;

    internal int HighestPosition { get; private set; } = -1;

    internal int HighestSequence { get; private set; } = -1;

    public void Clear()
    {
        _native.Count = 0;
        HighestToken = HighestPosition = HighestSequence = -1;
    }

    /// <param name="token">An id of the vocabulary.</param>
    /// <param name="position">Its place in the sequence, from 0; must continue the sequence exactly.</param>
    /// <param name="sequence">0 to one less than the context's sequences.</param>
    /// <param name="logits">Compute the scores of the token that follows.</param>
    /// <returns>The row: where the logits are read after the decode.</returns>
    public int Add(int token, int position, int sequence, bool logits)
    {
        ObjectDisposedException.ThrowIf(_native.Tokens is null, this);
        ArgumentOutOfRangeException.ThrowIfZero(Room); // a row too many is written behind the memory
        ArgumentOutOfRangeException.ThrowIfNegative(token);
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(position, MostPosition);
        ArgumentOutOfRangeException.ThrowIfNegative(sequence);
        var row = _native.Count++;
        _native.Tokens[row] = token;
        _native.Positions[row] = position;
        _native.SequenceCounts[row] = 1;
        _native.Sequences[row][0] = sequence;
        _native.Logits[row] = logits ? (sbyte)1 : (sbyte)0;
        HighestToken = Math.Max(HighestToken, token);
        HighestPosition = Math.Max(HighestPosition, position);
        HighestSequence = Math.Max(HighestSequence, sequence);
        return row;
    }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        if (_native.Tokens is not null)
        {
            Native.llama_batch_free(_native);
            _native = default;
        }
    }
}
