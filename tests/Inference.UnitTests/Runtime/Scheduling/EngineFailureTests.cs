using Inference.Errors;
using Inference.Llama;
using Inference.Runtime;

namespace Inference.UnitTests.Runtime.Scheduling;

public sealed class EngineFailureTests(Toy toy) : IClassFixture<Toy>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(DecodeOutcome.Refused, 0, "ENGINE_FAILED", "prompt")]
    [InlineData(DecodeOutcome.Failed, 0, "ENGINE_FAILED", "prompt")]
    [InlineData(DecodeOutcome.Failed, 2, "ENGINE_FAILED", "output")]
    [InlineData(DecodeOutcome.OutOfMemory, 0, "ENGINE_OUT_OF_MEMORY", "the CPU")]
    [InlineData(DecodeOutcome.OutOfMemory, 2, "ENGINE_OUT_OF_MEMORY", "the CPU")]
    public async Task Decode_Fails_ItsSequencesFailAndTheNextRuns(DecodeOutcome outcome, int at, string reason, string where)
    {
        using var engine = toy.Start(wrap: d => new WatchedDecoder(d) { Before = step => step == at ? outcome : null });
        var output = engine.Submit(toy.Ask("The dog", 10), Ct);
        var failure = await Assert.ThrowsAsync<InferenceException>(output.AllAsync);

        Assert.Equal((reason, "toy", where), (failure.Error.Kind.Reason, failure.Error.Facts["model"], failure.Error.Facts["phase"] + failure.Error.Facts["device"]));
        Assert.Equal((StopReason.Failed, at), (output.Result!.Reason, output.Result.GeneratedTokens));
        var next = engine.Submit(toy.Ask("The dog", 10), Ct);
        await next.AllAsync();
        Assert.Equal(0, next.CachedTokens);
        Assert.Equal(10, next.Result!.GeneratedTokens);
    }

    [Fact]
    public async Task Decode_Throws_FailsTheSequenceAndNotTheProcess()
    {
        using var engine = toy.Start(wrap: d => new WatchedDecoder(d) { Before = step => step == 1 ? throw new InvalidOperationException("secret path") : null });
        var failure = await Assert.ThrowsAsync<InferenceException>(engine.Submit(toy.Ask("The dog", 10), Ct).AllAsync);

        Assert.Same(Catalogue.EngineFailed, failure.Error.Kind);
        Assert.DoesNotContain("secret", failure.Message, StringComparison.Ordinal);
        await engine.Submit(toy.Ask("The dog", 10), Ct).AllAsync();
        Assert.Equal(new EngineLoad(0, 0, 0, engine.Load.CellsTotal), engine.Load);
    }

    [Fact]
    public async Task Decode_Aborted_IsMadeAgainWithTheSameResult()
    {
        using var engine = toy.Start(wrap: d => new WatchedDecoder(d) { Before = static step => step is 0 or 2 or 5 ? DecodeOutcome.Aborted : null });
        using var undisturbed = toy.Start();

        Assert.Equal(await undisturbed.Submit(toy.Ask("The dog", 20), Ct).TextAsync(), await engine.Submit(toy.Ask("The dog", 20), Ct).TextAsync());
    }

    [Fact]
    public async Task Decode_NoRoom_GivesUpWarmSlotsAndTriesAgain()
    {
        WatchedDecoder? decoder = null;
        using var engine = toy.Start(wrap: d => decoder = new WatchedDecoder(d));
        await engine.Submit(toy.Ask("A first prompt that stays warm", 2), Ct).AllAsync();
        var refused = decoder!.Rows.Count;
        decoder.Before = step => step == refused ? DecodeOutcome.NoRoom : null;
        var second = engine.Submit(toy.Ask("Something else", 4), Ct);
        await second.AllAsync();
        Assert.Equal(4, second.Result!.GeneratedTokens);

        var again = engine.Submit(toy.Ask("A first prompt that stays warm", 2), Ct);
        await again.AllAsync();
        Assert.Equal(0, again.CachedTokens);
    }

    [Fact]
    public async Task Decode_NoRoomForASequenceAlone_FailsIt()
    {
        using var engine = toy.Start(wrap: d => new WatchedDecoder(d) { Before = static _ => DecodeOutcome.NoRoom });
        var failure = await Assert.ThrowsAsync<InferenceException>(engine.Submit(toy.Ask("The dog", 10), Ct).AllAsync);

        Assert.Same(Catalogue.EngineFailed, failure.Error.Kind);
        Assert.Equal(0, engine.Load.Active);
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(1f)]
    public async Task Scores_NotFinite_FailTheSequence(float temperature)
    {
        WatchedDecoder? decoder = null;
        using var engine = toy.Start(wrap: d => decoder = new WatchedDecoder(d));
        var spec = toy.Ask("The dog", 10) with { Sampling = new SamplingParameters { Temperature = temperature } };
        decoder!.BeforeChoice = () => decoder.Spoil(row: spec.Prompt.Length - 1, float.NaN);
        var failure = await Assert.ThrowsAsync<InferenceException>(engine.Submit(spec, Ct).AllAsync);
        Assert.Same(Catalogue.EngineFailed, failure.Error.Kind);

        decoder.BeforeChoice = static () => { };
        await engine.Submit(spec, Ct).AllAsync();
    }
}
