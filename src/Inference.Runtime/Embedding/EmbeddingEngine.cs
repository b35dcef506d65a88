using System.Collections.Concurrent;
using Inference.Errors;
using Inference.Llama;
using Inference.Runtime.Scheduling;

namespace Inference.Runtime.Embedding;

/// <summary>A model that turns texts into vectors: one thread owns one context, and calls share its batches.</summary>
internal sealed class EmbeddingEngine : IEngine
{
    private readonly LlamaModel _model;
    private readonly ModelTokenizer _tokenizer;
    private readonly IPooler _pooler;
    private readonly EngineSettings _settings;
    private readonly LoadCounter _load;
    private readonly ConcurrentQueue<EmbeddingJob> _inbox = new();
    private readonly AutoResetEvent _wake = new(initialState: false);
    private readonly EmbeddingLoop _loop;
    private readonly Thread _thread;
    private readonly bool _ownsModel;
    private volatile bool _ended;
    private int _disposed;

    /// <param name="model">The weights.</param>
    /// <param name="pooler">A context over them, which is the engine's from here on.</param>
    /// <param name="settings">The batch holds the longest text, and the slots are texts of a batch.</param>
    /// <param name="ownsModel">Free the weights as well at the end.</param>
    public EmbeddingEngine(LlamaModel model, IPooler pooler, EngineSettings settings, bool ownsModel)
    {
        (_model, _pooler, _settings, _ownsModel) = (model, pooler, settings, ownsModel);
        _tokenizer = new ModelTokenizer(model.Vocabulary);
        _load = new LoadCounter(settings.Slots, settings.MaxQueue, settings.BatchSize);
        _loop = new EmbeddingLoop(settings.Model, pooler, settings.BatchSize, settings.Slots, _inbox, _wake, _load);
        Facts = settings.FactsOf(model, pooler.VectorLength);
        _thread = new Thread(Run, maxStackSize: 16 << 20) { Name = "embedding", IsBackground = true };
        _thread.Start();
    }

    public EngineFacts Facts { get; }

    public EngineLoad Load => _load.Current;

    private ModelTokenizer Tokenizer => Volatile.Read(ref _disposed) == 0 ? _tokenizer : throw new ObjectDisposedException(_settings.Model);

    public int[] Tokenize(string text, bool addSpecial, bool parseSpecial) => Tokenizer.Tokenize(text, addSpecial, parseSpecial);

    public byte[] Piece(int token, bool renderSpecial) => Tokenizer.Piece(token, renderSpecial);

    public GenerationOutput Submit(GenerationSpec spec, CancellationToken ct) =>
        throw Catalogue.CapabilityMissing.For(_settings.Model, _settings.Model, "completion");

    public Task<float[][]> EmbedAsync(IReadOnlyList<int[]> inputs, CancellationToken ct)
    {
        if (Volatile.Read(ref _disposed) != 0)
        {
            throw Catalogue.ServerDraining.For();
        }

        Check(inputs);
        if (inputs.Count == 0)
        {
            return Task.FromResult<float[][]>([]);
        }

        if (!_load.TryEnter())
        {
            throw Catalogue.ServerBusy.For(_load.Current.Queued, _settings.MaxQueue);
        }

        var job = new EmbeddingJob(inputs, ct);
        job.Registration = ct.UnsafeRegister(_ => Cancel(job), state: null);
        _inbox.Enqueue(job);
        _wake.Set();
        EndLate();
        return job.Vectors;
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        _loop.Stop();
        _thread.Join();
        if (_ownsModel)
        {
            _model.Dispose();
        }
    }

    private void Run()
    {
        _loop.Run();
        _ended = true;
        EndLate();
        _loop.Dispose();
        _pooler.Dispose(); // on the thread that used it
    }

    private void Cancel(EmbeddingJob job)
    {
        job.IsCancelled = true;
        _wake.Set();
    }

    /// <summary>Ends what was queued when the thread had already looked for the last time.</summary>
    private void EndLate()
    {
        while (_ended && _inbox.TryDequeue(out var job))
        {
            _loop.End(job, Catalogue.ServerDraining.For());
        }
    }

    private void Check(IReadOnlyList<int[]> inputs)
    {
        for (var i = 0; i < inputs.Count; i++)
        {
            if (inputs[i].Length == 0)
            {
                throw Catalogue.FieldRequired.For($"inputs[{i}]");
            }

            _tokenizer.CheckRange(inputs[i]);
            if (inputs[i].Length > _settings.ContextLength)
            {
                var failure = Catalogue.ContextLengthExceeded.For(inputs[i].Length, _settings.ContextLength).Error;
                throw new InferenceException(failure with { Facts = failure.Facts.With("input_index", $"{i}") });
            }
        }
    }
}
