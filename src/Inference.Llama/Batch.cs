using Inference.Llama.Interop;

namespace Inference.Llama;

/// <summary>A batch in native memory, reused for every step: adding a token writes five numbers and allocates nothing.</summary>
public sealed unsafe class Batch : IDisposable
{
    private NativeBatch _native;

    public Batch(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        Capacity = capacity;
        _native = Native.llama_batch_init(capacity, embd: 0, sequences: 1);
    }

    public int Capacity { get; }

    public int Count => _native.Count;

    public int Room => Capacity - _native.Count;

    internal NativeBatch Value => _native;

    public void Clear() => _native.Count = 0;

    /// <returns>The row: where the logits are read after the decode.</returns>
    public int Add(int token, int position, int sequence, bool logits)
    {
        ArgumentOutOfRangeException.ThrowIfZero(Room); // a batch over its capacity is written behind its memory
        var row = _native.Count++;
        _native.Tokens[row] = token;
        _native.Positions[row] = position;
        _native.SequenceCounts[row] = 1;
        _native.Sequences[row][0] = sequence;
        _native.Logits[row] = logits ? (sbyte)1 : (sbyte)0;
        return row;
    }

    public void Dispose()
    {
        if (_native.Tokens is not null)
        {
            Native.llama_batch_free(_native);
            _native = default;
        }
    }
}
