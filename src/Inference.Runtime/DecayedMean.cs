namespace Inference.Runtime;

/// <summary>How long something took of late: each observation counts for an eighth, and what is older fades. For any thread.</summary>
internal sealed class DecayedMean
{
    private const int Weight = 8;
    private readonly Lock _lock = new();
    private TimeSpan? _value;

    /// <summary>Null while nothing was observed: then nothing is promised either.</summary>
    public TimeSpan? Value
    {
        get
        {
            lock (_lock)
            {
                return _value;
            }
        }
    }

    public void Observe(TimeSpan time)
    {
        lock (_lock)
        {
            _value = _value is { } mean ? mean + ((time - mean) / Weight) : time;
        }
    }
}
