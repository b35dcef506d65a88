using Inference.Errors;
using Inference.Llama;
using Inference.Runtime;
using Inference.Runtime.Scheduling;

namespace Inference.UnitTests.Runtime.Scheduling;

/// <summary>Queue, cancellation, slow readers, the end.</summary>
public sealed class EngineWaitingTests(Toy toy) : IClassFixture<Toy>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Submit_QueueFull_IsBusyAndTheOthersFinish()
    {
        using var gate = new Gate();
        using var engine = Held(gate, slots: 1, queue: 2);
        var admitted = Enumerable.Range(0, 3).Select(_ => engine.Submit(toy.Endless("One", 4), Ct)).ToArray();
        await gate.ReachedAsync();

        var failure = Assert.Throws<InferenceException>(() => engine.Submit(toy.Endless("One", 4), Ct));
        Assert.Same(Catalogue.ServerBusy, failure.Error.Kind);
        Assert.Equal(("2", "2"), (failure.Error.Facts["queue_length"], failure.Error.Facts["queue_capacity"]));
        Assert.Equal((1, 2), (engine.Load.Active, engine.Load.Queued));

        gate.Open();
        foreach (var output in admitted)
        {
            await output.AllAsync();
        }

        await engine.Submit(toy.Endless("One", 4), Ct).AllAsync();
        Assert.Equal((0, 0), (engine.Load.Active, engine.Load.Queued));
    }

    [Fact]
    public async Task EstimateWait_FollowsHowLongSlotsWereHeld_AndWhoStandsBefore()
    {
        var time = new FakeTime();
        using var gate = new Gate();
        using var engine = Held(gate, slots: 1, time: time);
        Assert.Equal(TimeSpan.Zero, engine.EstimateWait(QueuePriority.Normal)); // a free slot is free, whatever is known
        var first = engine.Submit(toy.Endless("One", 1), Ct);
        await gate.ReachedAsync();
        Assert.Null(engine.EstimateWait(QueuePriority.High)); // none has ended yet

        time.Advance(TimeSpan.FromSeconds(4));
        gate.LetOnePass();
        await first.AllAsync();
        var second = engine.Submit(toy.Endless("Two", 1), Ct);
        await gate.ReachedAsync();
        var low = engine.Submit(toy.Endless("Three", 1) with { Priority = QueuePriority.Low }, Ct);
        var normal = engine.Submit(toy.Endless("Four", 1), Ct);
        Assert.Equal([12, 8, 4], new[] { QueuePriority.Low, QueuePriority.Normal, QueuePriority.High }.Select(p => engine.EstimateWait(p)!.Value.TotalSeconds));

        gate.LetOnePass(); // that one held its slot for no time at all
        await gate.ReachedAsync();
        Assert.Equal((3.5, null), (low.EstimatedWait?.TotalSeconds, normal.EstimatedWait));
        gate.Open();
        await Task.WhenAll(low.AllAsync(), normal.AllAsync(), second.AllAsync());
    }

    [Fact]
    public async Task Submit_Priorities_AreServedInTheirOrderAndFairlyWithin()
    {
        using var gate = new Gate();
        using var engine = Held(gate, slots: 1);
        var running = engine.Submit(toy.Endless("One", 1), Ct);
        await gate.ReachedAsync();
        QueuePriority[] priorities = [QueuePriority.Low, QueuePriority.Normal, QueuePriority.High, QueuePriority.Normal, QueuePriority.High, QueuePriority.Low];
        var waiting = priorities.Select(p => engine.Submit(toy.Endless("Two", 1) with { Priority = p }, Ct)).ToArray();
        gate.LetOnePass();
        await gate.ReachedAsync(); // the first of them is at its step

        int[] order = [4, 1, 3, 0, 5];
        Assert.Equal([0, 1, 2, 3, 4], order.Select(i => waiting[i].QueuePosition));
        Assert.Equal(GenerationPhase.Prompt, waiting[2].Phase);
        foreach (var next in new[] { 2, 4, 1, 3, 0 })
        {
            gate.LetOnePass();
            await waiting[next].AllAsync();
            await gate.ReachedAsync();
            Assert.Equal(waiting.Count(static w => w.Result is null) - 1, engine.Load.Queued);
        }

        gate.Open();
        await waiting[5].AllAsync();
        await running.AllAsync();
    }

    [Fact]
    public async Task Submit_ContinuedAnswer_IsNeverBusyAndServedFirst()
    {
        using var gate = new Gate();
        using var engine = Held(gate, slots: 1, queue: 1);
        var running = engine.Submit(toy.Endless("One", 1), Ct);
        await gate.ReachedAsync();
        var urgent = engine.Submit(toy.Endless("Two", 1) with { Priority = QueuePriority.High }, Ct);
        var continued = engine.Submit(toy.Endless("Three", 1) with { Continues = true, Priority = QueuePriority.Low }, Ct);
        gate.LetOnePass();
        await gate.ReachedAsync();

        Assert.Equal((GenerationPhase.Prompt, GenerationPhase.Queue), (continued.Phase, urgent.Phase));
        gate.Open();
        foreach (var output in new[] { running, urgent, continued })
        {
            await output.AllAsync();
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Cancel_InQueue_LeavesAtTheNextStep(bool beforeSubmit)
    {
        using var gate = new Gate();
        using var engine = Held(gate, slots: 1);
        var running = engine.Submit(toy.Endless("One", 4), Ct);
        await gate.ReachedAsync();
        using var cancel = new CancellationTokenSource();
        if (beforeSubmit)
        {
            await cancel.CancelAsync();
        }

        var doomed = engine.Submit(toy.Endless("Two", 4), cancel.Token);
        await cancel.CancelAsync();
        gate.LetOnePass();
        await gate.ReachedAsync(); // one step later

        Assert.Equal("queue", await EndOfCancelledAsync(doomed));
        Assert.Equal((1, 0), (engine.Load.Active, engine.Load.Queued));
        Assert.Equal(0, doomed.Result!.GeneratedTokens);
        gate.Open();
        await running.AllAsync();
        Assert.Equal(4, running.Result!.GeneratedTokens);
    }

    [Fact]
    public async Task Cancel_InPrompt_LeavesWithinOneStepAndItsNeighbourGoesOn()
    {
        using var gate = new Gate();
        using var engine = Held(gate, slots: 2, batch: 64);
        using var cancel = new CancellationTokenSource();
        var neighbour = engine.Submit(toy.Endless("The bird", 20), Ct);
        await gate.ReachedAsync();
        var doomed = engine.Submit(toy.Endless(string.Concat(Enumerable.Repeat("The cat sat on the mat. ", 40)), 8), cancel.Token);
        gate.LetOnePass();
        await gate.ReachedAsync(); // the first stretch of the prompt
        gate.LetOnePass();
        await gate.ReachedAsync(); // the second
        Assert.Equal(GenerationPhase.Prompt, doomed.Phase);
        Assert.InRange(doomed.PromptTokensDone, 1, 63);
        Assert.Equal(2, engine.Load.Active);
        await cancel.CancelAsync();
        gate.LetOnePass();
        await gate.ReachedAsync();

        Assert.Equal("prompt", await EndOfCancelledAsync(doomed));
        Assert.Equal(1, engine.Load.Active);
        gate.Open();
        await neighbour.AllAsync();
        Assert.Equal(20, neighbour.Result!.GeneratedTokens);
    }

    [Fact]
    public async Task Cancel_InOutput_AbortsAStepThatNobodyWants()
    {
        WatchedDecoder? decoder = null;
        using var entered = new SemaphoreSlim(0);
        using var engine = toy.Start(wrap: d => decoder = new WatchedDecoder(d));
        decoder!.Before = step =>
        {
            if (step != 3)
            {
                return null;
            }

            entered.Release();
            decoder.Aborted.Wait(); // the step runs until it is told that it is not wanted
            return DecodeOutcome.Aborted;
        };
        using var cancel = new CancellationTokenSource();
        var doomed = engine.Submit(toy.Endless("The dog", 500), cancel.Token);
        await entered.WaitAsync(Ct);
        await cancel.CancelAsync();

        Assert.Equal("output", await EndOfCancelledAsync(doomed));
        Assert.Equal(1, decoder.Aborts);
        Assert.Equal(3, doomed.Result!.GeneratedTokens);
        Assert.Equal(new EngineLoad(0, 0, 0, engine.Load.CellsTotal), engine.Load);

        var again = engine.Submit(toy.Endless("The dog", 3), Ct);
        Assert.Equal(doomed.Result.Generated, await GeneratedAsync(again)); // what the aborted step had fed was taken back
    }

    [Fact]
    public async Task Cancel_BesideANeighbour_DoesNotAbortItsStep()
    {
        WatchedDecoder? decoder = null;
        using var gate = new Gate();
        using var engine = toy.Start(wrap: d => decoder = new WatchedDecoder(d) { Before = gate.Hold });
        using var cancel = new CancellationTokenSource();
        var neighbour = engine.Submit(toy.Endless("The bird", 12), Ct);
        await gate.ReachedAsync();
        var doomed = engine.Submit(toy.Endless("The dog", 500), cancel.Token);
        gate.LetOnePass();
        await gate.ReachedAsync(); // both are in this step
        await cancel.CancelAsync();
        gate.Open();

        Assert.NotNull(await EndOfCancelledAsync(doomed));
        await neighbour.AllAsync();
        Assert.Equal(0, decoder!.Aborts);
        Assert.Equal(12, neighbour.Result!.GeneratedTokens);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Pieces_ReaderStops_OthersGoOnAndItLosesNothing(int capacity)
    {
        using var engine = toy.Start(capacity: capacity);
        var expected = await engine.Submit(toy.Endless("The fox", 100), Ct).TextAsync();
        var lazy = engine.Submit(toy.Endless("The fox", 100), Ct);
        var eager = engine.Submit(toy.Endless("The owl", 60), Ct);
        await eager.AllAsync();

        Assert.Equal(60, eager.Result!.GeneratedTokens);
        Assert.Null(lazy.Result);
        Assert.InRange(lazy.Pieces.Count, 1, capacity);
        var pieces = await lazy.AllAsync();
        Assert.Equal(expected, string.Concat(pieces.Select(static p => p.Text)));
        Assert.Equal(lazy.Result!.GeneratedTokens, pieces.Sum(static p => p.Tokens));
    }

    [Fact]
    public async Task Pieces_HeldBackTextAtTheEnd_IsNotLostAtCapacityOne()
    {
        using var engine = toy.Start(capacity: 1);
        var text = await engine.Submit(toy.Endless("The fox", 30), Ct).TextAsync();
        // The last characters could always become this stop text.
        var output = engine.Submit(toy.Endless("The fox", 30) with { Stop = [text[^6..] + "\u0001"] }, Ct);

        Assert.Equal(text, await output.TextAsync());
        Assert.Equal(StopReason.MaxTokens, output.Result!.Reason);
    }

    [Fact]
    public async Task Submit_MoreThanAPoolHolds_WaitAndAllFinish()
    {
        using var engine = toy.Start(slots: 8, context: 256, unified: true, cells: 512);
        var outputs = Enumerable.Range(0, 20).Select(i => engine.Submit(toy.Endless($"Number {i}", 100), Ct)).ToArray();
        foreach (var output in outputs)
        {
            await output.AllAsync();
            Assert.NotEqual(StopReason.Failed, output.Result!.Reason);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Submit_ManyThatLeaveAnywhere_LeakNothing(bool unified)
    {
        using var engine = toy.Start(slots: 6, context: 256, batch: 64, unified: unified, capacity: 2);
        var expected = await engine.Submit(toy.Endless("The owl", 12), Ct).TextAsync();
        var random = new Random(5);
        await Task.WhenAll(Enumerable.Range(0, 120).Select(_ => LeaveAsync(random.Next(0, 30), string.Concat(Enumerable.Repeat("The cat sat. ", random.Next(1, 20))))));

        Assert.Equal(new EngineLoad(0, 0, 0, engine.Load.CellsTotal), engine.Load);
        for (var i = 0; i < 6; i++) // one after the other: a unified cache promises nothing beside neighbours
        {
            Assert.Equal(expected, await engine.Submit(toy.Endless("The owl", 12), Ct).TextAsync());
        }

        async Task LeaveAsync(int after, string prompt)
        {
            using var cancel = new CancellationTokenSource();
            var output = engine.Submit(toy.Endless(prompt, 20), cancel.Token);
            for (var i = 0; i < after && await output.Pieces.WaitToReadAsync(Ct); i++)
            {
                output.Pieces.TryRead(out _);
            }

            await cancel.CancelAsync();
            try
            {
                await output.AllAsync();
            }
            catch (OperationCanceledException)
            {
                // it left before its end
            }
        }
    }

    [Fact]
    public async Task Dispose_SequencesRunAndWait_EndsAllOfThem()
    {
        using var gate = new Gate();
        var engine = Held(gate, slots: 1);
        var running = engine.Submit(toy.Endless("One", 400), Ct);
        var waiting = engine.Submit(toy.Endless("Two", 4), Ct);
        await gate.ReachedAsync();
        var end = Task.Factory.StartNew(engine.Dispose, Ct, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        gate.Open();
        await end;

        foreach (var output in new[] { running, waiting })
        {
            var failure = await Assert.ThrowsAsync<InferenceException>(output.AllAsync);
            Assert.Same(Catalogue.ServerDraining, failure.Error.Kind);
            Assert.Equal(StopReason.Failed, output.Result!.Reason);
        }

        Assert.Same(Catalogue.ServerDraining, Assert.Throws<InferenceException>(() => engine.Submit(toy.Endless("Three", 4), Ct)).Error.Kind);
    }

    private static async Task<string?> EndOfCancelledAsync(GenerationOutput output)
    {
        var failure = await Assert.ThrowsAnyAsync<OperationCanceledException>(output.AllAsync);
        Assert.Equal(StopReason.Failed, output.Result!.Reason);
        return Catalogue.From(failure, "").Facts["phase"];
    }

    private static async Task<IReadOnlyList<int>> GeneratedAsync(GenerationOutput output)
    {
        await output.AllAsync();
        return output.Result!.Generated;
    }

    private Engine Held(Gate gate, int slots = 1, int batch = 512, int queue = 512, TimeProvider? time = null) =>
        toy.Start(slots: slots, batch: batch, queue: queue, wrap: d => new WatchedDecoder(d) { Before = gate.Hold }, time: time);
}
