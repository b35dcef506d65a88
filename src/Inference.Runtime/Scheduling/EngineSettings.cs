using Inference.Errors;
using Inference.Llama;

namespace Inference.Runtime.Scheduling;

/// <summary>What an engine is made with, complete and checked.</summary>
internal sealed record EngineSettings
{
    /// <summary>Name as errors show it.</summary>
    public required string Model { get; init; }

    /// <summary>Tokens of one sequence.</summary>
    public required int ContextLength { get; init; }

    /// <summary>Sequences at once, 1 to 256.</summary>
    public required int Slots { get; init; }

    /// <summary>Tokens in one step.</summary>
    public int BatchSize { get; init; } = 512;

    /// <summary>Prompt tokens in a step that also generates: what a neighbour's next token waits for.</summary>
    public int PrefillShare { get; init; } = 256;

    /// <summary>One pool of cells instead of an equal share for each slot.</summary>
    public bool Unified { get; init; }

    /// <summary>Pieces a reader may leave lying before its sequence sits out.</summary>
    public int OutputCapacity { get; init; } = 64;

    /// <summary>Sequences that may wait when all slots are taken.</summary>
    public int MaxQueue { get; init; } = 512;

    /// <summary>Measures how long a sequence waits, reads and writes.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Bytes of the cache.</summary>
    public long CacheBytes { get; init; }

    /// <summary>Bytes that loading took on accelerators.</summary>
    public long VramBytes { get; init; }

    /// <summary>Layers on accelerators.</summary>
    public int LayersOffloaded { get; init; }

    /// <param name="model">The weights.</param>
    /// <param name="embeddingLength">Numbers of a vector; 0 for a generator.</param>
    public EngineFacts FactsOf(LlamaModel model, int embeddingLength) => new(
        ContextLength, Slots, model.Vocabulary.Size, model.Vocabulary.AddsBos, model.Vocabulary.AddsEos,
        model.SizeBytes + CacheBytes, VramBytes, model.LayerCount, LayersOffloaded, embeddingLength);

    /// <summary>A computation that failed, as those who wait for it see it. Where memory ran out llama.cpp does not say.</summary>
    public InferenceException Failure(Exception cause, string phase)
    {
        if (cause is LlamaException { Fault: LlamaFault.Memory })
        {
            return Catalogue.EngineOutOfMemory.Because(cause, Model, LayersOffloaded > 0 ? "the accelerator" : "the CPU");
        }

        // The words of a failed computation are llama-server's, because Ollama passes them on; other words stay in the log.
        var failure = Catalogue.EngineFailed.Because(cause, Model, phase);
        return cause is LlamaException { Fault: LlamaFault.Compute }
            ? new InferenceException(failure.Error with { Facts = failure.Error.Facts.With("detail", cause.Message) }, cause)
            : failure;
    }

    /// <summary>How a computation ended that did not come to its end.</summary>
    public static LlamaException Cause(DecodeOutcome outcome) => outcome switch
    {
        DecodeOutcome.OutOfMemory => new LlamaException(LlamaFault.Memory, "there is not enough memory to compute"),
        DecodeOutcome.Refused => new LlamaException(LlamaFault.Compute, "Invalid input batch."),
        _ => new LlamaException(LlamaFault.Compute, "Compute error."),
    };
}
