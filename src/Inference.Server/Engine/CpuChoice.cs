using System.Runtime.Intrinsics.X86;
using Inference.Llama;

namespace Inference.Server.Engine;

/// <summary>Which build of llama.cpp to run, and why.</summary>
internal sealed record CpuChoice(CpuVariant Variant, string Reason)
{
    // Measured on the toy, tokens a second, avx512 against avx2: 1280 and 2360 for one call, 2060 and 6070 for eight.
    public static CpuChoice For(CpuVariant wanted, bool onlyToy) => (wanted, onlyToy) switch
    {
        (not CpuVariant.Auto, _) => new(wanted, "as configured"),
        (_, true) when Avx512F.IsSupported => new(CpuVariant.Avx2, "there is only the toy, and wider vectors slow a tiny model down"),
        _ => new(CpuVariant.Auto, "the widest that this CPU has"),
    };
}
