namespace Inference.Runtime.Loading;

/// <summary>A model in memory, its leases and its clock. All members but <see cref="Gone"/> are used under the loader's lock.</summary>
internal sealed class ResidentModel(LoadSpec spec, LoadSettings loadedFor, LoadSettings effective, IEngine engine, TimeSpan keepAlive)
{
    private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public LoadSpec Spec { get; } = spec;

    /// <summary>The settings before the memory of the moment had its say: what a later call's are compared with.</summary>
    public LoadSettings LoadedFor { get; } = loadedFor;

    public LoadSettings Effective { get; } = effective;

    public IEngine Engine { get; } = engine;

    /// <summary>How long it stays idle; negative for ever.</summary>
    public TimeSpan KeepAlive { get; set; } = keepAlive;

    public int Leases { get; set; }

    /// <summary>No new leases: it goes when the last has ended.</summary>
    public bool IsClosing { get; set; }

    /// <summary>Somebody wants it gone, and not only its place.</summary>
    public bool IsUnwanted { get; set; }

    public bool IsUnloading { get; set; }

    /// <summary>When it goes, while idle; null for never.</summary>
    public DateTimeOffset? Expires { get; set; }

    public ITimer? Timer { get; set; }

    /// <summary>Its memory is free.</summary>
    public Task Gone => _gone.Task;

    public void SetGone() => _gone.TrySetResult();

    /// <summary>Whether a call with these settings can have it as it is.</summary>
    public bool Serves(LoadSettings settings) => CompleteSettings.Match(settings, LoadedFor, Effective);

    public RunningModel Describe(DateTimeOffset now) => new(
        Spec, Effective,
        IsClosing ? RunningState.Unloading : Leases > 0 ? RunningState.Busy : RunningState.Idle,
        LoadFraction: 1, Engine.Facts, Engine.Load, Leases,
        Leases > 0 && !IsClosing ? ExpiryFrom(now) : Expires);

    public DateTimeOffset? ExpiryFrom(DateTimeOffset now) =>
        KeepAlive < TimeSpan.Zero || KeepAlive > DateTimeOffset.MaxValue - now ? null : now + KeepAlive;
}
