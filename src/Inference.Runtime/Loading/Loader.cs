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
    private readonly Lock _lock = new();
    private readonly Residents _residents;
    private readonly LoadQueue _queue;
    private readonly TokenizerCache _tokenizers = new(LlamaEngines.ReadVocabulary);
    private bool _disposed;

    public Loader(RuntimeOptions options, EngineFactory factory, TimeProvider time, ILogger<Loader> log)
    {
        (_options, _time) = (options, time);
        _residents = new Residents(_lock, time, log);
        _queue = new LoadQueue(_lock, _residents, new LoadRun(factory, time, options.LoadTimeout), options, () => AvailableMemory(), time, log);
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
                    .. _queue.Loading.Select(static p => p.Describe()),
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
            ThrowIfEnded();
            if (_residents.Open(spec.Path) is { } resident && (!reload || resident.Serves(settings)))
            {
                return _residents.Lend(resident, waiter);
            }

            pending = _queue.Join(spec, settings, reload, waiter);
        }

        await using var registration = ct.UnsafeRegister(_ => _queue.Leave(pending, waiter, ct), state: null);
        return await waiter.Lease;
    }

    /// <summary>What <see cref="AcquireAsync"/> would wait for a load, from earlier ones; null while the model was never loaded.</summary>
    /// <param name="spec">Which, and how.</param>
    /// <param name="reload">As for <see cref="AcquireAsync"/>.</param>
    public TimeSpan? EstimateWait(LoadSpec spec, bool reload)
    {
        var settings = Complete(spec);
        lock (_lock)
        {
            return _residents.Open(spec.Path) is { } resident && (!reload || resident.Serves(settings)) ? TimeSpan.Zero : _queue.EstimateWait(spec.Path);
        }
    }

    /// <summary>Lets a model go as soon as its leases have ended.</summary>
    /// <param name="path">The GGUF file.</param>
    /// <param name="wait">Return when the memory is free.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <returns>Whether it was loaded, or on its way: then those who wait for it are served first.</returns>
    public async Task<bool> UnloadAsync(string path, bool wait, CancellationToken ct)
    {
        Task gone;
        lock (_lock)
        {
            if (_residents.Find(path) is { } resident)
            {
                resident.IsUnwanted = true;
                _residents.Close(resident);
                gone = resident.Gone;
            }
            else if (_queue.Find(path) is { } pending)
            {
                pending.IsForOnce = true;
                gone = pending.Gone;
            }
            else
            {
                return false;
            }
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
            ThrowIfEnded();
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
                return resident.Engine.Facts.ContextLength;
            }
        }

        return Complete(spec).ContextLength;
    }

    /// <summary>Ends everything, running sequences as well: those who want them to finish wait for their leases first.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            _disposed = true;
        }

        await _queue.EndAsync();
        await _residents.EndAllAsync();
    }

    private LoadSettings Complete(LoadSpec spec) => CompleteSettings.For(spec, _options, Accelerators.TotalBytes);

    private void ThrowIfEnded()
    {
        if (_disposed)
        {
            throw Catalogue.ServerDraining.For();
        }
    }
}
