using Inference.Errors;
using Microsoft.Extensions.Logging;

namespace Inference.Runtime.Loading;

/// <summary>
/// Loads that have been asked for: one at a time, first come, first served, each with room made for it. What says so is called under the
/// loader's lock; the pump runs by itself and takes it.
/// </summary>
internal sealed class LoadQueue(
    Lock gate, Residents residents, LoadRun run, RuntimeOptions options, Func<long> availableMemory, TimeProvider time, ILogger log)
{
    private readonly List<PendingLoad> _pending = []; // the first is being worked on
    private readonly LoadTimes _times = new();
    private Task _pump = Task.CompletedTask;
    private long? _begun; // timestamp of the load that runs
    private bool _pumping;
    private bool _ended;

    private int MaxLoaded => options.MaxLoadedModels > 0 ? options.MaxLoadedModels : 3 * Math.Max(1, Accelerators.Count);

    /// <summary>The one whose load has begun, if any. Under the lock.</summary>
    public IEnumerable<PendingLoad> Loading => _pending.Where(static p => p.Effective is not null);

    /// <summary>Under the lock.</summary>
    public PendingLoad? Find(string path) => _pending.Find(p => p.Spec.Path == path);

    /// <summary>What a call would wait for a load, from earlier ones; null while the model was never loaded. Under the lock.</summary>
    public TimeSpan? EstimateWait(string path)
    {
        var last = _pending.FindLastIndex(p => p.Spec.Path == path && !p.Unwanted.IsCancellationRequested);
        return _times.Together([.. (last < 0 ? _pending : _pending[..last]).Select(static p => p.Spec.Path), path], _begun is { } begun ? time.GetElapsedTime(begun) : TimeSpan.Zero);
    }

    /// <summary>Puts a call into the load that it waits for: one under way, or a new one. Under the lock.</summary>
    /// <exception cref="InferenceException">SERVER_BUSY: too many wait.</exception>
    public PendingLoad Join(LoadSpec spec, LoadSettings settings, bool reload, LoadWaiter waiter)
    {
        var waiting = _pending.Sum(static p => p.Waiters.Count);
        if (waiting >= options.MaxQueue)
        {
            throw Catalogue.ServerBusy.For(waiting, options.MaxQueue);
        }

        var pending = _pending.FindLast(p => p.Spec.Path == spec.Path && !p.Unwanted.IsCancellationRequested);
        if (pending is null || (reload && pending.Settings != settings))
        {
            if (residents.Open(spec.Path) is { } other)
            {
                residents.Close(other); // its leases run on; later calls wait for the new one
            }

            pending = new PendingLoad(spec, settings, new CancellationTokenSource());
            _pending.Add(pending);
        }

        pending.Waiters.Add(waiter);
        StartPump();
        return pending;
    }

    /// <summary>A call does not wait any longer.</summary>
    public void Leave(PendingLoad pending, LoadWaiter waiter, CancellationToken ct)
    {
        bool last;
        lock (gate)
        {
            last = pending.Leave(waiter);
        }

        if (last)
        {
            pending.GiveUp();
        }

        waiter.Fail(new OperationCanceledException(ct).InPhase("load"));
    }

    /// <summary>Fails all that wait, and returns when nothing loads any more.</summary>
    public async Task EndAsync()
    {
        PendingLoad[] pending;
        Task pump;
        lock (gate)
        {
            _ended = true;
            pending = [.. _pending];
            pump = _pump;
        }

        foreach (var load in pending)
        {
            Fail(load, Catalogue.ServerDraining.For());
            load.GiveUp();
        }

        await pump;
    }

    private void StartPump()
    {
        if (!_pumping)
        {
            _pumping = true;
            _pump = PumpAsync();
        }
    }

    private async Task PumpAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding); // it is started under the lock
        while (Next() is { } pending)
        {
            try
            {
                await ServeAsync(pending);
            }
            catch (OperationCanceledException) when (pending.Unwanted.IsCancellationRequested)
            {
                // nobody is there to be told
            }
            catch (Exception e)
            {
                if (e is not InferenceException) // whoever waits for it tells of a known one
                {
                    Log.LoadFailed(log, pending.Spec.Model, e);
                }

                Fail(pending, e is InferenceException ? e : Catalogue.LoadFailed.Because(e, pending.Spec.Model, "the engine could not be started"));
            }

            lock (gate)
            {
                Remove(pending);
            }
        }
    }

    private PendingLoad? Next()
    {
        lock (gate)
        {
            while (_pending is [var first, ..] && (_ended || first.Unwanted.IsCancellationRequested))
            {
                Remove(first);
            }

            _pumping = _pending.Count > 0;
            return _pumping ? _pending[0] : null;
        }
    }

    private async Task ServeAsync(PendingLoad pending)
    {
        if (await MakeRoomAsync(pending) is not { } plan)
        {
            return;
        }

        var complete = pending.Spec with { Settings = plan.Effective };
        var start = time.GetTimestamp();
        lock (gate)
        {
            _begun = start;
        }

        Log.Loading(log, complete.Model, plan.Effective.ContextLength, plan.Effective.NumParallel, plan.Effective.Threads, plan.RequiredBytes);
        var engine = await run.RunAsync(complete, fraction => pending.Report(fraction, Waiting(pending)), pending.Unwanted);
        Log.Loaded(log, complete.Model, (long)time.GetElapsedTime(start).TotalMilliseconds);
        lock (gate)
        {
            _times.Observe(complete.Path, time.GetElapsedTime(start));
            var keepAlive = pending.Waiters.LastOrDefault(static w => w.KeepAlive is not null)?.KeepAlive ?? options.KeepAlive;
            Grant(pending, residents.Add(new ResidentModel(pending.Spec, pending.Settings, plan.Effective, engine, keepAlive)));
        }
    }

    /// <summary>Lets others go until this one fits.</summary>
    /// <returns>How it is to be loaded; null if it turned out to be loaded already.</returns>
    private async Task<MemoryPlan?> MakeRoomAsync(PendingLoad pending)
    {
        while (true)
        {
            pending.Unwanted.ThrowIfCancellationRequested();
            ResidentModel? victim;
            lock (gate)
            {
                if (residents.Open(pending.Spec.Path) is { } same && same.Serves(pending.Settings))
                {
                    Grant(pending, same);
                    return null;
                }

                victim = Victim(pending, out var plan);
                if (victim is null)
                {
                    pending.Effective = plan.Effective;
                    return plan;
                }

                residents.Close(victim);
            }

            try
            {
                await victim.Gone.WaitAsync(pending.Unwanted);
            }
            catch (OperationCanceledException)
            {
                lock (gate)
                {
                    Residents.Reopen(victim);
                }

                throw;
            }
        }
    }

    /// <summary>Which model has to go first; null if there is room.</summary>
    private ResidentModel? Victim(PendingLoad pending, out MemoryPlan plan)
    {
        var available = availableMemory();
        plan = MemoryPlan.For(pending.Settings, pending.Spec.Facts, options.Cache, available);
        if (residents.Find(pending.Spec.Path) is { } older)
        {
            return older;
        }

        if (residents.Count < MaxLoaded && plan.RequiredBytes <= available)
        {
            return null;
        }

        return residents.Cheapest() ?? throw Catalogue.InsufficientMemory.For(pending.Spec.Model, "memory", plan.RequiredBytes, available);
    }

    private LoadWaiter[] Waiting(PendingLoad pending)
    {
        lock (gate)
        {
            return [.. pending.Waiters];
        }
    }

    private void Grant(PendingLoad pending, ResidentModel resident)
    {
        foreach (var waiter in pending.Waiters)
        {
            waiter.Grant(residents.Lend(resident, waiter));
        }

        pending.Waiters.Clear();
        pending.Conclude(resident);
        Remove(pending);
        resident.IsUnwanted |= pending.IsForOnce;
        resident.IsClosing |= pending.IsForOnce;
        residents.Rest(resident); // if all have left meanwhile
    }

    private void Fail(PendingLoad pending, Exception failure)
    {
        LoadWaiter[] waiters;
        lock (gate)
        {
            waiters = [.. pending.Waiters];
            pending.Waiters.Clear();
        }

        foreach (var waiter in waiters)
        {
            waiter.Fail(failure);
        }
    }

    private void Remove(PendingLoad pending)
    {
        _begun = null;
        _pending.Remove(pending);
        pending.Conclude(resident: null); // unless it was loaded
    }
}
