namespace Inference.Runtime;

/// <summary>One loaded model that runs many sequences. The seam under the tests: the real one computes, the scripted one recites.</summary>
public interface IEngine : IDisposable
{
    EngineFacts Facts { get; }

    /// <summary>What is going on right now.</summary>
    EngineLoad Load { get; }

    /// <summary>How long something submitted now would wait for its turn, from recent ones; null while there are none.</summary>
    TimeSpan? EstimateWait(QueuePriority priority);

    /// <param name="text">Any text; one that is too long is FIELD_INVALID.</param>
    /// <param name="addSpecial">Add what the model expects at the start and end of a prompt.</param>
    /// <param name="parseSpecial">Read the names of control tokens as these tokens.</param>
    int[] Tokenize(string text, bool addSpecial, bool parseSpecial);

    /// <summary>The bytes of a token; they need not be whole characters. A token out of range is TOKEN_OUT_OF_RANGE.</summary>
    byte[] Piece(int token, bool renderSpecial);

    /// <summary>Queues a generation. SERVER_BUSY when the queue is full; CONTEXT_LENGTH_EXCEEDED, TOKEN_OUT_OF_RANGE and GRAMMAR_INVALID at once.</summary>
    GenerationOutput Submit(GenerationSpec spec, CancellationToken ct);

    /// <summary>The pooled vectors of inputs, unscaled, in their order. SERVER_BUSY, CONTEXT_LENGTH_EXCEEDED, CAPABILITY_MISSING.</summary>
    Task<float[][]> EmbedAsync(IReadOnlyList<int[]> inputs, CancellationToken ct);
}

/// <summary>What does not change while a model is loaded.</summary>
/// <param name="ContextLength">Tokens of one sequence.</param>
/// <param name="Slots">Sequences at once.</param>
/// <param name="VocabularySize">Token ids are 0 to one less.</param>
/// <param name="AddsBos">Whether tokenizing with special tokens puts one in front.</param>
/// <param name="AddsEos">Whether it puts one at the end.</param>
/// <param name="SizeBytes">Bytes it takes everywhere.</param>
/// <param name="VramBytes">Of these, on accelerators.</param>
/// <param name="LayersTotal">Layers it has.</param>
/// <param name="LayersOffloaded">Of these, on accelerators.</param>
/// <param name="EmbeddingLength">Length of a vector; 0 if it cannot embed.</param>
public sealed record EngineFacts(
    int ContextLength, int Slots, int VocabularySize, bool AddsBos, bool AddsEos,
    long SizeBytes, long VramBytes, int LayersTotal, int LayersOffloaded, int EmbeddingLength);

/// <summary>How busy an engine is.</summary>
/// <param name="Active">Sequences that run.</param>
/// <param name="Queued">Sequences that wait.</param>
/// <param name="CellsUsed">Cells of the cache in use by running sequences.</param>
/// <param name="CellsTotal">Cells of the cache.</param>
public readonly record struct EngineLoad(int Active, int Queued, int CellsUsed, int CellsTotal);
