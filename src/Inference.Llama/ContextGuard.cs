namespace Inference.Llama;

/// <summary>What llama.cpp would answer with a hang, an abort or an unexplained null, refused with a reason instead.</summary>
internal static class ContextGuard
{
    public const int MostSequences = 256; // LLAMA_MAX_SEQ
    public const int LeastLength = 256; // llama.cpp pads to it, and asserts on less
    public const int MostBatch = 1 << 16;

    // Beyond what a model was trained for its output is noise; the factor leaves room for those that state too little.
    private const int TrainedTimes = 4;
    private const int LeastTrained = 1 << 15;
    private const int MostLength = 1 << 28;
    private const int QuantizedBlock = 32; // elements of a block, in every quantized type offered

    public static void Check(LlamaModel model, ContextParameters p)
    {
        Require(p.Sequences is >= 1 and <= MostSequences, $"{p.Sequences} sequences: 1 to {MostSequences} can run at once");
        Require(p.ContextLength >= LeastLength, $"a context of {p.ContextLength} tokens: {LeastLength} is the least");
        Require(p.ContextLength <= LongestContext(model, p), $"a context of {p.ContextLength} tokens: {LongestContext(model, p)} is the most for this model and {p.Sequences} sequences");
        Require(p.BatchSize >= p.Sequences, $"a batch of {p.BatchSize} tokens: it must hold one of each of the {p.Sequences} sequences");
        Require(p.BatchSize <= MostBatch, $"a batch of {p.BatchSize} tokens: {MostBatch} is the most");
        CheckThreads(p.Threads, p.BatchThreads);
        Require(Enum.IsDefined(p.Pooling), $"pooling type {(int)p.Pooling} does not exist");
        CheckCacheType(model, p);
        CheckMemory(model, p);
    }

    public static void CheckThreads(int threads, int batchThreads)
    {
        Require(threads >= 1 && threads <= Environment.ProcessorCount, $"{threads} threads: this machine has {Environment.ProcessorCount} cores");
        Require(batchThreads >= 1 && batchThreads <= Environment.ProcessorCount, $"{batchThreads} threads for prompts: this machine has {Environment.ProcessorCount} cores");
    }

    /// <summary>Bytes of the cache; null where the model's layers do not all keep keys and values in the plain way.</summary>
    internal static long? CacheBytes(LlamaModel model, ContextParameters p)
    {
        if (model.IsRecurrent || model.IsHybrid || !model.HasEqualLayers || model.KeyLength is not { } keys || model.ValueLength is not { } values)
        {
            return null;
        }

        var cells = ((p.ContextLength / p.Sequences) + 255) / 256 * 256L * p.Sequences;
        return cells * model.LayerCount * model.KeyValueHeads * (keys + values) * BlockBytes(p.CacheType) / QuantizedBlock;
    }

    private static long LongestContext(LlamaModel model, ContextParameters p) =>
        Math.Min(MostLength, (long)p.Sequences * TrainedTimes * Math.Max(model.TrainedContext, LeastTrained));

    private static void CheckCacheType(LlamaModel model, ContextParameters p)
    {
        Require(Enum.IsDefined(p.CacheType), $"cache type {(int)p.CacheType} does not exist or cannot be used");
        if (p.CacheType is CacheType.F32 or CacheType.F16 or CacheType.BF16)
        {
            return;
        }

        Require(p.FlashAttention is not false, $"a cache of type {p.CacheType} needs flash attention");
        Require(
            (model.KeyLength ?? 0) % QuantizedBlock == 0 && (model.ValueLength ?? 0) % QuantizedBlock == 0,
            $"a cache of type {p.CacheType} needs a head size that {QuantizedBlock} divides: this model's is {model.KeyLength}");
    }

    // Linux grants memory that it does not have and ends the process when it is used.
    private static void CheckMemory(LlamaModel model, ContextParameters p)
    {
        if (LlamaLibrary.Accelerator(0) == 0 && CacheBytes(model, p) is { } needed)
        {
            var free = HostMemory.Available();
            Require(needed <= free, $"the cache needs {needed >> 20} MiB of memory, and {free >> 20} MiB are free");
        }
    }

    // Of QuantizedBlock elements.
    private static int BlockBytes(CacheType type) => type switch
    {
        CacheType.F32 => 128,
        CacheType.F16 or CacheType.BF16 => 64,
        CacheType.Q8_0 => 34,
        CacheType.Q5_1 => 24,
        CacheType.Q5_0 => 22,
        CacheType.Q4_1 => 20,
        CacheType.Q4_0 => 18,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, message: null),
    };

    private static void Require(bool condition, string otherwise)
    {
        if (!condition)
        {
            throw new LlamaException(LlamaFault.Context, otherwise);
        }
    }
}
