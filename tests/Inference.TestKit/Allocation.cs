namespace Inference.TestKit;

/// <summary>What code allocates on the calling thread.</summary>
public static class Allocation
{
    private const int Runs = 10;

    /// <summary>
    /// The bytes that <paramref name="action"/> allocates every time it runs. The runtime now and then allocates something of its own on whatever
    /// thread is at work, 8,200 bytes having been seen; so the least of some runs is told. What the action allocates only once in a while is
    /// missed: let it do enough for that to come in every run.
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
