using Inference.Llama;
using Inference.Runtime.Caching;
using Inference.Runtime.Sampling;

namespace Inference.Runtime.Scheduling;

/// <summary>A generation on the engine thread. Only <see cref="IsCancelled"/> and <see cref="LeaveStep"/> are touched by others.</summary>
internal sealed class Sequence(GenerationSpec spec, SamplerChain sampler, SequenceOutput output, CancellationToken ct)
{
    private volatile bool _cancelled;
    private long _step;

    public GenerationSpec Spec { get; } = spec;

    public SamplerChain Sampler { get; } = sampler;

    public SequenceOutput Output { get; } = output;

    public CancellationToken Cancellation { get; } = ct;

    public CancellationTokenRegistration Registration { get; set; }

    public OutputText Text { get; } = new(spec.Stop, spec.StopRepetition);

    /// <summary>What the cache must hold before the next token is chosen: prompt and answer, less what shifts have dropped.</summary>
    public List<int> Tokens { get; } = [.. spec.Prompt];

    public Slot? Slot { get; set; }

    /// <summary>Grows with each admission.</summary>
    public long Admission { get; set; }

    /// <summary>Rows in the batch of this step.</summary>
    public int Rows { get; set; }

    /// <summary>Positions in the cache before this step.</summary>
    public int FedBefore { get; set; }

    /// <summary>The batch row that its next token is read from; -1 for none in this step.</summary>
    public int LogitsRow { get; set; } = -1;

    /// <summary>The reader no longer wants it.</summary>
    public bool IsCancelled
    {
        get => _cancelled;
        set => _cancelled = value;
    }

    /// <summary>Says in which step it has rows. A canceller sees that, or this thread sees <see cref="IsCancelled"/> afterwards.</summary>
    public void EnterStep(long step) => Interlocked.Exchange(ref _step, step);

    /// <returns>The step it was in, to the first who asks; 0 for none.</returns>
    public long LeaveStep() => Interlocked.Exchange(ref _step, 0);

    /// <summary>Tokens that the cache lacks.</summary>
    public int Missing => Tokens.Count - Slot!.Tokens.Count;

    /// <summary>Next comes an answer's token, not a stretch of the prompt.</summary>
    public bool IsDecoding => Output.Phase is GenerationPhase.Output && Missing == 1;
}
