namespace Inference.Llama;

/// <summary>
/// Which build of llama.cpp for x64 to load. The widest is the fastest on real models, above all for prompts, and the slowest on tiny
/// ones: on a model of 4 million weights AVX2 generated twice to three times as fast as AVX-512. Texts differ between variants.
/// </summary>
public enum CpuVariant
{
    /// <summary>The widest that the processor can run: LLamaSharp's choice.</summary>
    Auto,
    NoAvx,
    Avx,
    Avx2,

    /// <summary>Needs AVX-512 F, BW, VBMI and VNNI.</summary>
    Avx512,
}
