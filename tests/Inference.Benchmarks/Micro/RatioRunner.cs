using System.Diagnostics;

namespace Inference.Benchmarks.Micro;

/// <summary>Two ways to do one thing.</summary>
/// <param name="Name">What is done.</param>
/// <param name="Ours">Our way.</param>
/// <param name="Theirs">The way it is compared with.</param>
internal sealed record Pair(string Name, Action Ours, Action Theirs);

/// <summary>What came out.</summary>
internal sealed record PairResult(string Name, double OursNs, double TheirsNs, double Ratio, double Smallest, double Largest, long OursBytes, long TheirsBytes);

/// <summary>Runs both ways in turns and compares neighbours, so that what disturbs one disturbs the other.</summary>
internal static class RatioRunner
{
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(20);

    public static PairResult Run(Pair pair, int rounds)
    {
        var (ours, theirs) = (Repeats(pair.Ours), Repeats(pair.Theirs));
        List<(double Ours, double Theirs)> times = [];
        for (var i = 0; i < rounds; i++)
        {
            times.Add(i % 2 == 0 ? (Time(pair.Ours, ours), Time(pair.Theirs, theirs)) : Swap(Time(pair.Theirs, theirs), Time(pair.Ours, ours)));
        }

        var ratios = times.Select(static t => t.Ours / t.Theirs).ToList();
        return new PairResult(
            pair.Name, Median.Of(times.Select(static t => t.Ours)), Median.Of(times.Select(static t => t.Theirs)), Median.Of(ratios), ratios.Min(), ratios.Max(),
            Allocated(pair.Ours), Allocated(pair.Theirs));
    }

    private static (double Ours, double Theirs) Swap(double theirs, double ours) => (ours, theirs);

    /// <summary>How often fits a slice, found after the code has been optimised.</summary>
    private static int Repeats(Action action)
    {
        for (var warm = Stopwatch.StartNew(); warm.ElapsedMilliseconds < 400;)
        {
            action();
        }

        return Math.Max(1, (int)(Slice.TotalNanoseconds / Time(action, 100)));
    }

    private static double Time(Action action, int repeats)
    {
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < repeats; i++)
        {
            action();
        }

        return Stopwatch.GetElapsedTime(started).TotalNanoseconds / repeats;
    }

    private static long Allocated(Action action)
    {
        const int Repeats = 1000;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Repeats; i++)
        {
            action();
        }

        return (GC.GetAllocatedBytesForCurrentThread() - before) / Repeats;
    }
}
