using Inference.Llama;

namespace Inference.UnitTests.Llama;

/// <summary>Each of these made llama.cpp hang, abort or answer null. That the next test runs is half of the claim.</summary>
public sealed class ContextGuardTests
{
    public static TheoryData<ContextParameters> Bad => new(
        Toy.Small with { ContextLength = 0 },
        Toy.Small with { ContextLength = 1 },
        Toy.Small with { ContextLength = 255 },
        Toy.Small with { ContextLength = -1 },
        Toy.Small with { ContextLength = int.MinValue },
        Toy.Small with { ContextLength = int.MaxValue }, // hung
        Toy.Small with { ContextLength = 1 << 26 }, // 12 s to fail
        Toy.Small with { Sequences = 0 },
        Toy.Small with { Sequences = -1 },
        Toy.Small with { Sequences = 257, BatchSize = 512 },
        Toy.Small with { BatchSize = 0 },
        Toy.Small with { BatchSize = -1 },
        Toy.Small with { BatchSize = int.MaxValue },
        Toy.Small with { Sequences = 8, BatchSize = 7 },
        Toy.Small with { Threads = 0 },
        Toy.Small with { Threads = -1 },
        Toy.Small with { Threads = 100_000 },
        Toy.Small with { BatchThreads = 0 },
        Toy.Small with { BatchThreads = 100_000 },
        Toy.Small with { CacheType = (CacheType)(-1) },
        Toy.Small with { CacheType = (CacheType)4 }, // a type that ggml gave up
        Toy.Small with { CacheType = (CacheType)12 }, // q4_K
        Toy.Small with { CacheType = (CacheType)99 },
        Toy.Small with { CacheType = CacheType.Q8_0, FlashAttention = false },
        Toy.Small with { CacheType = CacheType.Q4_0, FlashAttention = false },
        Toy.Small with { Pooling = (PoolingType)99, Embeddings = true },
        Toy.Small with { Pooling = (PoolingType)(-2) });

    [Theory]
    [MemberData(nameof(Bad))]
    public void Create_OutOfRange_SaysWhat(ContextParameters parameters)
    {
        var e = Toy.Throws(LlamaFault.Context, () => Toy.Context(parameters));
        Assert.DoesNotContain("could not be made", e.Message, StringComparison.Ordinal); // found by us, not by llama.cpp
    }

    [Fact]
    public void Create_HeadSizeThatBlocksDoNotFit_SaysSo()
    {
        using var model = LlamaModel.Load(Toy.Golden("nano-llama-f16.gguf"), new ModelParameters(), ct: TestContext.Current.CancellationToken);
        Assert.Equal(16, model.KeyLength);
        var e = Toy.Throws(LlamaFault.Context, () => LlamaContext.Create(model, Toy.Small with { CacheType = CacheType.Q8_0 }));
        Assert.Contains("head size", e.Message, StringComparison.Ordinal);
        using var context = LlamaContext.Create(model, Toy.Small with { CacheType = CacheType.BF16 });
        Assert.True(context.HasMemory);
    }

    [Fact]
    public void Create_MoreCacheThanMemory_SaysHowMuch()
    {
        var largest = new ContextParameters { ContextLength = 1 << 25, Sequences = 256, CacheType = CacheType.F32 };
        var needed = ContextGuard.CacheBytes(Toy.Model, largest);
        Assert.Equal((1L << 25) * 5 * 4 * (32 + 32) * 4, needed); // cells, layers, heads, key and value, bytes
        Assert.SkipWhen(needed <= HostMemory.Available(), "this machine has that much");
        var e = Toy.Throws(LlamaFault.Context, () => Toy.Context(largest));
        Assert.Contains("MiB", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(CacheType.F16)]
    [InlineData(CacheType.Q8_0)]
    public void CacheBytes_AreThoseOfTheState(CacheType type)
    {
        var parameters = new ContextParameters { ContextLength = 512, CacheType = type };
        using var context = Toy.Context(parameters);
        using var batch = new Batch(256);
        for (var i = 0; i < 256; i++)
        {
            batch.Add(5, i, 0, logits: false);
        }

        Assert.Equal(DecodeOutcome.Done, context.Decode(batch));
        var half = ContextGuard.CacheBytes(Toy.Model, parameters)!.Value / 2;
        Assert.InRange(context.StateLength(0), half, half + 16_384); // and a header
    }

    [Fact]
    public void CheckThreads_AllCores_AreAllowed() => ContextGuard.CheckThreads(Environment.ProcessorCount, Environment.ProcessorCount);

    [Fact]
    public void Available_IsLessThanTheMachine() =>
        Assert.InRange(HostMemory.Available(), 1, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
}
