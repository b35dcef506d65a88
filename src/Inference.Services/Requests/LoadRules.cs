using Google.Protobuf.WellKnownTypes;
using Inference.Errors;
using Inference.Llama;
using Inference.Runtime.Loading;
using Inference.V1;

namespace Inference.Services.Requests;

/// <summary>LoadOptions: their ranges, and what they are to the runtime.</summary>
internal static class LoadRules
{
    private const string Path = "load_options";
    private const int LeastContext = 4;
    private const int MostParallel = 256; // sequences of one llama.cpp context

    // Longer would leave the calendar; so does "for ever".
    private static readonly TimeSpan Ever = TimeSpan.FromDays(365.25 * 292);

    public static void Check(this LoadOptions o, FieldErrors errors)
    {
        if (o.HasNumCtx && o.NumCtx != 0) Least(errors, "num_ctx", o.NumCtx, LeastContext, "must be 0, or 4 or more");
        if (o.HasNumBatch) Least(errors, "num_batch", o.NumBatch, 0, "must be 0 or more");
        if (o.HasNumGpu) Least(errors, "num_gpu", o.NumGpu, -1, "must be -1 or more");
        if (o.HasMainGpu) Least(errors, "main_gpu", o.MainGpu, 0, "must be 0 or more");
        if (o.HasNumThread) Least(errors, "num_thread", o.NumThread, 0, "must be 0 or more");
        if (o.HasDraftNumPredict) Least(errors, "draft_num_predict", o.DraftNumPredict, 0, "must be 0 or more");
        if (o.HasNumParallel && o.NumParallel is < 1 or > MostParallel) errors.Invalid($"{Path}.num_parallel", o.NumParallel, $"must be between 1 and {MostParallel}");
        if (!System.Enum.IsDefined(o.KvCacheType)) errors.Invalid($"{Path}.kv_cache_type", (int)o.KvCacheType, "must be a KvCacheType");
        if (o is { HasFlashAttention: true, FlashAttention: false } && IsQuantized(o.KvCacheType)) errors.Conflict($"{Path}.flash_attention", $"{Path}.kv_cache_type");
    }

    /// <summary>What the request sets, else what the model stores, else what the runtime decides.</summary>
    public static LoadSettings ToSettings(this LoadOptions? request, LoadOptions stored)
    {
        var r = request ?? new LoadOptions();
        var cache = r.KvCacheType is not KvCacheType.Unspecified ? r.KvCacheType : stored.KvCacheType;
        return new LoadSettings
        {
            // Stored values are taken as they come and raised to the lowest that can be loaded, as in Ollama.
            ContextLength = (r.HasNumCtx ? r.NumCtx : stored.HasNumCtx ? stored.NumCtx : 0) is var context && context != 0 ? Math.Max(context, LeastContext) : 0,
            BatchSize = Math.Max(r.HasNumBatch ? r.NumBatch : stored.HasNumBatch ? stored.NumBatch : 0, 0),
            GpuLayers = Math.Max(r.HasNumGpu ? r.NumGpu : stored.HasNumGpu ? stored.NumGpu : -1, -1),
            MainGpu = r.HasMainGpu ? r.MainGpu : stored is { HasMainGpu: true, MainGpu: >= 0 } ? stored.MainGpu : null,
            MemoryMap = r.HasUseMmap ? r.UseMmap : stored.HasUseMmap ? stored.UseMmap : null,
            Threads = Math.Max(r.HasNumThread ? r.NumThread : stored.HasNumThread ? stored.NumThread : 0, 0),
            KvCacheType = cache.ToRuntime(),
            FlashAttention = r.HasFlashAttention ? r.FlashAttention : stored.HasFlashAttention ? stored.FlashAttention : null,
            NumParallel = r.HasNumParallel ? r.NumParallel : stored.HasNumParallel ? stored.NumParallel : 0,
        };
    }

    /// <summary>Settings in effect, complete.</summary>
    public static LoadOptions ToOptions(this LoadSettings s)
    {
        var options = new LoadOptions
        {
            NumCtx = s.ContextLength,
            NumBatch = s.BatchSize,
            NumGpu = s.GpuLayers,
            NumThread = s.Threads,
            DraftNumPredict = 0,
            NumParallel = s.NumParallel,
            KvCacheType = s.KvCacheType.ToContract(),
        };
        if (s.MainGpu is { } gpu) options.MainGpu = gpu;
        if (s.MemoryMap is { } map) options.UseMmap = map;
        if (s.FlashAttention is { } flash) options.FlashAttention = flash;
        return options;
    }

    /// <summary>Null keeps what the model has; negative is for ever.</summary>
    public static TimeSpan? ToKeepAlive(this Duration? keepAlive, FieldErrors errors)
    {
        if (keepAlive is null)
        {
            return null;
        }

        try
        {
            var time = keepAlive.ToTimeSpan();
            return time < TimeSpan.Zero || time > Ever ? Timeout.InfiniteTimeSpan : time;
        }
        catch (InvalidOperationException)
        {
            errors.Invalid("keep_alive", $"{keepAlive.Seconds}s {keepAlive.Nanos}ns", "must be a valid duration");
            return null;
        }
    }

    private static bool IsQuantized(KvCacheType type) =>
        type is KvCacheType.Q80 or KvCacheType.Q51 or KvCacheType.Q50 or KvCacheType.Q41 or KvCacheType.Q40;

    private static CacheType? ToRuntime(this KvCacheType type) => type switch
    {
        KvCacheType.Unspecified => null,
        KvCacheType.F32 => CacheType.F32,
        KvCacheType.F16 => CacheType.F16,
        KvCacheType.Bf16 => CacheType.BF16,
        KvCacheType.Q80 => CacheType.Q8_0,
        KvCacheType.Q51 => CacheType.Q5_1,
        KvCacheType.Q50 => CacheType.Q5_0,
        KvCacheType.Q41 => CacheType.Q4_1,
        KvCacheType.Q40 => CacheType.Q4_0,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, message: null),
    };

    private static KvCacheType ToContract(this CacheType? type) => type switch
    {
        null => KvCacheType.Unspecified,
        CacheType.F32 => KvCacheType.F32,
        CacheType.F16 => KvCacheType.F16,
        CacheType.BF16 => KvCacheType.Bf16,
        CacheType.Q8_0 => KvCacheType.Q80,
        CacheType.Q5_1 => KvCacheType.Q51,
        CacheType.Q5_0 => KvCacheType.Q50,
        CacheType.Q4_1 => KvCacheType.Q41,
        CacheType.Q4_0 => KvCacheType.Q40,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, message: null),
    };

    private static void Least(FieldErrors errors, string name, int value, int least, string expectation)
    {
        if (value < least)
        {
            errors.Invalid($"{Path}.{name}", value, expectation);
        }
    }
}
