using Inference.Errors;
using Inference.Runtime;
using Inference.Services;
using Inference.TestKit;
using Inference.V1;

namespace Inference.UnitTests.Services;

/// <summary>Failures, cancellations, deadlines, a full queue and the way there.</summary>
public sealed class GenerationEndTests : GenerationScene
{
    [Fact]
    public async Task Generate_FailsMidway_ClosesWithTheUsageFirst()
    {
        await using var inference = Scripted(Script.Of("a", "b") with { Failure = Catalogue.EngineFailed.For("m", "output") });

        var error = await FailsAsync(() => inference.Generation.GenerateAsync(new() { Model = "m", Prompt = "x", ReturnContext = true }, Call, Collected, default));

        Assert.Equal(Catalogue.EngineFailed, error.Kind);
        Assert.Equal("Start Text Text Finish", Collected.Shape);
        Assert.Equal((FinishReason.Error, 2), (Collected.Finish!.Reason, Collected.Finish.Usage.CompletionTokens));
    }

    [Fact]
    public async Task Generate_FailsBeforeTheFirstToken_SendsNothing()
    {
        await using var inference = Scripted(new Script { Failure = Catalogue.EngineFailed.For("m", "prompt") });

        Assert.Equal(Catalogue.EngineFailed, (await FailsAsync(() => inference.Generation.GenerateAsync(new() { Model = "m", Prompt = "x" }, Call, Collected, default))).Kind);
        Assert.Empty(Collected.Messages);
    }

    [Fact]
    public async Task Generate_DoorBreaks_FreesTheSlot()
    {
        await using var inference = Scripted(Script.Of("a") with { Hangs = true });
        Collected.OnMessage = static m => m.EventCase is GenerateResponse.EventOneofCase.Text ? throw new IOException("gone") : Task.CompletedTask;

        await Assert.ThrowsAsync<IOException>(() => inference.Generation.GenerateAsync(new() { Model = "m", Prompt = "x" }, Call, Collected, default));

        Assert.Equal(0, inference.Engine.Active);
    }

    [Theory]
    [InlineData(GenerationPhase.Prompt, "prompt")]
    [InlineData(GenerationPhase.Queue, "queue")]
    public async Task Generate_CancelledBeforeTheFirstToken_KnowsThePhase(GenerationPhase where, string phase)
    {
        using var cancel = new CancellationTokenSource();
        var script = new Script { Gate = new(), WaitsIn = where, Result = r => where is GenerationPhase.Queue ? r with { PromptTime = TimeSpan.Zero } : r };
        await using var inference = Scripted(script);
        inference.Engine.Admit = _ => cancel.CancelAfter(TimeSpan.Zero);

        var thrown = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => inference.Generation.GenerateAsync(new() { Model = "m", Prompt = "x" }, Call, Collected, cancel.Token));

        var error = Catalogue.From(thrown, "r");
        Assert.Equal((Catalogue.RequestCancelled, phase), (error.Kind, error.Facts["phase"]));
        Assert.Empty(Collected.Messages);
        Assert.Equal(0, inference.Engine.Active);
    }

    [Fact]
    public async Task Generate_CancelledMidway_WritesNothingMore()
    {
        using var cancel = new CancellationTokenSource();
        await using var inference = Scripted(Script.Of("a") with { Hangs = true });
        Collected.OnMessage = async m => await (m.Text.Length > 0 ? cancel.CancelAsync() : Task.CompletedTask);

        var thrown = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => inference.Generation.GenerateAsync(new() { Model = "m", Prompt = "x" }, Call, Collected, cancel.Token));

        Assert.Equal("output", Catalogue.From(thrown, "r").Facts["phase"]);
        Assert.Equal("Start Text", Collected.Shape);
    }

    [Fact]
    public async Task Generate_DeadlineMidway_ClosesShortlyBeforeAndTellsThePhase()
    {
        var time = new ManualTime();
        await using var inference = Scripted(Script.Of("a") with { Hangs = true }, time);
        Collected.OnMessage = m =>
        {
            time.Advance(m.Text.Length > 0 ? TimeSpan.FromSeconds(9.85) : TimeSpan.Zero);
            return Task.CompletedTask;
        };

        var call = new CallInfo("r", time.GetUtcNow(), time.GetUtcNow().AddSeconds(10));
        var error = await FailsAsync(() => inference.Generation.GenerateAsync(new() { Model = "m", Prompt = "x" }, call, Collected, default));

        Assert.Equal((Catalogue.DeadlineExceeded, "output"), (error.Kind, error.Facts["phase"]));
        Assert.Equal("Start Text Finish", Collected.Shape);
        Assert.Equal(FinishReason.Error, Collected.Finish!.Reason);
        Assert.Equal(9.85, Collected.Finish.Timings.TotalDuration.ToTimeSpan().TotalSeconds);
    }

    [Fact]
    public async Task Generate_DeadlineOverOnArrival_DoesNotBegin()
    {
        var now = TimeProvider.System.GetUtcNow();

        var error = await FailsAsync(() => Stage.Generation.GenerateAsync(new() { Model = "m", Prompt = "x" }, new CallInfo("r", now, now.AddSeconds(-1)), Collected, default));

        Assert.Equal((Catalogue.DeadlineExceeded, "load"), (error.Kind, error.Facts["phase"]));
        Assert.Empty(Engine.Submitted);
    }

    [Fact]
    public async Task Generate_ServerStopping_IsRefused()
    {
        Stage.Lifetime.StopApplication();

        Assert.Equal(Catalogue.ServerDraining, (await FailsAsync(() => GenerateAsync(new() { Model = "m", Prompt = "x" }))).Kind);
    }

    [Fact]
    public async Task Generate_OutlastsTheDrain_EndsWithAStatusASecondBefore()
    {
        var time = new ManualTime();
        await using var inference = Scripted(Script.Of("a", "b") with { Hangs = true }, time);
        Collected.OnMessage = m =>
        {
            if (m.Text == "a")
            {
                inference.Lifetime.StopApplication();
                time.Advance(TimeSpan.FromSeconds(28.9));
            }

            time.Advance(TimeSpan.FromSeconds(m.Text == "b" ? 0.1 : 0));
            return Task.CompletedTask;
        };

        var call = new CallInfo("r", time.GetUtcNow());
        var error = await FailsAsync(() => inference.Generation.GenerateAsync(new() { Model = "m", Prompt = "x" }, call, Collected, default));

        Assert.Equal(Catalogue.ServerDraining, error.Kind);
        Assert.Equal("Start Text Text Finish", Collected.Shape);
    }

    [Fact]
    public async Task Generate_QueueFull_IsSaidAtOnce()
    {
        Engine.Admit = static _ => throw Catalogue.ServerBusy.For(512, 512);

        Assert.Equal(Catalogue.ServerBusy, (await FailsAsync(() => GenerateAsync(new() { Model = "m", Prompt = "x" }))).Kind);
    }

    [Fact]
    public async Task Generate_Progress_TellsLoadQueueAndPrompt()
    {
        var script = Script.Of("x") with { Gate = new(), WaitsIn = GenerationPhase.Queue, QueuePosition = 3 };
        await using var inference = Scripted(script);
        var loading = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        inference.Engine.OnLoad = progress =>
        {
            progress(0.5f);
            loading.Task.GetAwaiter().GetResult(); // on the loader's own thread
        };
        Collected.OnMessage = m =>
        {
            if (m.Progress?.Load is not null)
            {
                loading.TrySetResult();
            }

            if (m.Progress?.Queue is not null)
            {
                script.Gate!.TrySetResult();
            }

            return Task.CompletedTask;
        };

        await inference.Generation.GenerateAsync(new() { Model = "m", Prompt = "x", StreamOptions = new() { Progress = true } }, Call, Collected, default);

        Assert.Equal("Progress Progress Start Text Finish", Collected.Shape);
        Assert.Equal(new LoadProgress { Model = "registry.ollama.ai/library/m:latest", Fraction = 0.5f }, Collected.Messages[0].Progress.Load);
        Assert.Equal(3, Collected.Messages[1].Progress.Queue.Position);
    }
}
