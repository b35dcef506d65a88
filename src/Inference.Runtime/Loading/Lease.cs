namespace Inference.Runtime.Loading;

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
