namespace Inference.Runtime.Scheduling;

/// <summary>
/// Counts how many sequences of the running step somebody still wants. A step is named, so that a cancellation that comes late cannot
/// be taken for one of the next step.
/// </summary>
internal sealed class StepWatch
{
    private const int CountBits = 16;
    private long _state; // step and count; zero between steps
    private long _step;

    /// <returns>The step's name.</returns>
    public long Begin(int wanted)
    {
        _step++;
        Volatile.Write(ref _state, (_step << CountBits) | (uint)wanted);
        return _step;
    }

    public void End() => Volatile.Write(ref _state, 0);

    /// <returns>Whether nobody wants anything of that step any more, and it is still running.</returns>
    public bool Leave(long step)
    {
        while (true)
        {
            var state = Volatile.Read(ref _state);
            if (step == 0 || state >> CountBits != step)
            {
                return false;
            }

            if (Interlocked.CompareExchange(ref _state, state - 1, state) == state)
            {
                return ((state - 1) & ((1 << CountBits) - 1)) == 0;
            }
        }
    }
}
