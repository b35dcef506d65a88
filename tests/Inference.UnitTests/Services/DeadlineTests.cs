using Inference.Errors;
using Inference.Runtime;
using Inference.Services;
using Inference.TestKit;
using Inference.V1;
using Microsoft.Extensions.DependencyInjection;

namespace Inference.UnitTests.Services;

/// <summary>Deadlines, on a clock that stands still: which phase they end, and what is not even begun.</summary>
public sealed class DeadlineTests : IAsyncDisposable
{
    private readonly ManualTime _time = new();
    private readonly ScriptedEngine _engine = new();
    private readonly ScriptedInference _stage;
    private readonly CollectedOutput _collected = new();

    public DeadlineTests()
    {
        _stage = new ScriptedInference(_engine, services => services.AddSingleton<TimeProvider>(_time));
        _stage.Store.Add("m", new ScriptedModel());
        _stage.Store.Add("e", new ScriptedModel { Metadata = new Dictionary<string, object> { ["llama.pooling_type"] = 1u } });
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync()
    {
        Assert.Equal(0, _engine.Active);
        return _stage.DisposeAsync();
    }

    [Theory]
    [InlineData(GenerationPhase.Queue, "queue")]
    [InlineData(GenerationPhase.Prompt, "prompt")]
    public async Task Generate_DeadlineBeforeTheFirstToken_TellsThePhase(GenerationPhase where, string phase)
    {
        _engine.Then(new Script { Gate = new(), WaitsIn = where, Result = r => where is GenerationPhase.Queue ? r with { PromptTime = TimeSpan.Zero } : r });
        var submitted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _engine.Admit = _ => submitted.SetResult();
        var running = GenerateAsync(seconds: 10);
        await submitted.Task;
        _time.Advance(TimeSpan.FromMilliseconds(9790));
        Assert.False(running.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(10)); // so long before, a status that says more can still leave

        Assert.Equal((Catalogue.DeadlineExceeded, phase), await EndAsync(running));
        Assert.Empty(_collected.Messages);
    }

    [Fact]
    public async Task Generate_DeadlineWhileLoading_TellsThePhase()
    {
        using var gate = new ManualResetEventSlim();
        var loading = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _engine.OnLoad = _ =>
        {
            loading.TrySetResult();
            gate.Wait(Ct);
        };
        var running = GenerateAsync(seconds: 10);
        await loading.Task;
        _time.Advance(TimeSpan.FromSeconds(9.8));

        Assert.Equal((Catalogue.DeadlineExceeded, "load"), await EndAsync(running));
        gate.Set();
    }

    [Fact]
    public async Task Embed_Deadline_TellsThePhase()
    {
        var computing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _engine.Embed = async _ =>
        {
            computing.TrySetResult();
            await new TaskCompletionSource<float[][]>().Task;
            return [];
        };
        var running = _stage.Embeddings.EmbedAsync(new() { Model = "e", Inputs = { "a" } }, Within(10), _collected, Ct);
        await computing.Task;
        _time.Advance(TimeSpan.FromSeconds(9.8));

        Assert.Equal((Catalogue.DeadlineExceeded, "prompt"), await EndAsync(running));
    }

    [Theory]
    [InlineData(9.7, 10, true)]
    [InlineData(9.9, 10, false)]
    [InlineData(9.9, null, true)]
    public async Task Generate_TheQueueWouldOutlastTheDeadline_IsRefusedBeforeItBegins(double wait, int? seconds, bool begins)
    {
        _engine.Then("ok");
        _engine.Wait = TimeSpan.FromSeconds(wait);
        var running = GenerateAsync(seconds);
        if (begins)
        {
            await running;
            return;
        }

        Assert.Equal((Catalogue.DeadlineTooShort, "queue"), await EndAsync(running));
        Assert.Empty(_engine.Submitted);
    }

    [Fact]
    public async Task Embed_TheQueueWouldOutlastTheDeadline_IsRefusedBeforeItBegins()
    {
        _engine.Wait = TimeSpan.FromSeconds(11);

        Assert.Equal((Catalogue.DeadlineTooShort, "queue"), await EndAsync(_stage.Embeddings.EmbedAsync(new() { Model = "e", Inputs = { "a" } }, Within(10), _collected, Ct)));
        Assert.Empty(_engine.Embedded);
    }

    [Fact]
    public async Task Load_EarlierOnesTookLonger_IsRefusedBeforeItBegins()
    {
        var loads = 0;
        _engine.OnLoad = _ =>
        {
            loads++;
            _time.Advance(TimeSpan.FromSeconds(30));
        };
        await _stage.Models.LoadAsync(new() { Model = "m" }, Within(null), Ct);
        await GenerateAsync(seconds: 10); // it is loaded: there is nothing to wait for
        await _stage.Models.UnloadAsync(new() { Model = "m", Wait = true }, Within(null), Ct);

        var error = (await Assert.ThrowsAsync<InferenceException>(() => _stage.Models.LoadAsync(new() { Model = "m" }, Within(30), Ct))).Error;
        Assert.Equal((Catalogue.DeadlineTooShort, "30000", "load"), (error.Kind, error.Facts["estimated_wait_ms"], error.Facts["phase"]));
        Assert.Equal((Catalogue.DeadlineTooShort, "load"), await EndAsync(GenerateAsync(seconds: 10)));
        Assert.Equal(1, loads);
        await _stage.Models.LoadAsync(new() { Model = "m" }, Within(31), Ct);
    }

    [Fact]
    public async Task Generate_Progress_TellsTheEstimate()
    {
        var script = Script.Of("x") with { Gate = new(), WaitsIn = GenerationPhase.Queue, QueuePosition = 3, EstimatedWait = TimeSpan.FromSeconds(7) };
        _engine.Then(script);
        _collected.OnMessage = m =>
        {
            script.Gate!.TrySetResult();
            return Task.CompletedTask;
        };
        await _stage.Generation.GenerateAsync(new() { Model = "m", Prompt = "x", StreamOptions = new() { Progress = true } }, Within(null), _collected, Ct);

        var queue = _collected.Messages.Select(static m => m.Progress?.Queue).OfType<QueueProgress>().First();
        Assert.Equal((3, 7), (queue.Position, queue.EstimatedWait.Seconds));
    }

    private CallInfo Within(int? seconds) => new("r", _time.GetUtcNow(), seconds is { } s ? _time.GetUtcNow().AddSeconds(s) : null);

    private Task GenerateAsync(int? seconds) => _stage.Generation.GenerateAsync(new() { Model = "m", Prompt = "x" }, Within(seconds), _collected, Ct);

    private static async Task<(ErrorKind, string)> EndAsync(Task call)
    {
        var error = (await Assert.ThrowsAsync<InferenceException>(() => call)).Error;
        return (error.Kind, error.Facts["phase"]);
    }
}
