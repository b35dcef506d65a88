namespace Inference.Runtime.Scheduling;

/// <summary>How busy an engine is, and how long one would wait for it: counted where it changes, read from any thread.</summary>
internal sealed class LoadCounter(int slots, int maxQueue, int cells)
{
    private readonly DecayedMean _held = new();
    private readonly int[] _waiting = new int[Enum.GetValues<QueuePriority>().Length];
    private int _outstanding; // waiting and running
    private int _active;
    private int _cellsUsed;

    public EngineLoad Current
    {
        get
        {
            var active = Volatile.Read(ref _active);
            return new EngineLoad(active, Math.Max(0, Volatile.Read(ref _outstanding) - active), Volatile.Read(ref _cellsUsed), cells);
        }
    }

    /// <summary>Counts one in; false if those that would wait with it are more than may.</summary>
    /// <param name="priority">Its place in the line.</param>
    /// <param name="always">However many wait.</param>
    public bool TryEnter(QueuePriority priority = QueuePriority.Normal, bool always = false)
    {
        if (Interlocked.Increment(ref _outstanding) <= slots + maxQueue || always)
        {
            Interlocked.Increment(ref _waiting[(int)priority]);
            return true;
        }

        Interlocked.Decrement(ref _outstanding);
        return false;
    }

    public void Started(QueuePriority priority = QueuePriority.Normal)
    {
        Interlocked.Decrement(ref _waiting[(int)priority]);
        Interlocked.Increment(ref _active);
    }

    /// <param name="held">How long it had its slot; null if it never had one.</param>
    /// <param name="priority">As it entered.</param>
    public void Left(TimeSpan? held, QueuePriority priority = QueuePriority.Normal)
    {
        if (held is { } time)
        {
            _held.Observe(time);
            Interlocked.Decrement(ref _active);
        }
        else
        {
            Interlocked.Decrement(ref _waiting[(int)priority]);
        }

        Interlocked.Decrement(ref _outstanding);
    }

    public void UseCells(int count) => Volatile.Write(ref _cellsUsed, count);

    /// <summary>What a newcomer would wait for a slot, by how long the last ones held theirs; null while none has ended.</summary>
    public TimeSpan? EstimateWait(QueuePriority priority)
    {
        var ahead = 0;
        for (var rank = (int)priority; rank < _waiting.Length; rank++)
        {
            ahead += Math.Max(0, Volatile.Read(ref _waiting[rank]));
        }

        return WaitFor(Volatile.Read(ref _active) + ahead - slots + 1);
    }

    /// <summary>The same for one that waits with so many before it.</summary>
    public TimeSpan? EstimateWaitAt(int position) => WaitFor(position + 1);

    // Slots come free one after the other, evenly spread over the time that one is held.
    private TimeSpan? WaitFor(int releases) => releases <= 0 ? TimeSpan.Zero : _held.Value is { } held ? held * ((double)releases / slots) : null;
}
