using Inference.Runtime;

namespace Inference.TestKit;

/// <summary>What a <see cref="ScriptedEngine"/> recites for one submission, and how it ends.</summary>
public sealed record Script
{
    public IReadOnlyList<Piece> Pieces { get; init; } = [];

    public StopReason Reason { get; init; } = StopReason.EndOfText;

    public string? StopSequence { get; init; }

    /// <summary>Thrown after the pieces.</summary>
    public Exception? Failure { get; init; }

    /// <summary>After the pieces, stays silent until it is cancelled.</summary>
    public bool Hangs { get; init; }

    /// <summary>Where it waits before the first piece until <see cref="Gate"/> opens.</summary>
    public GenerationPhase WaitsIn { get; init; } = GenerationPhase.Prompt;

    /// <summary>Opens before the first piece; null for at once.</summary>
    public TaskCompletionSource? Gate { get; init; }

    public int QueuePosition { get; init; }

    /// <summary>While it waits in the queue.</summary>
    public TimeSpan? EstimatedWait { get; init; }

    public int PromptTokensDone { get; init; }

    /// <summary>All pieces are ready at once. Otherwise one at a time, each after the one before has been taken.</summary>
    public bool Bursts { get; init; }

    /// <summary>Counts and times of the result, where they shall differ from what follows from the pieces.</summary>
    public Func<GenerationResult, GenerationResult> Result { get; init; } = static r => r;

    public int CachedTokens { get; init; }

    public static implicit operator Script(string text) => Of(text);

    /// <summary>These pieces, one token each.</summary>
    public static Script Of(params string[] pieces) => new() { Pieces = [.. pieces.Select(static p => new Piece(p, 1, null))] };
}
