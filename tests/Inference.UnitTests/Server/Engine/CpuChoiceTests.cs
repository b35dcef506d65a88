using System.Runtime.Intrinsics.X86;
using Inference.Llama;
using Inference.Server.Engine;

namespace Inference.UnitTests.Server.Engine;

public sealed class CpuChoiceTests
{
    [Fact]
    public void For_Auto_TakesTheWidestUnlessThereIsOnlyTheToy()
    {
        Assert.Equal(CpuVariant.Auto, CpuChoice.For(CpuVariant.Auto, onlyToy: false).Variant);
        Assert.Equal(Avx512F.IsSupported ? CpuVariant.Avx2 : CpuVariant.Auto, CpuChoice.For(CpuVariant.Auto, onlyToy: true).Variant);
    }

    [Theory]
    [InlineData(CpuVariant.Avx, true)]
    [InlineData(CpuVariant.Avx512, false)]
    public void For_Configured_IsTaken(CpuVariant wanted, bool onlyToy) => Assert.Equal(new CpuChoice(wanted, "as configured"), CpuChoice.For(wanted, onlyToy));
}
