using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Inference.Errors;
using Inference.Llama;
using Inference.Runtime;
using Inference.Runtime.Embedding;
using Inference.Runtime.Loading;
using Inference.Runtime.Scheduling;
using Inference.TestKit;
using Inference.UnitTests.Runtime.Scheduling;

namespace Inference.UnitTests.Runtime.Embedding;

public sealed class EmbeddingEngineTests(Toy toy) : IClassFixture<Toy>
{
    private static readonly string[] Texts = ["one cat", "two dogs and a bird", "three", "the old house by the sea is for sale"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EmbedAsync_TextsTogether_EqualThemselvesAlone()
    {
        using var engine = Start();
        var inputs = Tokens(Texts);
        var together = await engine.EmbedAsync(inputs, Ct);

        Assert.Equal(256, engine.Facts.EmbeddingLength);
        for (var i = 0; i < inputs.Length; i++)
        {
            var alone = (await engine.EmbedAsync([inputs[i]], Ct))[0];
            Assert.Equal(256, alone.Length);
            Assert.True(Cosine(alone, together[i]) > 0.9999);
        }
    }

    [Fact]
    public async Task EmbedAsync_ManyCalls_ShareABatchAndKeepTheirOrder()
    {
        using var gate = new Gate();
        Watched? pooler = null;
        using var engine = Start(wrap: p => pooler = new Watched(p) { Before = gate.Hold });
        var inputs = Tokens(Texts);
        var first = engine.EmbedAsync([inputs[0]], Ct);
        await gate.ReachedAsync();
        var calls = Enumerable.Range(0, 6).Select(i => engine.EmbedAsync([inputs[i % 4], inputs[(i + 1) % 4]], Ct)).ToArray();
        Assert.Equal(new EngineLoad(1, 6, inputs[0].Length, 512), engine.Load);
        gate.Open();
        await first;
        var vectors = await Task.WhenAll(calls);

        Assert.Equal(2, pooler!.Rows.Count); // twelve texts in one batch
        Assert.All(Enumerable.Range(0, 5), i => Assert.True(Cosine(vectors[i][1], vectors[i + 1][0]) > 0.9999));
        Assert.True(Cosine(vectors[0][0], vectors[0][1]) < 0.999);
        Assert.Equal(new EngineLoad(0, 0, 0, 512), engine.Load);
    }

    [Fact]
    public async Task EmbedAsync_MoreThanABatch_GivesWayToASmallCall()
    {
        using var gate = new Gate();
        using var engine = Start(wrap: p => new Watched(p) { Before = gate.Hold });
        var large = engine.EmbedAsync([.. Enumerable.Repeat(new int[200], 50)], Ct); // two a batch
        await gate.ReachedAsync();
        var small = engine.EmbedAsync(Tokens(["hello"]), Ct);
        gate.LetOnePass();
        await gate.ReachedAsync();
        gate.LetOnePass();
        await small;

        Assert.False(large.IsCompleted);
        gate.Open();
        Assert.Equal(50, (await large).Length);
    }

    [Fact]
    public async Task EmbedAsync_InputsThatCannotRun_AreRefusedWithTheirPlace()
    {
        using var engine = Start();
        Assert.Empty(await engine.EmbedAsync([], Ct));

        var tooLong = (await Assert.ThrowsAsync<InferenceException>(() => engine.EmbedAsync([[1], new int[257]], Ct))).Error;
        Assert.Same(Catalogue.ContextLengthExceeded, tooLong.Kind);
        Assert.Equal(("257", "256", "1"), (tooLong.Facts["prompt_tokens"], tooLong.Facts["context_length"], tooLong.Facts["input_index"]));
        Assert.Same(Catalogue.TokenOutOfRange, (await Assert.ThrowsAsync<InferenceException>(() => engine.EmbedAsync([[1536]], Ct))).Error.Kind);
        Assert.Equal("inputs[1]", (await Assert.ThrowsAsync<InferenceException>(() => engine.EmbedAsync([[1], []], Ct))).Error.Facts["field"]);
        Assert.Single(await engine.EmbedAsync([new int[256]], Ct));
    }

    [Fact]
    public void Submit_EmbeddingModel_LacksTheCapability()
    {
        using var engine = Start();
        var failure = Assert.Throws<InferenceException>(() => engine.Submit(toy.Ask("x"), Ct)).Error;

        Assert.Same(Catalogue.CapabilityMissing, failure.Kind);
        Assert.Equal("completion", failure.Facts["capability"]);
    }

    [Fact]
    public async Task EmbedAsync_Cancelled_LeavesAndTheOthersFinish()
    {
        using var gate = new Gate();
        using var engine = Start(wrap: p => new Watched(p) { Before = gate.Hold });
        using var cancel = new CancellationTokenSource();
        var doomed = engine.EmbedAsync([.. Enumerable.Repeat(new int[200], 50)], cancel.Token);
        await gate.ReachedAsync();
        var queued = engine.EmbedAsync(Tokens(["hello"]), cancel.Token);
        var other = engine.EmbedAsync(Tokens(["hello"]), Ct);
        await cancel.CancelAsync();
        gate.Open();

        Assert.Equal("prompt", Catalogue.From(await Assert.ThrowsAnyAsync<OperationCanceledException>(() => doomed), "").Facts["phase"]);
        Assert.Equal("queue", Catalogue.From(await Assert.ThrowsAnyAsync<OperationCanceledException>(() => queued), "").Facts["phase"]);
        Assert.Single(await other);
        Assert.Equal(new EngineLoad(0, 0, 0, 512), engine.Load);
    }

    [Fact]
    public async Task EmbedAsync_QueueFull_IsBusy()
    {
        using var gate = new Gate();
        using var engine = Start(queue: 1, slots: 1, wrap: p => new Watched(p) { Before = gate.Hold });
        var running = engine.EmbedAsync(Tokens(["hello"]), Ct);
        await gate.ReachedAsync();
        var waiting = engine.EmbedAsync(Tokens(["hello"]), Ct);
        var failure = await Assert.ThrowsAsync<InferenceException>(() => engine.EmbedAsync(Tokens(["hello"]), Ct));
        Assert.Same(Catalogue.ServerBusy, failure.Error.Kind);
        gate.Open();
        await running;
        await waiting;
    }

    [Theory]
    [InlineData(DecodeOutcome.Failed, "ENGINE_FAILED")]
    [InlineData(DecodeOutcome.OutOfMemory, "ENGINE_OUT_OF_MEMORY")]
    public async Task EmbedAsync_ComputationFails_FailsThoseInTheBatchOnly(DecodeOutcome outcome, string reason)
    {
        using var engine = Start(wrap: p => new Watched(p) { Before = step => step == 0 ? outcome : null });
        var failure = await Assert.ThrowsAsync<InferenceException>(() => engine.EmbedAsync(Tokens(["hello"]), Ct));

        Assert.Equal(reason, failure.Error.Kind.Reason);
        Assert.Single(await engine.EmbedAsync(Tokens(["hello"]), Ct));
    }

    [Fact]
    public async Task EmbedAsync_VectorIsNotFinite_SaysWhich()
    {
        using var engine = Start(wrap: static p => new Watched(p) { SpoilSequence = 1 });
        var failure = await Assert.ThrowsAsync<InferenceException>(() => engine.EmbedAsync(Tokens(["a", "b", "c"]), Ct));

        Assert.Same(Catalogue.EmbeddingNotFinite, failure.Error.Kind);
        Assert.Equal("1", failure.Error.Facts["input_index"]);
    }

    [Fact]
    public async Task Dispose_CallsRunAndWait_EndsAllOfThem()
    {
        using var gate = new Gate();
        var engine = Start(wrap: p => new Watched(p) { Before = gate.Hold });
        var running = engine.EmbedAsync([.. Enumerable.Repeat(new int[200], 50)], Ct);
        await gate.ReachedAsync();
        var waiting = engine.EmbedAsync(Tokens(["hello"]), Ct);
        var end = Task.Factory.StartNew(engine.Dispose, Ct, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        gate.LetOnePass();
        gate.Open();
        await end;

        Assert.Same(Catalogue.ServerDraining, (await Assert.ThrowsAsync<InferenceException>(() => running)).Error.Kind);
        Assert.Same(Catalogue.ServerDraining, (await Assert.ThrowsAsync<InferenceException>(() => waiting)).Error.Kind);
        Assert.Same(Catalogue.ServerDraining, (await Assert.ThrowsAsync<InferenceException>(() => engine.EmbedAsync([[1]], Ct))).Error.Kind);
    }

    [Fact]
    public async Task Create_Encoder_EmbedsAndTheFactsSayHow()
    {
        var path = Places.Shared("golden/ollama/models/bert-tiny-rand-f16.gguf");
        Assert.SkipWhen(path is null, "needs the recordings beside the checkout");
        var options = new RuntimeOptions();
        var spec = new LoadSpec
        {
            Model = "bert",
            Path = path,
            Facts = new ModelFacts("bert", TrainedContext: 0, CacheBytesPerToken: 0, WeightBytes: 1 << 20, Embeds: true, Sees: false),
        };
        using var engine = LlamaEngines.Create(options)(spec with { Settings = CompleteSettings.For(spec, options, acceleratorBytes: 0) }, static _ => { }, Ct);
        var inputs = Texts.Select(t => engine.Tokenize(t, addSpecial: true, parseSpecial: false)).ToArray();
        var together = await engine.EmbedAsync(inputs, Ct);
        var alone = await engine.EmbedAsync([inputs[1]], Ct);

        Assert.Equal(engine.Facts.EmbeddingLength, alone[0].Length);
        Assert.True(Cosine(alone[0], together[1]) > 0.99999);
        Assert.Throws<InferenceException>(() => engine.Submit(toy.Ask("x"), Ct));
        var generate = spec with { Facts = spec.Facts with { Embeds = false }, Settings = CompleteSettings.For(spec, options, acceleratorBytes: 0) };
        Assert.Same(Catalogue.ModelUnsupported, Assert.Throws<InferenceException>(() => LlamaEngines.Create(options)(generate, static _ => { }, Ct)).Error.Kind);
    }

    [Fact]
    public void Create_FileThatIsNoModel_FailsWithAReason()
    {
        var spec = Toy.Spec with { Path = Path.Combine(Places.Root, "README.md") };
        var complete = spec with { Settings = CompleteSettings.For(spec, new RuntimeOptions(), acceleratorBytes: 0) with { NumParallel = 1 } };
        var failure = Assert.Throws<InferenceException>(() => LlamaEngines.Create(new RuntimeOptions())(complete, static _ => { }, Ct)).Error;

        Assert.Same(Catalogue.LoadFailed, failure.Kind);
        Assert.NotEmpty(failure.Facts["detail"]);
        Assert.DoesNotContain(Places.Root, failure.Facts["detail"], StringComparison.Ordinal);
    }

    private static float Cosine(float[] a, float[] b) => TensorPrimitives.CosineSimilarity<float>(a, b);

    private int[][] Tokens(string[] texts) => [.. texts.Select(t => toy.Model.Vocabulary.Tokenize(t, addSpecial: true, parseSpecial: false))];

    private EmbeddingEngine Start(int slots = 16, int queue = 512, Func<IPooler, IPooler>? wrap = null)
    {
        IPooler pooler = new LlamaPooler(LlamaContext.Create(toy.Model, new ContextParameters
        {
            ContextLength = 512,
            BatchSize = 512,
            Sequences = slots,
            Unified = true,
            Embeddings = true,
            Pooling = PoolingType.Mean,
        }));
        var settings = new EngineSettings { Model = "toy", ContextLength = 256, Slots = slots, BatchSize = 512, MaxQueue = queue };
        return new EmbeddingEngine(toy.Model, wrap is null ? pooler : wrap(pooler), settings, ownsModel: false);
    }

    private sealed class Watched(IPooler inner) : IPooler
    {
        public Func<int, DecodeOutcome?> Before { get; init; } = static _ => null;

        public int SpoilSequence { get; init; } = -1;

        public List<int> Rows { get; } = [];

        public int VectorLength => inner.VectorLength;

        public DecodeOutcome Compute(Batch batch)
        {
            Rows.Add(batch.Count);
            return Before(Rows.Count - 1) ?? inner.Compute(batch);
        }

        public ReadOnlySpan<float> Vector(int sequence)
        {
            var vector = inner.Vector(sequence);
            if (sequence == SpoilSequence)
            {
                MemoryMarshal.GetReference(vector) = float.NaN;
            }

            return vector;
        }

        public void Dispose() => inner.Dispose();
    }
}
