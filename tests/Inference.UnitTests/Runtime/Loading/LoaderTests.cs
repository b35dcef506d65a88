using Inference.Errors;
using Inference.Runtime;
using Inference.Runtime.Loading;
using Microsoft.Extensions.Logging.Abstractions;

namespace Inference.UnitTests.Runtime.Loading;

public sealed class LoaderTests
{
    private readonly Factory _factory = new();
    private readonly FakeTime _time = new();
    private readonly RuntimeOptions _options = new();
    private readonly SemaphoreSlim _looked = new(0); // for each look at the memory, which the loader takes before it chooses whom to evict
    private long _memory = 1L << 40;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AcquireAsync_ManyAtOnce_LoadOnceAndShare()
    {
        _factory.IsPrompt = false;
        await using var loader = Loader();
        var calls = Enumerable.Range(0, 20).Select(_ => Acquire(loader, "a")).ToArray();
        var order = await _factory.NextAsync();
        Assert.Equal([RunningState.Loading], loader.Running.Select(static r => r.State));
        order.Progress(0.5f);
        Assert.Equal(0.5f, loader.Running[0].LoadFraction);
        order.Answer.SetResult();
        var leases = await Task.WhenAll(calls);

        Assert.Equal(1, _factory.Loads);
        Assert.Single(leases.Select(static l => l.Engine).Distinct());
        Assert.Equal((RunningState.Busy, 20), (loader.Running[0].State, loader.Running[0].Leases));
        Assert.All(leases, static l => Assert.True(l.Waited > TimeSpan.Zero));
        Array.ForEach(leases, static l => l.Dispose());
        leases[0].Dispose(); // twice is once
        Assert.Equal((RunningState.Idle, 0), (loader.Running[0].State, loader.Running[0].Leases));
    }

    [Fact]
    public async Task AcquireAsync_TwoModels_LoadOneAfterTheOther()
    {
        await using var loader = Loader();
        await Task.WhenAll(Enumerable.Range(0, 3).Select(i => Acquire(loader, $"{i}")));

        Assert.Equal((3, 1), (_factory.Loads, _factory.MostAtOnce));
    }

    [Fact]
    public async Task AcquireAsync_LoadedModel_IsNotKeptWaitingByAnothersLoad()
    {
        await using var loader = Loader();
        using var first = await Acquire(loader, "a");
        _factory.IsPrompt = false;
        var other = Acquire(loader, "b");
        var order = await _factory.NextAsync();
        using var second = await Acquire(loader, "a");

        Assert.Same(first.Engine, second.Engine);
        order.Answer.SetResult();
        (await other).Dispose();
    }

    [Fact]
    public async Task AcquireAsync_OneOfTwoLeaves_TheLoadGoesOn()
    {
        _factory.IsPrompt = false;
        await using var loader = Loader();
        using var cancel = new CancellationTokenSource();
        var leaving = Acquire(loader, "a", ct: cancel.Token);
        var staying = Acquire(loader, "a");
        var order = await _factory.NextAsync();
        await cancel.CancelAsync();

        var failure = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving);
        Assert.Equal("load", Catalogue.From(failure, "").Facts["phase"]);
        Assert.False(order.Cancellation.IsCancellationRequested);
        order.Answer.SetResult();
        using var lease = await staying;
        Assert.Equal(1, loader.Running[0].Leases);
    }

    [Fact]
    public async Task AcquireAsync_NobodyWaitsAnyMore_TheLoadIsCancelled()
    {
        _factory.IsPrompt = false;
        await using var loader = Loader();
        using var cancel = new CancellationTokenSource();
        var leaving = Acquire(loader, "a", ct: cancel.Token);
        var order = await _factory.NextAsync();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving);
        Assert.True(order.Cancellation.IsCancellationRequested);

        var again = Acquire(loader, "a");
        (await _factory.NextAsync()).Answer.SetResult();
        (await again).Dispose();
        Assert.Single(_factory.Engines);
    }

    [Fact]
    public async Task EstimateWait_FollowsEarlierLoads()
    {
        _factory.IsPrompt = false;
        await using var loader = Loader();
        Assert.Null(loader.EstimateWait(Spec("a"), reload: false));
        var first = Acquire(loader, "a");
        var order = await _factory.NextAsync();
        Assert.Null(loader.EstimateWait(Spec("a"), reload: false));
        _time.Advance(TimeSpan.FromSeconds(30));
        order.Answer.SetResult();
        (await first).Dispose();
        Assert.Equal(TimeSpan.Zero, loader.EstimateWait(Spec("a"), reload: false));

        await loader.UnloadAsync("/a", wait: true, Ct);
        Assert.Equal(30, loader.EstimateWait(Spec("a"), reload: false)?.TotalSeconds);
        var again = Acquire(loader, "a");
        order = await _factory.NextAsync();
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(20, loader.EstimateWait(Spec("a"), reload: false)?.TotalSeconds);
        Assert.Null(loader.EstimateWait(Spec("b"), reload: false));
        order.Answer.SetResult();
        (await again).Dispose();
    }

    [Fact]
    public async Task AcquireAsync_TooManyWait_IsBusy()
    {
        _factory.IsPrompt = false;
        _options.MaxQueue = 2;
        await using var loader = Loader();
        var waiting = new[] { Acquire(loader, "a"), Acquire(loader, "b") };
        var failure = await Assert.ThrowsAsync<InferenceException>(() => Acquire(loader, "a"));

        Assert.Same(Catalogue.ServerBusy, failure.Error.Kind);
        Assert.Equal(("2", "2"), (failure.Error.Facts["queue_length"], failure.Error.Facts["queue_capacity"]));
        (await _factory.NextAsync()).Answer.SetResult();
        (await _factory.NextAsync()).Answer.SetResult();
        Assert.Equal(2, (await Task.WhenAll(waiting)).Length);
    }

    [Fact]
    public async Task AcquireAsync_LoadFails_TellsAllWhoWaitAndTheNextLoadIsTriedAfresh()
    {
        _factory.IsPrompt = false;
        await using var loader = Loader();
        var calls = new[] { Acquire(loader, "a"), Acquire(loader, "a") };
        (await _factory.NextAsync()).Answer.SetException(new InvalidOperationException("secret path"));
        foreach (var call in calls)
        {
            var failure = await Assert.ThrowsAsync<InferenceException>(() => call);
            Assert.Same(Catalogue.LoadFailed, failure.Error.Kind);
            Assert.DoesNotContain("secret", failure.Message, StringComparison.Ordinal);
        }

        Assert.Empty(loader.Running);
        var again = Acquire(loader, "a");
        (await _factory.NextAsync()).Answer.SetResult();
        (await again).Dispose();
    }

    [Fact]
    public async Task AcquireAsync_NoProgress_IsStalledAndALateEngineIsFreed()
    {
        _factory.IsPrompt = false;
        await using var loader = Loader();
        var call = Acquire(loader, "a");
        var order = await _factory.NextAsync();
        _time.Advance(TimeSpan.FromMinutes(4));
        order.Progress(0.5f);
        _time.Advance(TimeSpan.FromMinutes(4));
        Assert.False(call.IsCompleted);
        order.Progress(0.5f); // the same again is no progress
        _time.Advance(TimeSpan.FromMinutes(1));

        var failure = await Assert.ThrowsAsync<InferenceException>(() => call);
        Assert.Same(Catalogue.LoadStalled, failure.Error.Kind);
        Assert.Equal("300000", failure.Error.Facts["waited_ms"]);
        Assert.True(order.Cancellation.IsCancellationRequested);

        var other = Acquire(loader, "b"); // and nobody else stands behind it
        (await _factory.NextAsync()).Answer.SetResult();
        (await other).Dispose();
    }

    [Fact]
    public async Task KeepAlive_Passes_AfterTheLastLease()
    {
        await using var loader = Loader();
        var first = await Acquire(loader, "a");
        var second = await Acquire(loader, "a");
        first.Dispose();
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(RunningState.Busy, loader.Running[0].State);
        Assert.Equal(_time.GetUtcNow() + TimeSpan.FromMinutes(5), loader.Running[0].ExpireTime);
        second.Dispose();
        _time.Advance(TimeSpan.FromMinutes(4.9));
        Assert.Equal(RunningState.Idle, loader.Running[0].State);
        (await Acquire(loader, "a")).Dispose(); // starts the clock again
        _time.Advance(TimeSpan.FromMinutes(4.9));
        Assert.False(_factory.Engines[0].IsDisposed);
        _time.Advance(TimeSpan.FromMinutes(0.1));

        await loader.UnloadAsync("/a", wait: true, Ct); // it is on its way out, or gone
        Assert.True(_factory.Engines[0].IsDisposed);
        Assert.Empty(loader.Running);
    }

    [Fact]
    public async Task KeepAlive_Zero_UnloadsWhenIdle()
    {
        await using var loader = Loader();
        var lease = await Acquire(loader, "a", keepAlive: TimeSpan.Zero);
        Assert.False(_factory.Engines[0].IsDisposed);
        lease.Dispose();
        await loader.UnloadAsync("/a", wait: true, Ct);

        Assert.True(_factory.Engines[0].IsDisposed);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(long.MaxValue)]
    public async Task KeepAlive_NegativeOrImmense_IsForEver(long ticks)
    {
        await using var loader = Loader();
        (await Acquire(loader, "a", keepAlive: TimeSpan.FromTicks(ticks))).Dispose();
        _time.Advance(TimeSpan.FromDays(10_000));

        Assert.Equal(RunningState.Idle, loader.Running[0].State);
        Assert.Null(loader.Running[0].ExpireTime);
    }

    [Fact]
    public async Task KeepAlive_LongerThanATimerCanBe_IsKept()
    {
        await using var loader = Loader();
        (await Acquire(loader, "a", keepAlive: TimeSpan.FromDays(100))).Dispose();
        _time.Advance(TimeSpan.FromDays(60));
        Assert.Equal(RunningState.Idle, loader.Running[0].State);
        _time.Advance(TimeSpan.FromDays(40));
        await loader.UnloadAsync("/a", wait: true, Ct);

        Assert.Empty(loader.Running);
    }

    [Fact]
    public async Task KeepAlive_NotGiven_KeepsWhatItHas()
    {
        await using var loader = Loader();
        (await Acquire(loader, "a", keepAlive: TimeSpan.FromHours(2))).Dispose();
        (await Acquire(loader, "a")).Dispose();

        Assert.Equal(_time.GetUtcNow() + TimeSpan.FromHours(2), loader.Running[0].ExpireTime);
    }

    [Fact]
    public async Task AcquireAsync_OtherSettings_ReloadsWhenTheLeasesHaveEnded()
    {
        await using var loader = Loader();
        var old = await Acquire(loader, "a", context: 512);
        var changed = Acquire(loader, "a", context: 1024);
        var also = Acquire(loader, "a", context: 1024);
        Assert.Equal(RunningState.Unloading, loader.Running.Single(static r => r.Facts is not null).State);
        Assert.False(changed.IsCompleted);
        Assert.False(_factory.Engines[0].IsDisposed);
        old.Dispose();
        using var lease = await changed;
        using var another = await also;

        Assert.True(_factory.Engines[0].IsDisposed);
        Assert.Equal(1024, lease.Effective.ContextLength);
        Assert.Equal(2, _factory.Loads);
    }

    [Fact]
    public async Task AcquireAsync_OtherSettingsWithoutReload_TakesItAsItIs()
    {
        await using var loader = Loader();
        using var old = await Acquire(loader, "a", context: 512);
        using var same = await Acquire(loader, "a", context: 1024, reload: false);

        Assert.Equal(512, same.Effective.ContextLength);
        Assert.Equal(512, loader.ContextLengthOf(Spec("a"), reload: false));
        Assert.Equal(4096, loader.ContextLengthOf(Spec("a"), reload: true));
    }

    [Theory]
    [InlineData(0, 4096)]
    [InlineData(4096, 0)]
    public async Task AcquireAsync_SameSettingsOtherwiseSpelled_IsNotReloaded(int first, int second)
    {
        await using var loader = Loader();
        using var one = await Acquire(loader, "a", context: first);
        _memory = 1L << 33; // the server would choose fewer sequences now
        using var two = await Acquire(loader, "a", context: second);

        Assert.Equal(1, _factory.Loads);
    }

    [Fact]
    public async Task AcquireAsync_MoreThanMayBeLoaded_EvictsTheIdleWithTheShortestKeepAlive()
    {
        _options.MaxLoadedModels = 3;
        await using var loader = Loader();
        using var busy = await Acquire(loader, "busy", keepAlive: TimeSpan.FromSeconds(1));
        (await Acquire(loader, "long", keepAlive: TimeSpan.FromHours(1))).Dispose();
        (await Acquire(loader, "short", keepAlive: TimeSpan.FromMinutes(1))).Dispose();
        (await Acquire(loader, "new", keepAlive: TimeSpan.FromMinutes(2))).Dispose();

        Assert.Equal(["long", "new", "busy"], loader.Running.Select(static r => r.Spec.Model));
    }

    [Fact]
    public async Task AcquireAsync_AllBusy_WaitsForTheShortest()
    {
        _options.MaxLoadedModels = 1;
        await using var loader = Loader();
        var busy = await Acquire(loader, "a");
        await _looked.WaitAsync(Ct);
        var waiting = Acquire(loader, "b");
        await _looked.WaitAsync(Ct);
        var behind = Acquire(loader, "a"); // or it would never be b's turn
        Assert.False(waiting.IsCompleted);
        busy.Dispose();
        var lease = await waiting;
        Assert.True(_factory.Engines[0].IsDisposed);
        Assert.False(behind.IsCompleted);
        lease.Dispose();
        (await behind).Dispose();

        Assert.Equal(3, _factory.Loads);
    }

    [Fact]
    public async Task AcquireAsync_WaitingForABusyModelEnds_TheModelStays()
    {
        _options.MaxLoadedModels = 1;
        await using var loader = Loader();
        using var busy = await Acquire(loader, "a");
        using var cancel = new CancellationTokenSource();
        await _looked.WaitAsync(Ct);
        var waiting = Acquire(loader, "b", ct: cancel.Token);
        await _looked.WaitAsync(Ct);
        var behind = Acquire(loader, "a");
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        using var lease = await behind;

        Assert.Same(busy.Engine, lease.Engine);
        Assert.Equal(1, _factory.Loads);
    }

    [Fact]
    public async Task AcquireAsync_DoesNotFit_EvictsIdleModelsAndThenSaysWhatIsMissing()
    {
        await using var loader = Loader();
        (await Acquire(loader, "a")).Dispose();
        _memory = 100 << 20;
        var failure = await Assert.ThrowsAsync<InferenceException>(() => Acquire(loader, "b", context: 100_000));

        Assert.Same(Catalogue.InsufficientMemory, failure.Error.Kind);
        Assert.Equal($"{100 << 20}", failure.Error.Facts["available_bytes"]);
        Assert.True(_factory.Engines[0].IsDisposed);
        (await Acquire(loader, "b", context: 256)).Dispose();
    }

    [Fact]
    public async Task AcquireAsync_MoreContextThanTrained_IsCutAndSaid()
    {
        await using var loader = Loader();
        using var lease = await Acquire(loader, "a", context: int.MaxValue);

        Assert.Equal(131_072, lease.Effective.ContextLength);
        Assert.Equal(131_072, _factory.Engines[0].Complete.Settings.ContextLength);
    }

    [Fact]
    public async Task UnloadAsync_Busy_WaitsForItsLeases()
    {
        await using var loader = Loader();
        var lease = await Acquire(loader, "a");
        var unload = loader.UnloadAsync("/a", wait: true, Ct);
        var next = Acquire(loader, "a");
        Assert.Equal(RunningState.Unloading, loader.Running.Single(static r => r.Facts is not null).State);
        Assert.False(unload.IsCompleted);
        Assert.True(await loader.UnloadAsync("/a", wait: false, Ct));
        Assert.False(await loader.UnloadAsync("/b", wait: true, Ct));
        lease.Dispose();

        Assert.True(await unload);
        Assert.True(_factory.Engines[0].IsDisposed);
        Assert.NotSame(lease.Engine, (await next).Engine);
    }

    [Fact]
    public async Task UnloadAsync_Loading_ServesThoseWhoWaitAndThenLetsItGo()
    {
        _factory.IsPrompt = false;
        await using var loader = Loader();
        var call = Acquire(loader, "a");
        var order = await _factory.NextAsync();
        var unload = loader.UnloadAsync("/a", wait: true, Ct);
        order.Answer.SetResult();
        var lease = await call;
        Assert.False(unload.IsCompleted);
        Assert.False(_factory.Engines[0].IsDisposed);
        lease.Dispose();

        Assert.True(await unload);
        Assert.True(_factory.Engines[0].IsDisposed);
    }

    [Fact]
    public async Task DisposeAsync_LoadsAndLeases_EndsAllOfThem()
    {
        var loader = Loader();
        var lease = await Acquire(loader, "a");
        _factory.IsPrompt = false;
        var loading = Acquire(loader, "b");
        var queued = Acquire(loader, "c");
        await _factory.NextAsync();
        await loader.DisposeAsync();

        foreach (var call in new[] { loading, queued, Acquire(loader, "a") })
        {
            Assert.Same(Catalogue.ServerDraining, (await Assert.ThrowsAsync<InferenceException>(() => call)).Error.Kind);
        }

        Assert.True(_factory.Engines.Single().IsDisposed);
        lease.Dispose();
    }

    [Fact]
    public async Task Progress_ThatThrows_HarmsNobody()
    {
        _factory.IsPrompt = false;
        await using var loader = Loader();
        List<float> seen = [];
        var one = loader.AcquireAsync(Spec("a"), reload: true, keepAlive: null, new Progress(static _ => throw new InvalidOperationException()), Ct);
        var other = loader.AcquireAsync(Spec("a"), reload: true, keepAlive: null, new Progress(seen.Add), Ct);
        var order = await _factory.NextAsync();
        order.Progress(0.25f);
        order.Progress(1);
        order.Answer.SetResult();
        (await one).Dispose();
        (await other).Dispose();

        Assert.Equal([0.25f, 1], seen);
    }

    private Loader Loader() => new(_options, _factory.Create, _time, NullLogger<Loader>.Instance) 
    {
        AvailableMemory = () =>
        {
            _looked.Release();
            return _memory;
        },
    };

    private static LoadSpec Spec(string name, int context = 0) => new()
    {
        Model = name,
        Path = $"/{name}",
        Facts = new ModelFacts("llama", TrainedContext: 131_072, CacheBytesPerToken: 16 << 10, WeightBytes: 10 << 20, Embeds: false, Sees: false),
        Settings = new LoadSettings { ContextLength = context },
    };

    private static Task<Lease> Acquire(Loader loader, string name, int context = 0, bool reload = true, TimeSpan? keepAlive = null, CancellationToken? ct = null) =>
        loader.AcquireAsync(Spec(name, context), reload, keepAlive, progress: null, ct ?? Ct);

    private sealed class Progress(Action<float> see) : IProgress<float>
    {
        public void Report(float value) => see(value);
    }
}
