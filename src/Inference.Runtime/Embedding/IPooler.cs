using Inference.Llama;

namespace Inference.Runtime.Embedding;

/// <summary>What the embedding thread asks of llama.cpp; the seam under its tests. Used by one thread.</summary>
internal interface IPooler : IDisposable
{
    /// <summary>Numbers of a vector.</summary>
    int VectorLength { get; }

    /// <summary>Computes whole texts, one sequence each. What was computed before is forgotten.</summary>
    DecodeOutcome Compute(Batch batch);

    /// <summary>The pooled vector of a sequence of the last batch.</summary>
    ReadOnlySpan<float> Vector(int sequence);
}

/// <summary>A context of llama.cpp that pools.</summary>
internal sealed class LlamaPooler(LlamaContext context) : IPooler
{
    public int VectorLength { get; } = context.EmbeddingLength;

    public DecodeOutcome Compute(Batch batch)
    {
        if (!context.HasMemory)
        {
            return context.Encode(batch); // an encoder such as BERT
        }

        context.Clear();
        return context.Decode(batch);
    }

    public ReadOnlySpan<float> Vector(int sequence) => context.Embedding(sequence);

    public void Dispose() => context.Dispose();
}
