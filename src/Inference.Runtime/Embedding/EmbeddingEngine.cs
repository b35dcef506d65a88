using Inference.Errors;
using Inference.Llama;
using Inference.Runtime.Scheduling;

namespace Inference.Runtime.Embedding;

/// <summary>A model that turns texts into vectors: one thread owns one context, and calls share its batches.</summary>
internal sealed class EmbeddingEngine : ThreadedEngine<EmbeddingJob>
{
    private readonly IPooler _pooler;
    private readonly EmbeddingLoop _loop;

    /// <param name="model">The weights.</param>
    /// <param name="pooler">A context over them, which is the engine's from here on.</param>
    /// <param name="settings">The batch holds the longest text, and the slots are texts of a batch.</param>
    /// <param name="ownsModel">Free the weights as well at the end.</param>
    public EmbeddingEngine(LlamaModel model, IPooler pooler, EngineSettings settings, bool ownsModel)
        : base(model, settings, settings.FactsOf(model, pooler.VectorLength), settings.BatchSize, ownsModel)
    {
        _pooler = pooler;
        _loop = new EmbeddingLoop(settings, pooler, Inbox, Wake, Counter);
        Start("embedding");
    }

    public override GenerationOutput Submit(GenerationSpec spec, CancellationToken ct) =>
        throw Catalogue.CapabilityMissing.For(Settings.Model, Settings.Model, "completion");

    public override Task<float[][]> EmbedAsync(IReadOnlyList<int[]> inputs, CancellationToken ct)
    {
        CheckOpen();
        Check(inputs);
        if (inputs.Count == 0)
        {
            return Task.FromResult<float[][]>([]);
        }

        if (!Counter.TryEnter())
        {
            throw Busy();
        }

        var job = new EmbeddingJob(inputs, ct);
        job.Registration = ct.UnsafeRegister(_ => Cancel(job), state: null);
        Enqueue(job);
        return job.Vectors;
    }

    protected override void Run() => _loop.Run();

    protected override void Stop() => _loop.Stop();

    protected override void Release()
    {
        _loop.Dispose();
        _pooler.Dispose();
    }

    protected override void End(EmbeddingJob work, Exception failure) => _loop.End(work, failure);

    private void Cancel(EmbeddingJob job)
    {
        job.IsCancelled = true;
        Wake.Set();
    }

    private void Check(IReadOnlyList<int[]> inputs)
    {
        for (var i = 0; i < inputs.Count; i++)
        {
            if (inputs[i].Length == 0)
            {
                throw Catalogue.FieldRequired.For($"inputs[{i}]");
            }

            CheckRange(inputs[i]);
            if (inputs[i].Length > Settings.ContextLength)
            {
                var failure = Catalogue.ContextLengthExceeded.For(inputs[i].Length, Settings.ContextLength).Error;
                throw new InferenceException(failure with { Facts = failure.Facts.With("input_index", $"{i}") });
            }
        }
    }
}
