using System.Collections.Concurrent;
using Inference.Llama;
using Inference.TestKit;

namespace Inference.UnitTests.Llama;

public sealed class LlamaContextTests
{
    [Theory]
    [InlineData(CacheType.F32, null)]
    [InlineData(CacheType.F16, false)]
    [InlineData(CacheType.BF16, true)]
    [InlineData(CacheType.Q8_0, true)]
    [InlineData(CacheType.Q5_1, null)]
    [InlineData(CacheType.Q5_0, null)]
    [InlineData(CacheType.Q4_1, null)]
    [InlineData(CacheType.Q4_0, null)]
    public void Create_EveryCacheType_Decodes(CacheType type, bool? flash)
    {
        using var context = Toy.Context(Toy.Small with { CacheType = type, FlashAttention = flash });
        var (row, _) = Toy.Feed(context, "The cat");
        Assert.True(float.IsFinite(context.Logits(row)[0]));
    }

    [Fact]
    public void Create_CacheType_DecidesTheSizeOfTheMemory()
    {
        int Bytes(CacheType type)
        {
            using var context = Toy.Context(Toy.Small with { CacheType = type });
            Toy.Feed(context, "Once upon a time, there was a little cat");
            return context.StateLength(0);
        }

        Assert.True(Bytes(CacheType.F32) > Bytes(CacheType.F16));
        Assert.True(Bytes(CacheType.F16) > Bytes(CacheType.Q8_0));
        Assert.True(Bytes(CacheType.Q8_0) > Bytes(CacheType.Q4_0));
    }

    [Fact]
    public void Create_FlashAttention_IsAnotherComputation()
    {
        float[] Scores(bool? flash)
        {
            using var context = Toy.Context(Toy.Small with { FlashAttention = flash });
            var (row, _) = Toy.Feed(context, "Once upon a time, there was a little cat");
            return context.Logits(row).ToArray();
        }

        var on = Scores(true);
        var off = Scores(false);
        Assert.NotEqual(on, off); // in the last bits
        Assert.All(on.Zip(off), pair => Assert.Equal(pair.First, pair.Second, 1f));
        Assert.Equal(on, Scores(null)); // the CPU supports it
    }

    [Fact]
    public void Create_Sizes_AreThoseAskedFor()
    {
        using var context = Toy.Context(new ContextParameters { ContextLength = 1024, Sequences = 4, BatchSize = 100 });
        Assert.Equal(1024, context.Length);
        Assert.Equal(256, context.SequenceLength);
        Assert.Equal(100, context.BatchSize);
        Assert.Equal(4, context.Sequences);
        Assert.True(context.HasMemory);
        Assert.True(context.CanShift);
    }

    [Fact]
    public void Create_Unified_SharesAllCells()
    {
        using var context = Toy.Context(new ContextParameters { ContextLength = 1024, Sequences = 4, Unified = true });
        Assert.Equal(1024, context.SequenceLength);
    }

    [Fact]
    public void SetThreads_TakesEffectAndChecks()
    {
        var cores = Environment.ProcessorCount;
        using var context = Toy.Context(Toy.Small with { Threads = 1, BatchThreads = cores });
        Assert.Equal((1, cores), (context.Threads, context.BatchThreads));
        context.SetThreads(cores, 1);
        Assert.Equal((cores, 1), (context.Threads, context.BatchThreads));
        Toy.Throws(LlamaFault.Context, () => context.SetThreads(0, 1));
        Toy.Throws(LlamaFault.Context, () => context.SetThreads(1, cores + 1));
    }

    [Fact]
    public void Decode_AllocatesNothing()
    {
        using var context = Toy.Context();
        using var chain = new SamplerChain(Toy.Model, new SamplingParameters { RepeatPenalty = 1.1f });
        using var batch = new Batch(1);
        var (row, position) = Toy.Feed(context, "Once upon a time");
        var next = chain.Next(context, row);

        Assert.Equal(0, Allocation.Of(() =>
        {
            for (var i = 0; i < 10; i++)
            {
                batch.Clear();
                batch.Add(next, position++, 0, logits: true);
                context.Decode(batch);
                next = chain.Next(context, 0);
            }
        }));
    }

    [Fact]
    public void Decode_MoreRowsThanTheContextTakes_Throws()
    {
        using var context = Toy.Context(new ContextParameters { ContextLength = 256, BatchSize = 512 });
        Assert.Equal(256, context.BatchSize); // llama.cpp made it less than what was asked for
        using var batch = new Batch(257);
        for (var i = 0; i < 257; i++)
        {
            batch.Add(5, i, 0, logits: false);
        }

        Assert.Throws<ArgumentException>(() => context.Decode(batch));
    }

    [Fact]
    public void Decode_IdsOutOfRange_Throws()
    {
        using var context = Toy.Context(Toy.Small with { Sequences = 2 });
        using var batch = new Batch(1);
        batch.Add(Toy.Vocabulary.Size, 0, 0, logits: false);
        Assert.Throws<ArgumentException>(() => context.Decode(batch));
        batch.Clear();
        batch.Add(5, 0, 2, logits: false);
        Assert.Throws<ArgumentException>(() => context.Decode(batch));
        batch.Clear();
        batch.Add(5, 0, 1, logits: false);
        Assert.Equal(DecodeOutcome.Done, context.Decode(batch));
    }

    [Fact]
    public void Decode_EmptyBatchOrGap_IsRefusedAndChangesNothing()
    {
        using var context = Toy.Context();
        using var batch = new Batch(1);
        Assert.Equal(DecodeOutcome.Refused, context.Decode(batch));
        Toy.Feed(context, "The cat");
        var last = context.LastPosition(0);
        batch.Add(5, last + 7, 0, logits: false);
        Assert.Equal(DecodeOutcome.Refused, context.Decode(batch));
        Assert.Equal(last, context.LastPosition(0));
    }

    [Fact]
    public void Decode_NoCellsLeft_SaysSoAndChangesNothing()
    {
        using var context = Toy.Context(new ContextParameters { ContextLength = 256, BatchSize = 256 });
        using var batch = new Batch(256);
        for (var i = 0; i < 256; i++)
        {
            batch.Add(5, i, 0, logits: false);
        }

        Assert.Equal(DecodeOutcome.Done, context.Decode(batch));
        batch.Clear();
        batch.Add(5, 256, 0, logits: false);
        Assert.Equal(DecodeOutcome.NoRoom, context.Decode(batch));
        Assert.Equal(255, context.LastPosition(0));
    }

    [Fact]
    public async Task Abort_FromAnotherThread_EndsADecode()
    {
        var lines = new ConcurrentQueue<string>();
        LlamaLibrary.Configure(CpuVariant.Auto, (_, line) => lines.Enqueue(line));
        using var context = Toy.Context(new ContextParameters { ContextLength = 1024, BatchSize = 1024 });
        using var batch = new Batch(1024);
        for (var i = 0; i < 1024; i++)
        {
            batch.Add(5, i, 0, logits: true);
        }

        using var stop = new CancellationTokenSource();
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var aborting = Task.Run(() =>
        {
            started.SetResult();
            while (!stop.IsCancellationRequested)
            {
                context.Abort();
            }
        });
        await started.Task;
        var outcome = DecodeOutcome.Done;
        for (var i = 0; i < 100 && outcome is DecodeOutcome.Done; i++) // the other thread may not get a turn at once
        {
            context.Clear();
            outcome = context.Decode(batch);
        }

        await stop.CancelAsync();
        await aborting;
        Assert.Equal(DecodeOutcome.Aborted, outcome);
        Assert.DoesNotContain(lines, static line => line.Contains("failed", StringComparison.Ordinal)); // it was meant to

        Assert.True(context.Remove(0, 0));
        Assert.Equal(DecodeOutcome.Done, context.Decode(batch)); // an abort is not for the next
    }

    [Fact]
    public void Abort_AfterDispose_DoesNothing()
    {
        var context = Toy.Context();
        context.Dispose();
        context.Dispose();
        context.Abort();
        Assert.Throws<ObjectDisposedException>(context.Clear);
        using var batch = new Batch(1);
        batch.Add(5, 0, 0, logits: true);
        Assert.Throws<ObjectDisposedException>(() => context.Decode(batch));
    }

    [Fact]
    public void Logits_RowThatDidNotAsk_IsAnError()
    {
        using var context = Toy.Context();
        using var batch = new Batch(2);
        batch.Add(5, 0, 0, logits: false);
        batch.Add(6, 1, 0, logits: true);
        Assert.Equal(DecodeOutcome.Done, context.Decode(batch));
        Toy.Throws(LlamaFault.Compute, () => context.Logits(0));
        using var chain = new SamplerChain(Toy.Model, new SamplingParameters());
        Toy.Throws(LlamaFault.Compute, () => chain.Next(context, 0)); // ends the process natively
        Assert.Equal(Toy.Vocabulary.Size, context.Logits(1).Length);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(2)]
    [InlineData(int.MaxValue)]
    public void Logits_RowOutOfRange_Throws(int row)
    {
        using var context = Toy.Context();
        Assert.Throws<ArgumentOutOfRangeException>(() => context.Logits(0)); // nothing decoded yet
        Assert.Equal(2, Toy.Feed(context, "The cat").Count);
        Assert.Throws<ArgumentOutOfRangeException>(() => context.Logits(row));
        Assert.Throws<ArgumentOutOfRangeException>(() => context.RowEmbedding(row));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(2)]
    [InlineData(300)] // ended the process
    public void Memory_SequenceOutOfRange_Throws(int sequence)
    {
        using var context = Toy.Context(Toy.Small with { Sequences = 2, Unified = true });
        Assert.Throws<ArgumentOutOfRangeException>(() => context.Remove(sequence, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => context.Keep(sequence));
        Assert.Throws<ArgumentOutOfRangeException>(() => context.Shift(sequence, 0, 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => context.CopyAll(sequence, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => context.CopyAll(0, sequence));
        Assert.Throws<ArgumentOutOfRangeException>(() => context.Share(0, sequence, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => context.FirstPosition(sequence));
        Assert.Throws<ArgumentOutOfRangeException>(() => context.LastPosition(sequence));
        Assert.Throws<ArgumentOutOfRangeException>(() => context.StateLength(sequence));
        Assert.Throws<ArgumentOutOfRangeException>(() => context.Embedding(sequence));
    }

    [Fact]
    public void Remove_KeepsWhatIsBefore()
    {
        using var context = Toy.Context(Toy.Small with { Sequences = 2, Unified = true });
        Toy.Feed(context, "Once upon a time");
        Toy.Feed(context, "The cat", sequence: 1);
        Assert.True(context.Remove(0, 2));
        Assert.Equal((0, 1), (context.FirstPosition(0), context.LastPosition(0)));
        Assert.Equal(1, context.LastPosition(1));
        context.Keep(1);
        Assert.Equal((-1, 1), (context.LastPosition(0), context.LastPosition(1)));
        context.Clear();
        Assert.Equal(-1, context.LastPosition(1));
    }

    [Theory]
    [InlineData(true, CacheType.F16)]
    [InlineData(false, CacheType.F16)]
    [InlineData(false, CacheType.BF16)]
    [InlineData(false, CacheType.Q8_0)]
    public void CopyAll_ContinuesAsTheSourceDoes(bool unified, CacheType type)
    {
        using var context = Toy.Context(Toy.Small with { Sequences = 2, Unified = unified, CacheType = type });
        var (_, count) = Toy.Feed(context, "Once upon a time");
        context.CopyAll(0, 1);
        Assert.Equal(count - 1, context.LastPosition(1));
        Assert.Equal(After(context, 0, count), After(context, 1, count));
    }

    [Fact]
    public void Share_InAUnifiedCache_SharesAPart()
    {
        using var context = Toy.Context(Toy.Small with { Sequences = 2, Unified = true });
        Toy.Feed(context, "Once upon a time");
        context.Share(0, 1, 2);
        Assert.Equal(1, context.LastPosition(1));
    }

    [Fact]
    public void Share_InASplitCache_Throws()
    {
        using var context = Toy.Context(Toy.Small with { Sequences = 2 });
        Toy.Feed(context, "Once upon a time");
        Assert.Throws<InvalidOperationException>(() => context.Share(0, 1, 2));
    }

    [Theory]
    [InlineData(CacheType.BF16)]
    [InlineData(CacheType.Q8_0)]
    [InlineData(CacheType.Q4_0)]
    public void Shift_InACacheThatCannot_IsNotSupported(CacheType type)
    {
        using var context = Toy.Context(Toy.Small with { CacheType = type });
        Assert.False(context.CanShift);
        Toy.Feed(context, "The cat");
        Toy.Throws(LlamaFault.Unsupported, () => context.Shift(0, 1, 2, 1));
    }

    [Theory]
    [InlineData(CacheType.F16)]
    [InlineData(CacheType.F32)]
    public void Shift_MovesPositionsAndGoesOn(CacheType type)
    {
        using var context = Toy.Context(Toy.Small with { CacheType = type });
        var (_, count) = Toy.Feed(context, "Once upon a time there was");
        Assert.True(context.Remove(0, 1, 3));
        context.Shift(0, 3, count, -2);
        Assert.Equal(count - 3, context.LastPosition(0));
        Assert.All(After(context, 0, count - 2), score => Assert.True(float.IsFinite(score)));
    }

    [Theory]
    [InlineData(CacheType.F16, false)]
    [InlineData(CacheType.F16, null)]
    [InlineData(CacheType.Q8_0, null)]
    public void RestoreState_ContinuesWhereItWasSaved(CacheType type, bool? flash)
    {
        using var context = Toy.Context(Toy.Small with { Sequences = 2, CacheType = type, FlashAttention = flash });
        var (_, count) = Toy.Feed(context, "Once upon a time");
        var state = new byte[context.StateLength(0)];
        Assert.Equal(state.Length, context.SaveState(0, state));
        var expected = After(context, 0, count);

        Assert.True(context.RestoreState(1, state));
        Assert.Equal(count - 1, context.LastPosition(1));
        Assert.Equal(expected, After(context, 1, count));
    }

    [Fact]
    public void RestoreState_OfSomethingElse_SaysNo()
    {
        using var context = Toy.Context();
        Toy.Feed(context, "Once upon a time");
        var state = new byte[context.StateLength(0)];
        context.SaveState(0, state);
        Assert.False(context.RestoreState(0, state.AsSpan(0, state.Length / 2)));
        Assert.False(context.RestoreState(0, []));
        Random.Shared.NextBytes(state);
        Assert.False(context.RestoreState(0, state));
        Assert.Equal(0, context.SaveState(0, new byte[3]));
    }

    // The scores after one more token.
    private static float[] After(LlamaContext context, int sequence, int position)
    {
        using var batch = new Batch(1);
        batch.Add(5, position, sequence, logits: true);
        Assert.Equal(DecodeOutcome.Done, context.Decode(batch));
        return context.Logits(0).ToArray();
    }
}
