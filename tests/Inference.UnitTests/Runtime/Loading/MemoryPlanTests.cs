using Inference.Errors;
using Inference.Llama;
using Inference.Runtime;
using Inference.Runtime.Loading;

namespace Inference.UnitTests.Runtime.Loading;

public sealed class MemoryPlanTests
{
    private const long GiB = 1L << 30;

    // 128 KiB a token, as an 8 billion model; 4 GiB of weights.
    private static readonly ModelFacts Facts = new("llama", 131_072, 128 << 10, 4 * GiB, Embeds: false, Sees: false);

    [Theory]
    [InlineData(1024 * GiB, 32)] // never more
    [InlineData(20 * GiB, 8)]    // a quarter of 16 GiB over 512 MiB
    [InlineData(5 * GiB, 1)]     // never fewer
    public void For_SplitCacheLeftToTheServer_HasWhatAQuarterOfTheMemoryHolds(long available, int parallel)
    {
        var plan = Plan(new LoadSettings { ContextLength = 4096 }, available);

        Assert.Equal((parallel, parallel * 4096), (plan.Effective.NumParallel, plan.Effective.CacheCells));
        Assert.InRange(plan.RequiredBytes, (4 * GiB) + (parallel * GiB / 2), (4 * GiB) + (parallel * GiB / 2) + (GiB / 3));
    }

    [Fact]
    public void For_UnifiedCacheLeftToTheServer_IsAPoolForMore()
    {
        var plan = Plan(new LoadSettings { ContextLength = 4096 }, 20 * GiB, CacheKind.Unified);

        Assert.Equal((32, 8 * 4096), (plan.Effective.NumParallel, plan.Effective.CacheCells));
    }

    [Fact]
    public void For_GivenNumber_IsKept()
    {
        var plan = Plan(new LoadSettings { ContextLength = 1000, NumParallel = 64 }, 5 * GiB);

        Assert.Equal((64, 64 * 1024), (plan.Effective.NumParallel, plan.Effective.CacheCells));
        Assert.True(plan.RequiredBytes > 5 * GiB);
    }

    [Theory]
    [InlineData(CacheType.F32, 8 * GiB)]
    [InlineData(CacheType.F16, 4 * GiB)]
    [InlineData(CacheType.Q4_0, 1.125 * GiB)]
    public void CacheBytes_Type_CountsItsBits(CacheType type, double bytes) => Assert.Equal((long)bytes, MemoryPlan.CacheBytes(Facts, 32_768, type));

    [Fact]
    public void For_AbsurdNumbers_NeitherOverflowNorFit()
    {
        var plan = Plan(new LoadSettings { ContextLength = int.MaxValue / 2, NumParallel = 256 }, 20 * GiB);

        Assert.True(plan.RequiredBytes > 20 * GiB);
        Assert.InRange(plan.Effective.CacheCells, 1, 1 << 28);
    }

    [Fact]
    public void CompleteSettings_NothingAsked_AreTheServers()
    {
        var settings = CompleteSettings.For(Spec(new LoadSettings()), new RuntimeOptions { Threads = 1, KvCacheType = CacheType.BF16, NumParallel = 3 }, acceleratorBytes: 0);

        Assert.Equal(
            new LoadSettings
            {
                ContextLength = 4096, BatchSize = 512, GpuLayers = -1, MemoryMap = true, Threads = 1, KvCacheType = CacheType.BF16, FlashAttention = false, NumParallel = 3,
            },
            settings);
    }

    [Theory]
    [InlineData(0, 0, 4096)]
    [InlineData(24, 0, 32_768)]
    [InlineData(48, 0, 131_072)] // 262144, cut to what it was trained for
    [InlineData(48, 2048, 2048)]
    public void CompleteSettings_ContextLeftToTheServer_GrowsWithAccelerators(long gib, int option, int context) =>
        Assert.Equal(context, CompleteSettings.For(Spec(new LoadSettings()), new RuntimeOptions { ContextLength = option }, gib * GiB).ContextLength);

    [Theory]
    [InlineData(null, null, CacheType.F16, 0, false)]
    [InlineData(null, null, CacheType.F16, 24, null)]
    [InlineData(null, true, CacheType.F16, 0, true)]
    [InlineData(false, true, CacheType.F16, 0, false)]
    [InlineData(null, false, CacheType.Q8_0, 0, true)]
    public void CompleteSettings_FlashAttention_IsOffOnTheCpuUnlessNeeded(bool? asked, bool? server, CacheType type, long gib, bool? expected) =>
        Assert.Equal(expected, CompleteSettings.For(
            Spec(new LoadSettings { FlashAttention = asked, KvCacheType = type }), new RuntimeOptions { FlashAttention = server }, gib * GiB).FlashAttention);

    [Fact]
    public void CompleteSettings_QuantizedCacheWithoutFlashAttention_IsAConflict()
    {
        var spec = Spec(new LoadSettings { FlashAttention = false, KvCacheType = CacheType.Q4_0 });

        Assert.Same(Catalogue.FieldConflict, Assert.Throws<InferenceException>(() => CompleteSettings.For(spec, new RuntimeOptions(), acceleratorBytes: 0)).Error.Kind);
    }

    [Fact]
    public void CompleteSettings_Embedding_TakesOneAndLeavesAttentionToTheDevice()
    {
        var spec = Spec(new LoadSettings { NumParallel = 8 });
        var settings = CompleteSettings.For(spec with { Facts = Facts with { Embeds = true, TrainedContext = 512 } }, new RuntimeOptions(), acceleratorBytes: 0);

        Assert.Equal((1, 512, null), (settings.NumParallel, settings.ContextLength, settings.FlashAttention));
    }

    [Fact]
    public void FreeMemory_Container_CountsWhatItsLimitLeaves()
    {
        var folder = Directory.CreateTempSubdirectory();
        File.WriteAllText(Path.Combine(folder.FullName, "memory.max"), "1000000\n");
        File.WriteAllText(Path.Combine(folder.FullName, "memory.current"), "700000\n");
        File.WriteAllText(Path.Combine(folder.FullName, "memory.stat"), "anon 300000\nfile 400000\ninactive_file 250000\n");
        Assert.Equal(550_000, FreeMemory.InContainer(folder.FullName));
        File.WriteAllText(Path.Combine(folder.FullName, "memory.max"), "max\n");
        Assert.Null(FreeMemory.InContainer(folder.FullName));
        folder.Delete(recursive: true);

        Assert.Null(FreeMemory.InContainer(folder.FullName));
        Assert.InRange(FreeMemory.OfHost(), 1, long.MaxValue - 1);
    }

    private static MemoryPlan Plan(LoadSettings settings, long available, CacheKind cache = CacheKind.Split) =>
        MemoryPlan.For(settings with { BatchSize = 512, KvCacheType = CacheType.F16 }, Facts, cache, available);

    private static LoadSpec Spec(LoadSettings settings) => new() { Model = "m", Path = "/m", Facts = Facts, Settings = settings };
}
