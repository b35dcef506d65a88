using Google.Protobuf.WellKnownTypes;
using Inference.Errors;
using Inference.Llama;
using Inference.Services.Requests;
using Inference.V1;

namespace Inference.UnitTests.Services.Requests;

public sealed class LoadRulesTests
{
    public static TheoryData<string, LoadOptions> Wrong => new()
    {
        { "load_options.num_ctx", new() { NumCtx = 3 } },
        { "load_options.num_ctx", new() { NumCtx = -1 } },
        { "load_options.num_batch", new() { NumBatch = -1 } },
        { "load_options.num_gpu", new() { NumGpu = -2 } },
        { "load_options.main_gpu", new() { MainGpu = -1 } },
        { "load_options.num_thread", new() { NumThread = -1 } },
        { "load_options.draft_num_predict", new() { DraftNumPredict = -1 } },
        { "load_options.num_parallel", new() { NumParallel = 0 } },
        { "load_options.num_parallel", new() { NumParallel = 257 } },
        { "load_options.kv_cache_type", new() { KvCacheType = (KvCacheType)99 } },
        { "load_options.flash_attention", new() { KvCacheType = KvCacheType.Q80, FlashAttention = false } },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Check_Wrong_NamesTheField(string field, LoadOptions options)
    {
        var errors = new FieldErrors();
        options.Check(errors);

        Assert.Equal(field, Assert.Throws<InferenceException>(errors.Check).Error.Facts["field"]);
    }

    [Fact]
    public void ToSettings_RequestOverStoredOverServer()
    {
        var settings = new LoadOptions { NumCtx = 100, KvCacheType = KvCacheType.Q80 }.ToSettings(new LoadOptions { NumCtx = 50, NumBatch = 64, NumGpu = 0, UseMmap = false });

        Assert.Equal((100, 64, 0, false, CacheType.Q8_0), (settings.ContextLength, settings.BatchSize, settings.GpuLayers, settings.MemoryMap, settings.KvCacheType));
        Assert.Equal((0, 0, null), (settings.Threads, settings.NumParallel, settings.MainGpu));
    }

    [Fact]
    public void ToSettings_StoredTooSmall_IsRaisedAsOllamaDoes() => Assert.Equal(4, ((LoadOptions?)null).ToSettings(new LoadOptions { NumCtx = -5 }).ContextLength);

    [Fact]
    public void ToOptions_IsTheWayBack()
    {
        var options = new LoadOptions
        {
            NumCtx = 128, NumBatch = 32, NumGpu = 3, MainGpu = 1, UseMmap = true, NumThread = 2, DraftNumPredict = 0, KvCacheType = KvCacheType.Bf16, FlashAttention = true, NumParallel = 4,
        };

        Assert.Equal(options, options.ToSettings(new LoadOptions()).ToOptions());
    }

    [Theory]
    [InlineData(-1L, -1)]
    [InlineData(0L, 0)]
    [InlineData(300L, 300_000)]
    [InlineData(315_576_000_000L, -1)]
    public void ToKeepAlive_NegativeAndLongerThanTime_IsForEver(long seconds, double milliseconds) =>
        Assert.Equal(milliseconds, new Duration { Seconds = seconds }.ToKeepAlive(new FieldErrors())!.Value.TotalMilliseconds);

    [Fact]
    public void ToKeepAlive_NoDuration_IsRefused()
    {
        var errors = new FieldErrors();
        new Duration { Seconds = 1, Nanos = -1 }.ToKeepAlive(errors);

        Assert.Equal("keep_alive", Assert.Throws<InferenceException>(errors.Check).Error.Facts["field"]);
    }
}
