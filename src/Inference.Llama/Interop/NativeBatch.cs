namespace Inference.Llama.Interop;

#pragma warning disable CS0649 // filled by native code
/// <summary>llama.h's llama_batch, field for field.</summary>
internal unsafe struct NativeBatch
{
    public int Count;
    public int* Tokens;
    public float* Embeddings;
    public int* Positions;
    public int* SequenceCounts;
    public int** Sequences;
    public sbyte* Logits;
}
#pragma warning restore CS0649
