namespace Inference.Runtime.Loading;

/// <summary>A load that has been asked for, and who waits for it. Used under the loader's lock, but for what says otherwise.</summary>
/// <param name="spec">Which model.</param>
/// <param name="settings">Of <see cref="CompleteSettings"/>.</param>
/// <param name="unwanted">Cancelled when the last has left. Has neither timer nor handle, so it is left to the collector: the last may leave late.</param>
internal sealed class PendingLoad(LoadSpec spec, LoadSettings settings, CancellationTokenSource unwanted)
{
    private readonly TaskCompletionSource<Task> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private float _fraction;

    public LoadSpec Spec { get; } = spec;

    public LoadSettings Settings { get; } = settings;

    public List<LoadWaiter> Waiters { get; } = [];

    /// <summary>Nobody waits for it any more.</summary>
    public CancellationToken Unwanted => unwanted.Token;

    /// <summary>The load itself has begun, with these settings.</summary>
    public LoadSettings? Effective { get; set; }

    /// <summary>Somebody wants the model gone as soon as those who wait for it are done.</summary>
    public bool IsForOnce { get; set; }

    /// <summary>The model was loaded and is gone again, or was never loaded.</summary>
    public Task Gone => _outcome.Task.Unwrap();

    public float Fraction => Volatile.Read(ref _fraction);

    /// <returns>Whether it was the last: then <see cref="GiveUp"/>, outside of the lock.</returns>
    public bool Leave(LoadWaiter waiter) => Waiters.Remove(waiter) && Waiters.Count == 0;

    /// <summary>What has become of it.</summary>
    /// <param name="resident">Null if it was not loaded.</param>
    public void Conclude(ResidentModel? resident) => _outcome.TrySetResult(resident?.Gone ?? Task.CompletedTask);

    public void GiveUp() => unwanted.Cancel();

    /// <summary>From the loading thread.</summary>
    public void Report(float fraction, LoadWaiter[] waiters)
    {
        Volatile.Write(ref _fraction, fraction);
        foreach (var waiter in waiters)
        {
            waiter.Report(fraction);
        }
    }

    public RunningModel Describe() =>
        new(Spec, Effective ?? Settings, RunningState.Loading, Fraction, Facts: null, Load: default, Leases: 0, ExpireTime: null);
}

/// <summary>One call that waits for a load.</summary>
internal sealed class LoadWaiter(TimeSpan? keepAlive, IProgress<float>? progress, long since)
{
    private readonly TaskCompletionSource<Lease> _lease = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TimeSpan? KeepAlive { get; } = keepAlive;

    /// <summary>Timestamp of the call.</summary>
    public long Since { get; } = since;

    public Task<Lease> Lease => _lease.Task;

    public bool Grant(Lease lease) => _lease.TrySetResult(lease);

    public bool Fail(Exception failure) => _lease.TrySetException(failure);

    public void Report(float fraction)
    {
        try
        {
            progress?.Report(fraction);
        }
        catch (Exception)
        {
            // A caller's own failure; its load, and others', go on.
        }
    }
}
