using Inference.V1;

namespace Inference.Services;

/// <summary>
/// Where the output of a generation goes: one implementation for each door. Called in the order of the contract's streams
/// (progress, start, output, finish), one call at a time; the arguments belong to the writer until its task completes.
/// </summary>
public interface IGenerationWriter
{
    ValueTask ProgressAsync(Progress progress, CancellationToken ct);

    ValueTask StartAsync(GenerationStart start, CancellationToken ct);

    ValueTask TextAsync(string text, Logprobs? logprobs, CancellationToken ct);

    ValueTask ThinkingAsync(string thinking, Logprobs? logprobs, CancellationToken ct);

    ValueTask ToolCallDeltaAsync(ToolCallDelta delta, CancellationToken ct);

    ValueTask ToolCallAsync(ToolCall call, Logprobs? logprobs, CancellationToken ct);

    /// <summary>Last, also before a failure: then the reason is FINISH_REASON_ERROR and the failure is thrown afterwards.</summary>
    ValueTask FinishAsync(GenerationFinish finish, CancellationToken ct);
}

/// <summary>Where embeddings go: one implementation for each door.</summary>
public interface IEmbeddingWriter
{
    ValueTask ProgressAsync(Progress progress, CancellationToken ct);

    /// <summary>Before the first vector: what is already less than what was asked for.</summary>
    void Start(IReadOnlyList<Warning> warnings)
    {
    }

    ValueTask EmbeddingAsync(Embedding embedding, CancellationToken ct);

    ValueTask FinishAsync(EmbedFinish finish, CancellationToken ct);
}
