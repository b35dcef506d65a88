using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Inference.Llama.Interop;
using LLama.Native;

namespace Inference.UnitTests.Llama.Interop;

/// <summary>Sizes as the C compiler lays these structs out on 64 bits.</summary>
public sealed class NativeLayoutTests
{
    [Fact]
    public void Batch_HasSevenFieldsOfEight() => Assert.Equal(56, Unsafe.SizeOf<NativeBatch>());

    [Fact]
    public void Candidate_IsThreeNumbers() => Assert.Equal(12, Unsafe.SizeOf<NativeCandidate>());

    [Fact]
    public void Candidates_ArePaddedToEight() => Assert.Equal(32, Unsafe.SizeOf<NativeCandidates>());

    [Fact]
    public void ContextParameters_AreLLamaSharps() => Assert.Equal(160, Unsafe.SizeOf<LLamaContextParams>());

    [Fact]
    public void SamplerChainParameters_AreOneByte() => Assert.Equal(1, Unsafe.SizeOf<LLamaSamplerChainParams>());

    [Fact]
    public void Batch_FromTheNatives_HasMemoryWhereTheFieldsAre()
    {
        var batch = Native.llama_batch_init(3, embd: 0, sequences: 1);
        var fields = MemoryMarshal.Cast<NativeBatch, nint>(MemoryMarshal.CreateSpan(ref batch, 1));
        Assert.Equal(0, (int)fields[0]);
        Assert.NotEqual(0, fields[1]);
        Assert.Equal(0, fields[2]); // tokens, so no embeddings
        var sequences = fields[5];
        Assert.NotEqual(0, Marshal.ReadIntPtr(sequences, 2 * nint.Size));
        Assert.Equal(0, Marshal.ReadIntPtr(sequences, 3 * nint.Size)); // the natives end this list so: the pointers are where we think
        Native.llama_batch_free(batch);
    }
}
