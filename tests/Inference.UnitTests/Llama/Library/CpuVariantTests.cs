using System.Diagnostics;
using System.Runtime.InteropServices;
using Inference.Llama;

namespace Inference.UnitTests.Llama.Library;

/// <summary>A process loads one variant in its life: each of these runs its explicit counterpart in a process of its own.</summary>
public sealed class CpuVariantTests
{
    private const string NoAvx512 = "DOTNET_EnableAVX512"; // .NET 10's switch, and that of those before
    private const string NoAvx512F = "DOTNET_EnableAVX512F";

    [Theory]
    [InlineData(CpuVariant.NoAvx, nameof(Child_NoAvx))]
    [InlineData(CpuVariant.Avx, nameof(Child_Avx))]
    [InlineData(CpuVariant.Avx2, nameof(Child_Avx2))]
    [InlineData(CpuVariant.Avx512, nameof(Child_Avx512))]
    public Task Configure_Variant_IsTheOneThatRuns(CpuVariant variant, string child)
    {
        Assert.SkipUnless(LlamaLibrary.CanRun(variant), "this processor cannot");
        return PassesAsync(child);
    }

    [Fact]
    public Task Configure_VariantThatTheProcessorLacks_IsRefused()
    {
        Assert.SkipUnless(RuntimeInformation.ProcessArchitecture is Architecture.X64, "there are variants on x64 only");
        return PassesAsync(nameof(Child_Refused));
    }

    [Fact(Explicit = true)]
    public void Child_NoAvx() => Runs(CpuVariant.NoAvx);

    [Fact(Explicit = true)]
    public void Child_Avx() => Runs(CpuVariant.Avx);

    [Fact(Explicit = true)]
    public void Child_Avx2() => Runs(CpuVariant.Avx2);

    [Fact(Explicit = true)]
    public void Child_Avx512() => Runs(CpuVariant.Avx512);

    [Fact(Explicit = true)]
    public void Child_Refused()
    {
        Assert.False(LlamaLibrary.CanRun(CpuVariant.Avx512));
        var e = Toy.Throws(LlamaFault.Library, () => LlamaLibrary.Configure(CpuVariant.Avx512));
        Assert.Contains("Avx512", e.Message, StringComparison.Ordinal);
        LlamaLibrary.Load(); // and nothing is lost
        Assert.NotEqual("avx512", LlamaLibrary.Variant);
    }

    private static void Runs(CpuVariant variant)
    {
        LlamaLibrary.Configure(variant);
        Assert.Equal(variant.ToString(), LlamaLibrary.Variant, ignoreCase: true);
        Assert.Null(LlamaLibrary.Check());
        Assert.NotEmpty(Toy.GenerateText(Toy.Greedy));
    }

    private static async Task PassesAsync(string child)
    {
        var runner = Environment.ProcessPath!;
        Assert.SkipUnless(Path.GetFileName(runner).StartsWith(typeof(CpuVariantTests).Assembly.GetName().Name!, StringComparison.Ordinal), "not run by the tests' own runner");
        var start = new ProcessStartInfo(runner, ["-noColor", "-explicit", "only", "-method", $"{typeof(CpuVariantTests).FullName}.{child}"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (child == nameof(Child_Refused))
        {
            start.Environment[NoAvx512] = start.Environment[NoAvx512F] = "0";
        }

        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, output);
        Assert.Contains("Total: 1,", output, StringComparison.Ordinal);
        Assert.Equal("", await error); // llama.cpp is silent
    }
}
