using Inference.Errors;
using Microsoft.Extensions.Logging;

namespace Inference.Runtime.Loading;

/// <summary>Makes the engine of a spec whose settings are complete. Runs on a thread of its own; the progress is 0 to 1.</summary>
public delegate IEngine EngineFactory(LoadSpec complete, Action<float> progress, CancellationToken ct);

/// <summary>The models in memory: loads each once, lends it out, and lets it go when nobody has called for its keep-alive time.</summary>
public sealed class Loader : IAsyncDisposable
{
    private readonly RuntimeOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<Loader> _log;
    private readonly LoadRun _run;
    private readonly Lock _lock = new();
    private readonly Residents _residents;
    private readonly List<PendingLoad> _pending = []; // first come, first served; the first is being worked on
    private readonly TokenizerCache _tokenizers = new(LlamaEngines.ReadVocabulary);
    private Task _pump = Task.CompletedTask;
    private bool _pumping;
    private bool _disposed;

    public Loader(RuntimeOptions options, EngineFactory factory, TimeProvider time, ILogger<Loader> log)
    {
        (_options, _time, _log) = (options, time, log);
        _run = new LoadRun(factory, time, options.LoadTimeout);
        _residents = new Residents(_lock, time, log);
    }

    /// <summary>All models in memory, the one that leaves last first.</summary>
    public IReadOnlyList<RunningModel> Running
    {
        get
        {
            lock (_lock)
            {
                var now = _time.GetUtcNow();
                return
                [
                    .. _pending.Where(static p => p.Effective is not null).Select(static p => p.Describe()),
                    .. _residents.All.Select(r => r.Describe(now)).OrderByDescending(static r => r.ExpireTime ?? DateTimeOffset.MaxValue),
                ];
            }
        }
    }

    /// <summary>Bytes that a load may take. The seam under the tests.</summary>
    internal Func<long> AvailableMemory { get; init; } = static () => FreeMemory.OfHost() + Accelerators.FreeBytes();

    /// <summary>Reads vocabularies of models that are not loaded: llama.cpp's, unless a test says otherwise.</summary>
    public Func<LoadSpec, ITokenizer> VocabularyReader
    {
        init => _tokenizers = new TokenizerCache(value);
    }

    private int MaxLoaded => _options.MaxLoadedModels > 0 ? _options.MaxLoadedModels : 3;

    /// <summary>The model, loaded if need be. The wait ends with the token; the load goes on while somebody else waits for it.</summary>
    /// <param name="spec">Which, and how.</param>
    /// <param name="reload">Load again if it is loaded with other settings; false takes it as it is.</param>
    /// <param name="keepAlive">How long it stays after the lease; negative for ever; null keeps what it has.</param>
    /// <param name="progress">Receives 0 to 1 while it loads.</param>
    /// <param name="ct">Ends the wait.</param>
    public async Task<Lease> AcquireAsync(LoadSpec spec, bool reload, TimeSpan? keepAlive, IProgress<float>? progress, CancellationToken ct)
    {
        var since = _time.GetTimestamp();
        var settings = Complete(spec);
        var waiter = new LoadWaiter(keepAlive, progress, since);
        PendingLoad pending;
        lock (_lock)
        {
            ObjectIsOpen();
            if (_residents.Open(spec.Path) is { } resident && (!reload || resident.Serves(settings)))
            {
                return _residents.Lend(resident, waiter);
            }

            pending = Join(spec, settings, reload);
            pending.Waiters.Add(waiter);
            StartPump();
        }

        await using var registration = ct.UnsafeRegister(_ => Leave(pending, waiter, ct), state: null);
        return await waiter.Lease;
    }

    /// <summary>Lets a model go as soon as its leases have ended.</summary>
    /// <param name="path">The GGUF file.</param>
    /// <param name="wait">Return when the memory is free.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <returns>Whether it was loaded.</returns>
    public async Task<bool> UnloadAsync(string path, bool wait, CancellationToken ct)
    {
        Task gone;
        lock (_lock)
        {
            if (_residents.Find(path) is not { } resident)
            {
                return false;
            }

            resident.IsUnwanted = true;
            _residents.Close(resident);
            gone = resident.Gone;
        }

        if (wait)
        {
            await gone.WaitAsync(ct);
        }

        return true;
    }

    /// <summary>Reads a vocabulary without loading the weights, or takes that of the loaded model; keeps the last few.</summary>
    public async Task<ITokenizer> TokenizerAsync(LoadSpec spec, CancellationToken ct)
    {
        IEngine? engine;
        lock (_lock)
        {
            ObjectIsOpen();
            engine = _residents.Open(spec.Path)?.Engine;
        }

        return engine is not null
            ? new EngineTokenizer(engine, () => _tokenizers.GetAsync(spec).GetAwaiter().GetResult())
            : await _tokenizers.GetAsync(spec).WaitAsync(ct);
    }

    /// <summary>Tokens that a sequence has if the model is taken as it is loaded, or would have once it is.</summary>
    /// <param name="spec">Which, and how.</param>
    /// <param name="reload">As for <see cref="AcquireAsync"/>.</param>
    public int ContextLengthOf(LoadSpec spec, bool reload)
    {
        lock (_lock)
        {
            if (!reload && _residents.Open(spec.Path) is { } resident)
            {
                return resident.Effective.ContextLength;
            }
        }

        return Complete(spec).ContextLength;
    }

    /// <summary>Ends everything, running sequences as well: those who want them to finish wait for their leases first.</summary>
    public async ValueTask DisposeAsync()
    {
        PendingLoad[] pending;
        Task pump;
        lock (_lock)
        {
            _disposed = true;
            pending = [.. _pending];
            pump = _pump;
        }

        foreach (var load in pending)
        {
            Fail(load, Catalogue.ServerDraining.For());
            load.GiveUp();
        }

        await pump;
        await _residents.EndAllAsync();
    }

    private void ObjectIsOpen()
    {
        if (_disposed)
        {
            throw Catalogue.ServerDraining.For();
        }
    }

    private LoadSettings Complete(LoadSpec spec) => CompleteSettings.For(spec, _options, Accelerators.TotalBytes);

    /// <summary>The load that a call waits for: one under way, or a new one.</summary>
    private PendingLoad Join(LoadSpec spec, LoadSettings settings, bool reload)
    {
        var waiting = _pending.Sum(static p => p.Waiters.Count);
        if (waiting >= _options.MaxQueue)
        {
            throw Catalogue.ServerBusy.For(waiting, _options.MaxQueue);
        }

        var last = _pending.FindLast(p => p.Spec.Path == spec.Path && !p.Unwanted.IsCancellationRequested);
        if (last is not null && (!reload || last.Settings == settings))
        {
            return last;
        }

        if (_residents.Open(spec.Path) is { } other)
        {
            _residents.Close(other); // its leases run on; later calls wait for the new one
        }

        var pending = new PendingLoad(spec, settings, new CancellationTokenSource());
        _pending.Add(pending);
        return pending;
    }

    private void Leave(PendingLoad pending, LoadWaiter waiter, CancellationToken ct)
    {
        bool last;
        lock (_lock)
        {
            last = pending.Leave(waiter);
        }

        if (last)
        {
            pending.GiveUp();
        }

        waiter.Fail(new OperationCanceledException(ct).InPhase("load"));
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
                Log.LoadFailed(_log, pending.Spec.Model, e);
                Fail(pending, e is InferenceException ? e : Catalogue.LoadFailed.Because(e, pending.Spec.Model, "the engine could not be started"));
            }

            lock (_lock)
            {
                _pending.Remove(pending);
            }
        }
    }

    private PendingLoad? Next()
    {
        lock (_lock)
        {
            _pending.RemoveAll(static p => p.Unwanted.IsCancellationRequested);
            _pumping = _pending.Count > 0 && !_disposed;
            return _pumping ? _pending[0] : null;
        }
    }

    private async Task ServeAsync(PendingLoad pending)
    {
        var plan = await MakeRoomAsync(pending);
        if (plan is null)
        {
            return;
        }

        var complete = pending.Spec with { Settings = plan.Effective };
        var start = _time.GetTimestamp();
        Log.Loading(_log, complete.Model, plan.Effective.ContextLength, plan.Effective.NumParallel, plan.Effective.Threads, plan.RequiredBytes);
        var engine = await _run.RunAsync(complete, fraction => pending.Report(fraction, Snapshot(pending)), pending.Unwanted);
        Log.Loaded(_log, complete.Model, (long)_time.GetElapsedTime(start).TotalMilliseconds);
        lock (_lock)
        {
            _pending.Remove(pending);
            var keepAlive = pending.Waiters.LastOrDefault(static w => w.KeepAlive is not null)?.KeepAlive ?? _options.KeepAlive;
            var resident = _residents.Add(new ResidentModel(pending.Spec, pending.Settings, plan.Effective, engine, keepAlive));
            GrantAll(pending, resident);
        }
    }

    /// <summary>Lets others go until this one fits.</summary>
    /// <returns>How it is to be loaded; null if it turned out to be loaded already.</returns>
    private async Task<MemoryPlan?> MakeRoomAsync(PendingLoad pending)
    {
        while (true)
        {
            pending.Unwanted.ThrowIfCancellationRequested();
            ResidentModel victim;
            lock (_lock)
            {
                if (_residents.Open(pending.Spec.Path) is { } same && same.Serves(pending.Settings))
                {
                    _pending.Remove(pending);
                    GrantAll(pending, same);
                    return null;
                }

                if (Victim(pending, out var plan) is not { } found)
                {
                    pending.Effective = plan.Effective;
                    return plan;
                }

                victim = found;
                _residents.Close(victim);
            }

            try
            {
                await victim.Gone.WaitAsync(pending.Unwanted);
            }
            catch (OperationCanceledException)
            {
                lock (_lock)
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
        var available = AvailableMemory();
        plan = MemoryPlan.For(pending.Settings, pending.Spec.Facts, _options.Cache, available);
        if (_residents.Find(pending.Spec.Path) is { } older)
        {
            return older;
        }

        if (_residents.Count < MaxLoaded && plan.RequiredBytes <= available)
        {
            return null;
        }

        return _residents.Cheapest() ?? throw Catalogue.InsufficientMemory.For(pending.Spec.Model, "memory", plan.RequiredBytes, available);
    }

    private LoadWaiter[] Snapshot(PendingLoad pending)
    {
        lock (_lock)
        {
            return [.. pending.Waiters];
        }
    }

    private void GrantAll(PendingLoad pending, ResidentModel resident)
    {
        foreach (var waiter in pending.Waiters)
        {
            waiter.Grant(_residents.Lend(resident, waiter));
        }

        pending.Waiters.Clear();
        _residents.Rest(resident); // if all have left meanwhile
    }

    private void Fail(PendingLoad pending, Exception failure)
    {
        LoadWaiter[] waiters;
        lock (_lock)
        {
            _pending.Remove(pending);
            waiters = [.. pending.Waiters];
            pending.Waiters.Clear();
        }

        foreach (var waiter in waiters)
        {
            waiter.Fail(failure);
        }
    }
}
