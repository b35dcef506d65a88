namespace Inference.Runtime.Scheduling;

/// <summary>How busy an engine is: counted where it changes, read from any thread.</summary>
internal sealed class LoadCounter(int slots, int maxQueue, int cells)
{
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
    /// <param name="always">However many wait.</param>
    public bool TryEnter(bool always = false)
    {
        if (Interlocked.Increment(ref _outstanding) <= slots + maxQueue || always)
        {
            return true;
        }

        Interlocked.Decrement(ref _outstanding);
        return false;
    }

    public void Started() => Interlocked.Increment(ref _active);

    /// <param name="wasActive">Whether it had been started.</param>
    public void Left(bool wasActive)
    {
        if (wasActive)
        {
            Interlocked.Decrement(ref _active);
        }

        Interlocked.Decrement(ref _outstanding);
    }

    public void UseCells(int count) => Volatile.Write(ref _cellsUsed, count);
}
