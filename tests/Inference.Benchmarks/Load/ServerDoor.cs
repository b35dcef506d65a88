using System.Diagnostics;

namespace Inference.Benchmarks.Load;

/// <summary>A door of the server. The client side is as thin as can be: it reads bytes and looks at the first and the last only.</summary>
internal abstract class ServerDoor(int processId) : IDoor
{
    public abstract string Name { get; }

    public int ProcessId => processId;

    public async Task<(TimeSpan Elapsed, TimeSpan[] FirstTokens)> RunAsync(int streams, int tokens)
    {
        var started = Stopwatch.GetTimestamp();
        var first = await Task.WhenAll(Enumerable.Range(0, streams).Select(i => StreamAsync(i, tokens)));
        return (Stopwatch.GetElapsedTime(started), first);
    }

    public abstract ValueTask DisposeAsync();

    /// <returns>Time to the first output.</returns>
    /// <exception cref="InvalidOperationException">It did not make all its tokens.</exception>
    protected abstract Task<TimeSpan> StreamAsync(int stream, int tokens);
}
