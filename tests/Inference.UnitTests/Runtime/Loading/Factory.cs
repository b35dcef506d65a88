using System.Collections.Concurrent;
using Inference.Runtime;
using Inference.Runtime.Loading;

namespace Inference.UnitTests.Runtime.Loading;

/// <summary>Makes engines that compute nothing, when the test says so.</summary>
internal sealed class Factory
{
    private readonly ConcurrentQueue<Order> _orders = new();
    private readonly SemaphoreSlim _arrived = new(0);

    /// <summary>Loads finish by themselves.</summary>
    public bool IsPrompt { get; set; } = true;

    public int Loads { get; private set; }

    /// <summary>Most loads at the same time.</summary>
    public int MostAtOnce { get; private set; }

    public List<Standing> Engines { get; } = [];

    public EngineFactory Create => (complete, progress, ct) =>
    {
        var order = new Order(complete, progress, ct);
        lock (Engines)
        {
            Loads++;
            MostAtOnce = Math.Max(MostAtOnce, ++_now);
        }

        try
        {
            if (!IsPrompt)
            {
                _orders.Enqueue(order);
                _arrived.Release();
                order.Answer.Task.GetAwaiter().GetResult();
            }

            var engine = new Standing(complete);
            lock (Engines)
            {
                Engines.Add(engine);
            }

            return engine;
        }
        finally
        {
            lock (Engines)
            {
                _now--;
            }
        }
    };

    private int _now;

    /// <summary>The next load that has begun.</summary>
    public async Task<Order> NextAsync()
    {
        await _arrived.WaitAsync(TestContext.Current.CancellationToken);
        return _orders.TryDequeue(out var order) ? order : throw new InvalidOperationException();
    }

    internal sealed class Order
    {
        public Order(LoadSpec complete, Action<float> progress, CancellationToken ct)
        {
            (Complete, Progress, Cancellation) = (complete, progress, ct);
            ct.Register(() => Answer.TrySetCanceled(ct)); // as llama.cpp does at the next progress call
        }

        public LoadSpec Complete { get; }

        public Action<float> Progress { get; }

        public CancellationToken Cancellation { get; }

        public TaskCompletionSource Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    internal sealed class Standing(LoadSpec complete) : IEngine
    {
        public LoadSpec Complete { get; } = complete;

        public bool IsDisposed { get; private set; }

        public EngineFacts Facts { get; } = new(complete.Settings.ContextLength, complete.Settings.NumParallel, 10, false, false, 1, 0, 1, 0, 0);

        public EngineLoad Load => default;

        public TimeSpan? EstimateWait(QueuePriority priority) => null;

        public int[] Tokenize(string text, bool addSpecial, bool parseSpecial) => throw new NotSupportedException();

        public byte[] Piece(int token, bool renderSpecial) => throw new NotSupportedException();

        public GenerationOutput Submit(GenerationSpec spec, CancellationToken ct) => throw new NotSupportedException();

        public Task<float[][]> EmbedAsync(IReadOnlyList<int[]> inputs, CancellationToken ct) => throw new NotSupportedException();

        public void Dispose() => IsDisposed = true;
    }
}
