using Inference.Errors;
using Inference.Llama;

namespace Inference.Runtime.Loading;

/// <summary>Fills in what a call and a model leave to the server. Pure, but for the number of cores.</summary>
internal static class CompleteSettings
{
    private const long GiB = 1 << 30;
    private const int LongestUnknown = 1 << 20;  // where a file does not say what it was trained for
    private const int DefaultBatch = 512;        // Ollama's num_batch
    private const int LargestBatch = 1 << 14;

    /// <summary>All but what depends on the memory of the moment: NumParallel stays 0 where the server is to choose, and CacheCells is not set.</summary>
    /// <param name="spec">What is asked for.</param>
    /// <param name="options">The server's settings.</param>
    /// <param name="acceleratorBytes">All memory of accelerators; 0 where the CPU computes.</param>
    public static LoadSettings For(LoadSpec spec, RuntimeOptions options, long acceleratorBytes)
    {
        var asked = spec.Settings;
        var wanted = asked.ContextLength > 0 ? asked.ContextLength : options.ContextLength > 0 ? options.ContextLength : DefaultContext(acceleratorBytes);
        var cacheType = asked.KvCacheType ?? options.KvCacheType;
        var parallel = spec.Facts.Embeds ? 1 : Math.Clamp(asked.NumParallel > 0 ? asked.NumParallel : options.NumParallel, 0, 256);
        return new LoadSettings
        {
            ContextLength = Math.Clamp(wanted, 4, spec.Facts.TrainedContext > 0 ? Math.Max(spec.Facts.TrainedContext, 4) : LongestUnknown),
            BatchSize = Math.Clamp(asked.BatchSize > 0 ? asked.BatchSize : DefaultBatch, Math.Max(32, parallel), LargestBatch),
            GpuLayers = Math.Max(-1, asked.GpuLayers),
            MainGpu = asked.MainGpu,
            MemoryMap = asked.MemoryMap ?? true,
            Threads = Math.Clamp(asked.Threads > 0 ? asked.Threads : options.Threads, 0, Environment.ProcessorCount) is > 0 and var threads
                ? threads
                : Math.Max(1, Environment.ProcessorCount - 1),
            KvCacheType = cacheType,
            FlashAttention = FlashAttentionOf(asked.FlashAttention, options.FlashAttention, cacheType, llamaChooses: spec.Facts.Embeds || acceleratorBytes > 0),
            NumParallel = parallel,
        };
    }

    /// <summary>Whether a model that was loaded so serves a call that asks for this.</summary>
    /// <param name="asked">Of <see cref="For"/>.</param>
    /// <param name="loadedFor">Of <see cref="For"/>, when it was loaded.</param>
    /// <param name="effective">What became of it.</param>
    public static bool Match(LoadSettings asked, LoadSettings loadedFor, LoadSettings effective) =>
        asked == loadedFor || asked == loadedFor with { NumParallel = effective.NumParallel };

    /// <summary>Ollama's steps (server/routes.go), a little under 48 and 24 GiB.</summary>
    private static int DefaultContext(long acceleratorBytes) => acceleratorBytes switch
    {
        >= 47 * GiB => 262_144,
        >= 23 * GiB => 32_768,
        _ => 4096,
    };

    private static bool? FlashAttentionOf(bool? asked, bool? server, CacheType cacheType, bool llamaChooses)
    {
        var quantized = cacheType is not (CacheType.F32 or CacheType.F16 or CacheType.BF16);
        if (quantized && asked is false)
        {
            throw Catalogue.FieldConflict.For("load_options.kv_cache_type", "load_options.flash_attention");
        }

        if (quantized)
        {
            return true; // it cannot be read without
        }

        // Vectors are promised to be close, not equal, and long texts need far less memory with it.
        return asked ?? server ?? (llamaChooses ? null : false);
    }
}
