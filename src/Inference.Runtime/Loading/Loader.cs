using Microsoft.Extensions.Logging;

namespace Inference.Runtime.Loading;

/// <summary>Makes the engine of a spec whose settings are complete. Runs on a thread of its own; the progress is 0 to 1.</summary>
public delegate IEngine EngineFactory(LoadSpec complete, Action<float> progress, CancellationToken ct);

/// <summary>The models in memory: loads each once, lends it out, and lets it go when nobody has called for its keep-alive time.</summary>
public sealed class Loader(RuntimeOptions options, EngineFactory factory, TimeProvider time, ILogger<Loader> log) : IAsyncDisposable
{
    /// <summary>The model, loaded if need be. The wait ends with the token; the load goes on while somebody else waits for it.</summary>
    /// <param name="spec">Which, and how.</param>
    /// <param name="reload">Load again if it is loaded with other settings; false takes it as it is.</param>
    /// <param name="keepAlive">How long it stays after the lease; negative for ever; null keeps what it has.</param>
    /// <param name="progress">Receives 0 to 1 while it loads.</param>
    /// <param name="ct">Ends the wait.</param>
    public Task<Lease> AcquireAsync(LoadSpec spec, bool reload, TimeSpan? keepAlive, IProgress<float>? progress, CancellationToken ct)
    {
        _ = (options, factory, time, log);
        throw new NotSupportedException();
    }

    /// <summary>All models in memory, the one that leaves last first.</summary>
    public IReadOnlyList<RunningModel> Running => throw new NotSupportedException();

    /// <summary>Lets a model go as soon as its leases have ended.</summary>
    /// <param name="path">The GGUF file.</param>
    /// <param name="wait">Return when the memory is free.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <returns>Whether it was loaded.</returns>
    public Task<bool> UnloadAsync(string path, bool wait, CancellationToken ct) => throw new NotSupportedException();

    /// <summary>Reads a vocabulary without loading the weights, or takes that of the loaded model; keeps the last few.</summary>
    public Task<ITokenizer> TokenizerAsync(LoadSpec spec, CancellationToken ct) => throw new NotSupportedException();

    public ValueTask DisposeAsync() => throw new NotSupportedException();
}

/// <summary>Text to tokens and back, without computing.</summary>
public interface ITokenizer
{
    int VocabularySize { get; }

    int[] Tokenize(string text, bool addSpecial, bool parseSpecial);

    byte[] Piece(int token, bool renderSpecial);
}

/// <summary>The right to use a loaded model until disposed of.</summary>
public sealed class Lease(IEngine engine, LoadSettings effective, TimeSpan waited, Action release) : IDisposable
{
    private Action? _release = release;

    public IEngine Engine { get; } = engine;

    public LoadSettings Effective { get; } = effective;

    /// <summary>From the call to the model being ready; not zero even if it was loaded already.</summary>
    public TimeSpan Waited { get; } = waited;

    public void Dispose() => Interlocked.Exchange(ref _release, null)?.Invoke();
}
