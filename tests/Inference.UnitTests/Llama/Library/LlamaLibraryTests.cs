using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Inference.Llama;

namespace Inference.UnitTests.Llama.Library;

public sealed class LlamaLibraryTests
{
    [Fact]
    public void Check_OnThisMachine_FindsNothingWrong() => Assert.Null(LlamaLibrary.Check());

    [Fact]
    public void Version_NamesCommitAndPackage()
    {
        Assert.StartsWith("llama.cpp 815a2a591", LlamaLibrary.Version, StringComparison.Ordinal);
        Assert.EndsWith("LLamaSharp 0.30.0", LlamaLibrary.Version, StringComparison.Ordinal);
    }

    [Fact]
    public void Variant_IsTheFolderOfTheLoadedFile()
    {
        Assert.True(File.Exists(LlamaLibrary.LibraryPath));
        Assert.Matches("^(noavx|avx|avx2|avx512|native)$", LlamaLibrary.Variant);
    }

    [Fact]
    public void Devices_HaveACpuWithMemory()
    {
        var cpu = Assert.Single(LlamaLibrary.Devices(), d => d.Kind is DeviceKind.Cpu);
        Assert.Equal("CPU", cpu.Name);
        Assert.NotEmpty(cpu.Description);
        Assert.False(cpu.IsAccelerator);
        Assert.InRange(cpu.TotalBytes, 1L << 20, 1L << 50);
        Assert.InRange(cpu.FreeBytes, 1, cpu.TotalBytes);
    }

    [Fact]
    public void Configure_AnotherVariantAfterUse_IsRefused()
    {
        LlamaLibrary.Load();
        Toy.Throws(LlamaFault.Library, () => LlamaLibrary.Configure(CpuVariant.NoAvx));
    }

    [Fact]
    public void Configure_Log_HearsErrorsAndNothingLess()
    {
        var lines = new ConcurrentQueue<(LlamaLogLevel Level, string Line)>(); // of other tests too
        LlamaLibrary.Configure(CpuVariant.Auto, (level, line) => lines.Enqueue((level, line)));
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, "this is no model");
            var e = Toy.Throws(LlamaFault.Load, () => LlamaModel.Load(path, new ModelParameters()));
            Assert.Contains("magic", e.Message, StringComparison.Ordinal);
            using var context = Toy.Context(); // says a lot, all of it below a warning
        }
        finally
        {
            LlamaLibrary.Configure(CpuVariant.Auto);
            File.Delete(path);
        }

        Assert.Contains(lines, l => l.Level is LlamaLogLevel.Error && l.Line.Contains("magic", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, l => l.Line.Contains("KV buffer size", StringComparison.Ordinal));
        Assert.All(lines, l => Assert.True(l.Level is LlamaLogLevel.Error or LlamaLogLevel.Warning && l.Line.Length > 0 && !l.Line.EndsWith('\n')));
    }

    [Fact]
    public void Configure_LogThatThrows_DoesNoHarm()
    {
        LlamaLibrary.Configure(CpuVariant.Auto, static (_, _) => throw new InvalidOperationException("mine"));
        var path = Path.GetTempFileName();
        try
        {
            Toy.Throws(LlamaFault.Load, () => LlamaModel.Load(path, new ModelParameters()));
        }
        finally
        {
            LlamaLibrary.Configure(CpuVariant.Auto);
            File.Delete(path);
        }
    }

    [Fact]
    public void CanRun_AutoAndWhatIsLoaded_AreTrue()
    {
        Assert.True(LlamaLibrary.CanRun(CpuVariant.Auto));
        Assert.True(!Enum.TryParse<CpuVariant>(LlamaLibrary.Variant, ignoreCase: true, out var loaded) || LlamaLibrary.CanRun(loaded));
        Assert.Throws<ArgumentOutOfRangeException>(() => LlamaLibrary.CanRun((CpuVariant)9));
    }

    [Fact]
    public void Load_SwitchesStacksOnAssertionsOff()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows prints none");
        LlamaLibrary.Load();
        Assert.Equal("1", Marshal.PtrToStringUTF8(GetEnvironment("GGML_NO_BACKTRACE")));
    }

    // .NET's own environment is another one than C's.
    [DllImport("libc", EntryPoint = "getenv", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern nint GetEnvironment(string name);
}
