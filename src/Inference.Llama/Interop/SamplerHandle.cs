using System.Runtime.InteropServices;
using LLama.Native;

namespace Inference.Llama.Interop;

/// <summary>A <c>llama_sampler</c> chain, which owns the samplers added to it.</summary>
internal sealed unsafe class SamplerHandle : SafeHandle
{
    public SamplerHandle()
        : base(invalidHandleValue: 0, ownsHandle: true)
    {
    }

    public override bool IsInvalid => handle == 0;

    public static SamplerHandle Chain()
    {
        LlamaLibrary.Load(); // before any struct's Default(): see there
        return Native.llama_sampler_chain_init(LLamaSamplerChainParams.Default());
    }

    /// <param name="sampler">Becomes the chain's. A null would end the process at the first sample.</param>
    public void Add(nint sampler)
    {
        if (sampler == 0)
        {
            throw new LlamaException(LlamaFault.Compute, "a sampler could not be made");
        }

        Native.llama_sampler_chain_add(this, sampler);
    }

    public void Apply(ref NativeCandidates candidates)
    {
        fixed (NativeCandidates* array = &candidates)
        {
            Native.llama_sampler_apply(this, array);
        }
    }

    public void Accept(int token) => Native.llama_sampler_accept(this, token);

    protected override bool ReleaseHandle()
    {
        Native.llama_sampler_free(handle);
        return true;
    }
}
