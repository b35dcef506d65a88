namespace Inference.Runtime.Embedding;

/// <summary>The inputs of one call. Only <see cref="IsCancelled"/> is touched by others than the embedding thread.</summary>
internal sealed class EmbeddingJob(IReadOnlyList<int[]> inputs, CancellationToken ct)
{
    private readonly TaskCompletionSource<float[][]> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly float[][] _vectors = new float[inputs.Count][];
    private int _missing = inputs.Count;
    private volatile bool _cancelled;

    public IReadOnlyList<int[]> Inputs { get; } = inputs;

    public CancellationToken Cancellation { get; } = ct;

    public CancellationTokenRegistration Registration { get; set; }

    public Task<float[][]> Vectors => _done.Task;

    /// <summary>Inputs that have gone into a batch.</summary>
    public int Taken { get; set; }

    public bool IsStarted => Taken > 0;

    /// <summary>Timestamp of the first of these batches.</summary>
    public long Started { get; set; }

    public bool IsCancelled
    {
        get => _cancelled;
        set => _cancelled = value;
    }

    public bool IsEnded { get; private set; }

    /// <returns>Whether this was the last.</returns>
    public bool Set(int input, float[] vector)
    {
        _vectors[input] = vector;
        return --_missing == 0;
    }

    /// <param name="failure">Null if it has all its vectors.</param>
    public void End(Exception? failure)
    {
        IsEnded = true;
        Registration.Unregister();
        if (failure is null)
        {
            _done.SetResult(_vectors);
        }
        else
        {
            _done.SetException(failure);
        }
    }
}
