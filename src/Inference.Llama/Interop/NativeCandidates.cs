namespace Inference.Llama.Interop;

/// <summary>llama.h's llama_token_data.</summary>
internal struct NativeCandidate
{
    public int Token;
    public float Logit;
    public float Probability;
}

/// <summary>llama.h's llama_token_data_array. Samplers sort it, shorten it and move its pointer.</summary>
internal unsafe struct NativeCandidates
{
    public NativeCandidate* Data;
    public nuint Size;
    public long Selected;
    public byte Sorted;

    public readonly int TokenAt(long index) => Data[index].Token;

    public readonly float LogitAt(long index) => Data[index].Logit;
}
