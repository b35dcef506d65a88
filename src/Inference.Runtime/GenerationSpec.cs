using Inference.Llama;

namespace Inference.Runtime;

/// <summary>What to generate, complete and checked. The scheduler accepts nothing less.</summary>
public sealed record GenerationSpec
{
    /// <summary>Tokens of the prompt, at least one.</summary>
    public required int[] Prompt { get; init; }

    /// <summary>Tokens to generate at most; 0 evaluates the prompt only.</summary>
    public required int MaxTokens { get; init; }

    public required SamplingParameters Sampling { get; init; }

    /// <summary>A grammar that the same answer will go on with once it is known what it is: checked now, so that it fails before the output begins.</summary>
    public string? LaterGrammar { get; init; }

    /// <summary>Texts that end the answer and are left out of it. An empty text ends it at the first token, as Ollama's engine does.</summary>
    public IReadOnlyList<string> Stop { get; init; } = [];

    /// <summary>Alternatives for each token; null for no log-probabilities at all.</summary>
    public int? TopLogprobs { get; init; }

    /// <summary>When the context is full: drop the older half after <see cref="KeepTokens"/> and go on, instead of ending.</summary>
    public bool Shift { get; init; }

    /// <summary>Tokens at the start that a shift never drops.</summary>
    public int KeepTokens { get; init; }

    public QueuePriority Priority { get; init; } = QueuePriority.Normal;

    /// <summary>Goes on with an answer that its reader has seen the beginning of: served before all who wait, and never refused as SERVER_BUSY.</summary>
    public bool Continues { get; init; }

    /// <summary>Stop after the same token 30 times in a row, as Ollama does.</summary>
    public bool StopRepetition { get; init; } = true;

    /// <summary>Write control tokens out, for parsers that look for them. Tokens that end the answer are never written.</summary>
    public bool RenderSpecial { get; init; }
}

public enum QueuePriority
{
    Low,
    Normal,
    High,
}

/// <summary>A stretch of output: whole characters, and the tokens that made them.</summary>
/// <param name="Text">Whole characters; empty where a token's text is held back, and in the first piece if nothing is sure yet.</param>
/// <param name="Tokens">Tokens accounted for by this piece.</param>
/// <param name="Logprobs">Of these tokens, if asked for.</param>
public readonly record struct Piece(string Text, int Tokens, IReadOnlyList<TokenLogprobs>? Logprobs);

/// <summary>One generated token and how likely it was before the sampling options took effect.</summary>
/// <param name="Token">Its id.</param>
/// <param name="Bytes">Its bytes.</param>
/// <param name="Logprob">Natural logarithm.</param>
/// <param name="Top">The likeliest tokens at its place, best first.</param>
public sealed record TokenLogprobs(int Token, byte[] Bytes, double Logprob, IReadOnlyList<TokenLogprobs> Top);

/// <summary>Why an output ended.</summary>
public enum StopReason
{
    /// <summary>The model ended it.</summary>
    EndOfText,
    StopSequence,
    MaxTokens,
    ContextFull,
    Repetition,

    /// <summary>The pieces end with an exception that says why.</summary>
    Failed,
}

/// <summary>How a generation ended.</summary>
/// <param name="Reason">Why.</param>
/// <param name="StopSequence">Which text, with <see cref="StopReason.StopSequence"/>.</param>
/// <param name="PromptTokens">Of the prompt, cached ones included.</param>
/// <param name="CachedTokens">Of the prompt, not evaluated again.</param>
/// <param name="GeneratedTokens">Generated, the one that ended it not counted.</param>
/// <param name="Generated">Their ids.</param>
/// <param name="Shifts">How often the context was shifted.</param>
/// <param name="TokensDropped">Tokens these shifts dropped.</param>
/// <param name="QueueTime">Waiting for a slot.</param>
/// <param name="PromptTime">Evaluating the prompt, to the first token.</param>
/// <param name="OutputTime">From the first token to the last.</param>
public sealed record GenerationResult(
    StopReason Reason, string? StopSequence, int PromptTokens, int CachedTokens, int GeneratedTokens, IReadOnlyList<int> Generated,
    int Shifts, int TokensDropped, TimeSpan QueueTime, TimeSpan PromptTime, TimeSpan OutputTime);
