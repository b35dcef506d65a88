using Inference.Errors;

namespace Inference.Services.Calls;

/// <summary>
/// The time that one call has: ended by its caller, by its deadline or by the server's end. Knows which of them it was, and in
/// which phase.
/// </summary>
internal sealed class CallScope : IDisposable
{
    // The framework ends a call at its deadline with a bare status, and the client's clock started a journey earlier than ours: a status
    // that says more has to leave this long before, or a tenth of the time that a short call has.
    private static readonly TimeSpan Lead = TimeSpan.FromMilliseconds(200);

    private readonly CancellationTokenSource _source;
    private readonly CancellationTokenSource? _deadline;
    private readonly CancellationToken _caller;
    private readonly Drain _drain;
    private readonly TimeProvider _time;
    private readonly TimeSpan _before;
    private readonly long _entered;
    private readonly TimeSpan? _patience; // from when it entered

    public CallScope(CallInfo call, Drain drain, TimeProvider time, CancellationToken caller)
    {
        drain.Admit();
        (_drain, _time, _caller) = (drain, time, caller);
        var now = time.GetUtcNow();
        _entered = time.GetTimestamp();
        _before = now > call.Arrival ? now - call.Arrival : TimeSpan.Zero;
        _patience = call.Deadline is { } deadline ? Remaining(deadline - now, deadline - call.Arrival) : null;
        _deadline = _patience is { } patience ? new CancellationTokenSource(ForTimer(patience), time) : null;
        _source = CancellationTokenSource.CreateLinkedTokenSource(caller, drain.Over, _deadline?.Token ?? CancellationToken.None);
    }

    public CancellationToken Token => _source.Token;

    /// <summary>Whether there is still somebody to write to.</summary>
    public bool HasCaller => !_caller.IsCancellationRequested;

    /// <summary><c>queue</c>, <c>load</c>, <c>prompt</c> or <c>output</c>.</summary>
    public string Phase { get; set; } = "load";

    /// <summary>Since arrival.</summary>
    public TimeSpan Elapsed => _before + _time.GetElapsedTime(_entered);

    /// <summary>Refuses work that would only find out at its deadline that it cannot begin before it.</summary>
    /// <param name="wait">An estimate of the wait for the model or for a slot; null if there is none.</param>
    /// <exception cref="InferenceException">DEADLINE_TOO_SHORT; DEADLINE_EXCEEDED where there is no time left for anything.</exception>
    public void CheckWait(TimeSpan? wait)
    {
        var left = _patience - _time.GetElapsedTime(_entered);
        if (left <= TimeSpan.Zero)
        {
            throw Catalogue.DeadlineExceeded.For(Phase);
        }

        if (wait is { } estimate && estimate > left)
        {
            var error = Catalogue.DeadlineTooShort.For((long)Math.Ceiling(estimate.TotalMilliseconds)).Error;
            throw new InferenceException(error with { Facts = error.Facts.With("phase", Phase) });
        }
    }

    /// <summary>What a failure is in the light of how the call ended; what has nothing to do with that comes back as it is.</summary>
    public Exception Explain(Exception thrown)
    {
        if (thrown is not OperationCanceledException cancelled)
        {
            return thrown;
        }

        if (_caller.IsCancellationRequested)
        {
            return cancelled.InPhase(Phase);
        }

        return _drain.Over.IsCancellationRequested ? Catalogue.ServerDraining.Because(cancelled)
            : _deadline?.IsCancellationRequested == true ? Catalogue.DeadlineExceeded.Because(cancelled, Phase)
            : cancelled.InPhase(Phase);
    }

    public void Dispose()
    {
        _source.Dispose();
        _deadline?.Dispose();
    }

    // Longer than timers go is longer than any call runs.
    private static TimeSpan ForTimer(TimeSpan patience) => patience.TotalMilliseconds > int.MaxValue ? Timeout.InfiniteTimeSpan : patience;

    private static TimeSpan Remaining(TimeSpan left, TimeSpan whole)
    {
        var lead = TimeSpan.FromTicks(Math.Min(Lead.Ticks, Math.Max(whole.Ticks, 0) / 10));
        var remaining = left - lead;
        return remaining > TimeSpan.Zero ? remaining : TimeSpan.Zero;
    }
}
