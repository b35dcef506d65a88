using Inference.Llama;

namespace Inference.Runtime.Loading;

/// <summary>How much memory a load takes, and how many sequences that allows. Pure.</summary>
/// <param name="Effective">The settings, complete.</param>
/// <param name="RequiredBytes">Weights, cache and working memory.</param>
internal sealed record MemoryPlan(LoadSettings Effective, long RequiredBytes)
{
    private const int MostSequences = 32;            // more streams hardly add to the throughput of a CPU
    private const int CacheShare = 4;                // a quarter of what is free, where the server chooses
    private const int Rounding = 256;                // llama.cpp rounds the cells of a sequence up to it
    private const long MostCells = 1L << 28;         // llama.cpp's positions are 32 bits; anything near it hangs
    private const long WorkingBytesPerRow = 640 << 10; // the scores of a row over a vocabulary of 150,000, about; activations are less

    /// <param name="settings">Of <see cref="CompleteSettings"/>.</param>
    /// <param name="facts">What the file says.</param>
    /// <param name="cache">How the cache is divided.</param>
    /// <param name="availableBytes">Memory that could be used.</param>
    public static MemoryPlan For(LoadSettings settings, ModelFacts facts, CacheKind cache, long availableBytes)
    {
        var bytesPerCell = facts.CacheBytesPerToken * BitsOf(settings.KvCacheType ?? CacheType.F16) / 16d;
        var each = (long)CellsFor(settings.ContextLength);
        var left = Math.Max(0, availableBytes - facts.WeightBytes);
        var affordable = bytesPerCell <= 0 ? MostSequences : (long)Math.Clamp(left / CacheShare / (each * bytesPerCell), 1, MostSequences);
        var (parallel, cells) = (settings.NumParallel, cache) switch
        {
            (0, CacheKind.Split) => (affordable, affordable * each),
            (0, _) => (MostSequences, affordable * each), // a pool: more may run than could all be long
            var (given, _) => ((long)given, given * each),
        };
        parallel = Math.Clamp(Math.Min(parallel, MostCells / each), 1, 256);
        cells = Math.Min(cells, MostCells);
        var working = Math.Min(settings.BatchSize * WorkingBytesPerRow, facts.WeightBytes); // small models have small vocabularies
        var required = facts.WeightBytes + working + (long)Math.Min(cells * bytesPerCell, long.MaxValue / 4d);
        return new MemoryPlan(settings with { NumParallel = (int)parallel, CacheCells = (int)cells }, required);
    }

    /// <summary>Cells of one sequence.</summary>
    public static int CellsFor(int contextLength) => (contextLength + Rounding - 1) / Rounding * Rounding;

    public static long CacheBytes(ModelFacts facts, int cells, CacheType type) => (long)(cells * (facts.CacheBytesPerToken * BitsOf(type) / 16d));

    /// <summary>Bits of a number in the cache, what a block shares included.</summary>
    private static double BitsOf(CacheType type) => type switch
    {
        CacheType.F32 => 32,
        CacheType.F16 or CacheType.BF16 => 16,
        CacheType.Q8_0 => 8.5,
        CacheType.Q5_1 => 6,
        CacheType.Q5_0 => 5.5,
        CacheType.Q4_1 => 5,
        CacheType.Q4_0 => 4.5,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, message: null),
    };
}
