using System.Collections.Concurrent;
using Inference.Errors;
using Inference.Llama;

namespace Inference.Runtime.Scheduling;

/// <summary>What every engine is: weights, a queue of work, and one thread that owns the context and serves the queue until the end.</summary>
/// <typeparam name="TWork">One call.</typeparam>
/// <param name="model">The weights.</param>
/// <param name="settings">Complete and checked.</param>
/// <param name="facts">What does not change.</param>
/// <param name="cells">Cells of the cache, or rows of a batch, for the load.</param>
/// <param name="ownsModel">Free the weights as well at the end.</param>
internal abstract class ThreadedEngine<TWork>(LlamaModel model, EngineSettings settings, EngineFacts facts, int cells, bool ownsModel) : IEngine
{
    private readonly ModelTokenizer _tokenizer = new(model.Vocabulary);
    private Thread? _thread;
    private volatile bool _ended;
    private int _disposed;

    public EngineFacts Facts { get; } = facts;

    public EngineLoad Load => Counter.Current;

    public TimeSpan? EstimateWait(QueuePriority priority) => Counter.EstimateWait(priority);

    protected ConcurrentQueue<TWork> Inbox { get; } = new();

    protected AutoResetEvent Wake { get; } = new(initialState: false);

    protected LoadCounter Counter { get; } = new(settings.Slots, settings.MaxQueue, cells);

    protected LlamaModel Model { get; } = model;

    protected EngineSettings Settings { get; } = settings;

    private ModelTokenizer Tokenizer => Volatile.Read(ref _disposed) == 0 ? _tokenizer : throw new ObjectDisposedException(Settings.Model);

    public int[] Tokenize(string text, bool addSpecial, bool parseSpecial) => Tokenizer.Tokenize(text, addSpecial, parseSpecial);

    public byte[] Piece(int token, bool renderSpecial) => Tokenizer.Piece(token, renderSpecial);

    public abstract GenerationOutput Submit(GenerationSpec spec, CancellationToken ct);

    public abstract Task<float[][]> EmbedAsync(IReadOnlyList<int[]> inputs, CancellationToken ct);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        Stop();
        _thread?.Join();
        if (ownsModel)
        {
            Model.Dispose();
        }
    }

    /// <summary>The last thing that a constructor does.</summary>
    protected void Start(string name)
    {
        _thread = new Thread(Serve, maxStackSize: 16 << 20) { Name = name, IsBackground = true };
        _thread.Start();
    }

    /// <summary>Refuses what comes after the end.</summary>
    protected void CheckOpen()
    {
        if (Volatile.Read(ref _disposed) != 0)
        {
            throw Catalogue.ServerDraining.For();
        }
    }

    protected void CheckRange(ReadOnlySpan<int> tokens) => _tokenizer.CheckRange(tokens);

    protected InferenceException Busy() => Catalogue.ServerBusy.For(Counter.Current.Queued, Settings.MaxQueue);

    protected void Enqueue(TWork work)
    {
        Inbox.Enqueue(work);
        Wake.Set();
        EndLate();
    }

    /// <summary>Serves the queue until <see cref="Stop"/>. On the engine's thread.</summary>
    protected abstract void Run();

    /// <summary>Ends <see cref="Run"/> soon. From any thread.</summary>
    protected abstract void Stop();

    /// <summary>Frees what the thread used. On that thread.</summary>
    protected abstract void Release();

    /// <summary>Tells the caller of work that came too late.</summary>
    protected abstract void End(TWork work, Exception failure);

    private void Serve()
    {
        Run();
        _ended = true;
        EndLate();
        Release();
    }

    // Ends what was queued when the thread had already looked for the last time.
    private void EndLate()
    {
        while (_ended && Inbox.TryDequeue(out var work))
        {
            End(work, Catalogue.ServerDraining.For());
        }
    }
}
