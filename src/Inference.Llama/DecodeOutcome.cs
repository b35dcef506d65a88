namespace Inference.Llama;

/// <summary>How a decode ended.</summary>
public enum DecodeOutcome
{
    Done = 0,

    /// <summary>No free cells; nothing changed.</summary>
    NoRoom = 1,

    /// <summary>Stopped by <see cref="LlamaContext.Abort"/>; what the batch had fed must be taken back.</summary>
    Aborted = 2,

    /// <summary>The batch is invalid; nothing changed.</summary>
    Refused = -1,

    /// <summary>Memory for the computation could not be had; the memory of its sequences is undefined.</summary>
    OutOfMemory = -2,

    /// <summary>The computation failed; the memory of its sequences is undefined.</summary>
    Failed = -3,
}
