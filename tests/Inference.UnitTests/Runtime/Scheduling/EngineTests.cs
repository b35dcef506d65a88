using Inference.Errors;
using Inference.Llama;
using Inference.Runtime;

namespace Inference.UnitTests.Runtime.Scheduling;

public sealed class EngineTests(Toy toy) : IClassFixture<Toy>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Submit_SameGreedyPromptTwice_GivesTheSameText()
    {
        using var engine = toy.Start();
        var first = await engine.Submit(toy.Ask("Once upon a time"), Ct).TextAsync();
        var second = await engine.Submit(toy.Ask("Once upon a time"), Ct).TextAsync();

        Assert.NotEmpty(first);
        Assert.Equal(first, second);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Submit_MoreStreamsThanSlots_AllFinishWithAllTokens(bool unified)
    {
        using var engine = toy.Start(slots: 16, context: 256, unified: unified);
        var outputs = Enumerable.Range(0, 48).Select(i => engine.Submit(toy.Endless($"Story number {i}:", 16), Ct)).ToArray();
        foreach (var output in outputs)
        {
            var pieces = await output.AllAsync();
            Assert.True(pieces.Sum(static p => p.Tokens) == output.Result!.GeneratedTokens, "every token travels with a piece");
            Assert.Equal((StopReason.MaxTokens, 16), (output.Result.Reason, output.Result.GeneratedTokens));
        }

        Assert.Equal(new EngineLoad(0, 0, 0, engine.Load.CellsTotal), engine.Load);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Submit_PromptWithAKnownBeginning_EvaluatesOnlyTheRest(bool unified)
    {
        var prompt = string.Concat(Enumerable.Repeat("The cat sat on the mat. ", 20));
        using var engine = toy.Start(unified: unified);
        var cold = engine.Submit(toy.Ask(prompt + "Then"), Ct);
        var coldText = await cold.TextAsync();
        var warm = engine.Submit(toy.Ask(prompt + "Then"), Ct);
        var warmText = await warm.TextAsync();
        var sibling = engine.Submit(toy.Ask(prompt + "But"), Ct);
        await sibling.TextAsync();

        Assert.Equal(0, cold.CachedTokens);
        Assert.Equal(cold.Result!.PromptTokens - 1, warm.Result!.CachedTokens);
        Assert.InRange(sibling.Result!.CachedTokens, cold.Result.PromptTokens - 4, cold.Result.PromptTokens - 1);
        Assert.Equal(coldText, warmText);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Submit_BeginningOfARunningSequence_IsShared(bool unified)
    {
        var prompt = string.Concat(Enumerable.Repeat("The cat sat on the mat. ", 20));
        WatchedDecoder? decoder = null;
        using var engine = toy.Start(slots: 4, unified: unified, capacity: 1, wrap: d => decoder = new WatchedDecoder(d));
        var running = engine.Submit(toy.Ask(prompt + "Then", 40), Ct);
        await running.Pieces.ReadAsync(Ct); // its prompt is evaluated, and with a reader this slow it keeps running
        var sibling = engine.Submit(toy.Ask(prompt + "But", 8), Ct);
        await sibling.TextAsync();

        Assert.InRange(sibling.CachedTokens, 50, sibling.Result!.PromptTokens - 1);
        Assert.Equal(1, decoder!.Copies);
        Assert.Equal(1, engine.Load.Active);
    }

    [Fact]
    public async Task Submit_WarmSlotBesideTheRunning_MovesAwayAndStaysKnown()
    {
        using var engine = toy.Start(slots: 4, capacity: 1);
        var running = engine.Submit(toy.Endless("The cat", 100), Ct);
        await running.Pieces.ReadAsync(Ct);
        var conversation = string.Concat(Enumerable.Repeat("The dog ran to the door. ", 8));
        await engine.Submit(toy.Endless(conversation, 4), Ct).AllAsync();
        await engine.Submit(toy.Endless("Something quite different comes now", 4), Ct).AllAsync(); // it runs beside the running one, where the conversation lay
        var next = engine.Submit(toy.Endless(conversation + "And then", 4), Ct);
        await next.AllAsync();

        Assert.InRange(next.CachedTokens, 40, next.Result!.PromptTokens - 1);
    }

    [Fact]
    public async Task Submit_MemoryThatCannotForgetAPart_IsFedAnew()
    {
        using var recurrent = toy.Start(slots: 2, wrap: static d => new WatchedDecoder(d) { CanForget = false, Before = static step => step is 3 or 7 ? DecodeOutcome.Aborted : null });
        using var engine = toy.Start(slots: 2);
        var text = await engine.Submit(toy.Endless("The cat", 12), Ct).TextAsync();

        Assert.Equal(text, await recurrent.Submit(toy.Endless("The cat", 12), Ct).TextAsync());
        var again = recurrent.Submit(toy.Endless("The cat", 12), Ct);
        Assert.Equal(text, await again.TextAsync());
        Assert.Equal(0, again.CachedTokens);
    }

    [Fact]
    public async Task Step_PerToken_AllocatesItsTextAndLittleElse()
    {
        List<long> allocated = [];
        using var engine = toy.Start(capacity: 1000, wrap: d => new WatchedDecoder(d)
        {
            Before = _ =>
            {
                allocated.Add(GC.GetAllocatedBytesForCurrentThread()); // on the engine thread
                return null;
            },
        });
        var output = engine.Submit(toy.Endless("The cat", 200) with { Stop = ["nowhere", "in it"] }, Ct);
        await output.AllAsync();
        allocated.RemoveRange(0, 20);
        var steps = allocated.Zip(allocated.Skip(1), static (a, b) => b - a).Order().ToArray();

        Assert.InRange(steps[steps.Length / 2], 0, 64); // a short string
    }

    [Fact]
    public async Task Submit_LongPromptBesideARunningStream_TakesItsShareOfEachStep()
    {
        WatchedDecoder? decoder = null;
        using var gate = new Gate();
        using var engine = toy.Start(batch: 64, wrap: d => decoder = new WatchedDecoder(d) { Before = gate.Hold });
        var running = engine.Submit(toy.Endless("The cat", 30), Ct);
        await gate.ReachedAsync();
        var late = engine.Submit(toy.Endless(string.Concat(Enumerable.Repeat("The cat sat on the mat. ", 40)), 8), Ct);
        gate.Open();

        await late.AllAsync();
        await running.AllAsync();

        Assert.All(decoder!.Rows, static rows => Assert.InRange(rows, 1, 64));
        Assert.Contains(64, decoder.Rows); // a row of the running one and the rest of the prompt
        Assert.Equal(8, late.Result!.GeneratedTokens);
        Assert.Equal(30, running.Result!.GeneratedTokens);
    }

    [Fact]
    public async Task Submit_SameSeed_GivesTheSameText()
    {
        using var engine = toy.Start();
        var spec = toy.Ask("Hello", 24) with { Sampling = new SamplingParameters { Temperature = 1, Seed = 7 } };

        Assert.Equal(await engine.Submit(spec, Ct).TextAsync(), await engine.Submit(spec, Ct).TextAsync());
    }

    [Fact]
    public async Task Submit_Grammar_HoldsAndABadOneIsRefusedAtOnce()
    {
        using var engine = toy.Start();
        var spec = toy.Ask("Answer:", 8);
        var text = await engine.Submit(spec with { Sampling = spec.Sampling with { Grammar = "root ::= \"yes\" | \"no\"" } }, Ct).TextAsync();

        Assert.Contains(text, new[] { "yes", "no" });
        var failure = Assert.Throws<InferenceException>(() => engine.Submit(spec with { Sampling = spec.Sampling with { Grammar = "root ::= (" } }, Ct));
        Assert.Same(Catalogue.GrammarInvalid, failure.Error.Kind);
        Assert.StartsWith("the grammar cannot be used: ", failure.Message, StringComparison.Ordinal);
        Assert.Equal(failure.Message, Assert.Throws<InferenceException>(() => engine.Submit(spec with { LaterGrammar = "root ::= (" }, Ct)).Message);
        Assert.Equal(0, engine.Load.Queued);
    }

    [Fact]
    public void Submit_PromptThatCannotRun_IsRefusedAtOnce()
    {
        using var engine = toy.Start(context: 256);
        var spec = toy.Ask("x");

        Assert.Same(Catalogue.FieldRequired, Refused([]).Kind);
        Assert.Same(Catalogue.TokenOutOfRange, Refused([1, -1]).Kind);
        Assert.Equal("1536", Refused([1, 1536]).Facts["token"]);
        var tooLong = Refused(new int[256]);
        Assert.Same(Catalogue.ContextLengthExceeded, tooLong.Kind);
        Assert.Equal(("256", "256"), (tooLong.Facts["prompt_tokens"], tooLong.Facts["context_length"]));
        Assert.Equal(0, engine.Load.Queued + engine.Load.Active);

        Error Refused(int[] prompt) => Assert.Throws<InferenceException>(() => engine.Submit(spec with { Prompt = prompt }, Ct)).Error;
    }

    [Fact]
    public async Task Submit_NoTokensWanted_EvaluatesThePromptForTheNextCall()
    {
        using var engine = toy.Start();
        var output = engine.Submit(toy.Ask("The quick brown fox jumps over the lazy dog and runs.", 0), Ct);
        Assert.Empty(await output.AllAsync());
        Assert.Equal((StopReason.MaxTokens, 0), (output.Result!.Reason, output.Result.GeneratedTokens));

        var next = engine.Submit(toy.Ask("The quick brown fox jumps over the lazy dog and runs.", 1), Ct);
        await next.AllAsync();
        Assert.Equal(next.Result!.PromptTokens - 1, next.Result.CachedTokens);
    }

    [Fact]
    public async Task Submit_ContextFull_EndsWhereItIsFull()
    {
        using var engine = toy.Start(context: 256);
        var output = engine.Submit(toy.Endless("The", 10_000), Ct);
        await output.AllAsync();

        Assert.Equal(StopReason.ContextFull, output.Result!.Reason);
        Assert.Equal(256, output.Result.PromptTokens + output.Result.GeneratedTokens);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Submit_ContextFullWithShift_DropsTheOlderHalfAndGoesOn(bool canShift)
    {
        WatchedDecoder? decoder = null;
        using var engine = toy.Start(context: 256, wrap: d => decoder = new WatchedDecoder(d) { CanShift = canShift });
        var spec = toy.Endless("The old man told a story", 600) with { Shift = true, KeepTokens = 4 };
        var output = engine.Submit(spec, Ct);
        await output.AllAsync();

        Assert.Equal((StopReason.MaxTokens, 600), (output.Result!.Reason, output.Result.GeneratedTokens));
        Assert.InRange(output.Result.Shifts, 3, 5);
        Assert.InRange(output.Result.TokensDropped, 600 + output.Result.PromptTokens - 256, 600);
        Assert.Equal(canShift ? output.Result.Shifts : 0, decoder!.Shifts);
    }

    [Fact]
    public async Task Submit_ShiftOverSharedCells_LeavesTheOtherSequenceAlone()
    {
        WatchedDecoder? decoder = null;
        using var engine = toy.Start(slots: 2, context: 256, unified: true, capacity: 1, wrap: d => decoder = new WatchedDecoder(d));
        var prompt = string.Concat(Enumerable.Repeat("The cat sat on the mat. ", 6));
        var alone = await engine.Submit(toy.Ask(prompt, 40), Ct).TextAsync();
        var held = engine.Submit(toy.Ask(prompt, 40), Ct);
        var first = await held.Pieces.ReadAsync(Ct);
        var shifting = engine.Submit(toy.Endless(prompt + "And then", 400) with { Shift = true, KeepTokens = 4 }, Ct);
        await shifting.AllAsync();

        Assert.True(shifting.Result!.Shifts > 0);
        Assert.True(decoder!.Shifts < shifting.Result.Shifts, "the first one had shared cells and was evaluated anew");
        Assert.Equal(alone, first.Text + await held.TextAsync());
    }

    [Fact]
    public async Task Submit_AfterAShift_TheShiftedCellsServeNobodyElse()
    {
        using var engine = toy.Start(slots: 1, context: 256);
        var spec = toy.Endless("The old man told a story", 300) with { Shift = true, KeepTokens = 4 };
        var output = engine.Submit(spec, Ct);
        await output.AllAsync();
        var result = output.Result!;
        int[] survivors = [.. spec.Prompt, .. result.Generated];
        int[] cached = [.. survivors[..4], .. survivors[(4 + result.TokensDropped)..]];

        var next = engine.Submit(spec with { Prompt = cached[..100], MaxTokens = 1 }, Ct);
        await next.AllAsync();

        Assert.Equal(4, next.Result!.CachedTokens);
    }

    [Fact]
    public async Task EmbedAsync_Generator_LacksTheCapability()
    {
        using var engine = toy.Start();
        var failure = await Assert.ThrowsAsync<InferenceException>(() => engine.EmbedAsync([[1]], Ct));

        Assert.Same(Catalogue.CapabilityMissing, failure.Error.Kind);
        Assert.Equal("toy does not support embedding", failure.Message);
    }

    [Fact]
    public void Tokenize_AfterTheEnd_IsRefusedAndNotRead()
    {
        var engine = toy.Start();
        var tokens = engine.Tokenize("The cat", addSpecial: true, parseSpecial: true);
        Assert.Equal("The cat", string.Concat(tokens.Select(t => System.Text.Encoding.UTF8.GetString(engine.Piece(t, renderSpecial: false)))));
        Assert.Same(Catalogue.TokenOutOfRange, Assert.Throws<InferenceException>(() => engine.Piece(1536, renderSpecial: false)).Error.Kind);
        Assert.Same(Catalogue.FieldInvalid, Assert.Throws<InferenceException>(() => engine.Tokenize(new string('a', Vocabulary.LongestText + 1), addSpecial: true, parseSpecial: true)).Error.Kind);
        engine.Dispose();
        engine.Dispose();

        Assert.Throws<ObjectDisposedException>(() => engine.Tokenize("x", addSpecial: true, parseSpecial: true));
    }
}
