namespace Inference.TestKit;

/// <summary>What code allocates on the calling thread.</summary>
public static class Allocation
{
    private const int Runs = 10;

    /// <summary>
    /// The bytes that <paramref name="action"/> allocates each time, once what is made at first use is made. A collection that another thread
    /// starts in between ends this thread's stretch of the heap, and the rest of it counts as allocated; so it is the least of some runs that
    /// tells what the code itself takes.
    /// </summary>
    public static long Of(Action action)
    {
        action();
        var least = long.MaxValue;
        for (var i = 0; i < Runs; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            action();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
