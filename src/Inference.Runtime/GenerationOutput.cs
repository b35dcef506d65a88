using System.Threading.Channels;

namespace Inference.Runtime;

/// <summary>Where a sequence is.</summary>
public enum GenerationPhase
{
    Queue,
    Prompt,
    Output,
    Ended,
}

/// <summary>What the caller of <see cref="IEngine.Submit"/> holds: pieces as they come, and how it ended. For one reader.</summary>
public abstract class GenerationOutput
{
    /// <summary>
    /// The pieces. Ends with an InferenceException on failure and with an OperationCanceledException on cancellation, after
    /// <see cref="Result"/> is set.
    /// </summary>
    public abstract ChannelReader<Piece> Pieces { get; }

    /// <summary>Set before <see cref="Pieces"/> ends, however it ends.</summary>
    public abstract GenerationResult? Result { get; }

    public abstract GenerationPhase Phase { get; }

    /// <summary>Sequences that are served before this one, in <see cref="GenerationPhase.Queue"/>.</summary>
    public abstract int QueuePosition { get; }

    /// <summary>How long it will be in <see cref="GenerationPhase.Queue"/> still, from recent ones; null while there are none.</summary>
    public abstract TimeSpan? EstimatedWait { get; }

    /// <summary>Tokens of the prompt evaluated or taken from the cache so far.</summary>
    public abstract int PromptTokensDone { get; }

    /// <summary>Of the prompt, taken from the cache; known in <see cref="GenerationPhase.Output"/>.</summary>
    public abstract int CachedTokens { get; }
}
