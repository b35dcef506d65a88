namespace Inference.Benchmarks.Load;

/// <summary>A way to the engine.</summary>
internal interface IDoor : IAsyncDisposable
{
    string Name { get; }

    /// <summary>Of the process behind it.</summary>
    int ProcessId { get; }

    /// <summary>Runs one round.</summary>
    /// <returns>Elapsed time, and each stream's time to its first output.</returns>
    Task<(TimeSpan Elapsed, TimeSpan[] FirstTokens)> RunAsync(int streams, int tokens);
}
