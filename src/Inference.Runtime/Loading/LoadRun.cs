using Inference.Errors;

namespace Inference.Runtime.Loading;

/// <summary>One load on a thread of its own, given up when it makes no progress.</summary>
internal sealed class LoadRun(EngineFactory factory, TimeProvider time, TimeSpan timeout)
{
    /// <exception cref="InferenceException">LOAD_STALLED, or what the factory threw.</exception>
    public async Task<IEngine> RunAsync(LoadSpec complete, Action<float> progress, CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var stalled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var watch = timeout > TimeSpan.Zero
            ? time.CreateTimer(static s => ((TaskCompletionSource)s!).TrySetResult(), stalled, timeout, Timeout.InfiniteTimeSpan)
            : null;
        var last = -1f;
        var load = OnItsOwnThread("load", () => factory(complete, Advance, stop.Token));
        if (await Task.WhenAny(load, stalled.Task) == load)
        {
            return await load;
        }

        await stop.CancelAsync();
        _ = load.ContinueWith(static t => DisposeLate(t), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        throw Catalogue.LoadStalled.For(complete.Model, (long)timeout.TotalMilliseconds);

        void Advance(float fraction)
        {
            if (fraction != last)
            {
                last = fraction;
                watch?.Change(timeout, Timeout.InfiniteTimeSpan);
                progress(fraction);
            }
        }
    }

    public static Task<T> OnItsOwnThread<T>(string name, Func<T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            try
            {
                done.SetResult(work());
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        })
        {
            IsBackground = true,
            Name = name,
        };
        thread.Start();
        return done.Task;
    }

    // Nobody knows of it any more.
    private static void DisposeLate(Task<IEngine> load)
    {
        if (load.IsCompletedSuccessfully)
        {
            load.Result.Dispose();
        }
        else
        {
            _ = load.Exception; // seen
        }
    }
}
