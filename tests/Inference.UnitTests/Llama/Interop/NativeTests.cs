using System.Reflection;
using System.Runtime.InteropServices;
using Inference.Llama;
using Inference.Llama.Interop;

namespace Inference.UnitTests.Llama.Interop;

/// <summary>
/// That each import leads to the library that was loaded. That it is the right function with the right arguments is shown by what it
/// does: in the tests of the type that calls it.
/// </summary>
public sealed class NativeTests
{
    public static TheoryData<string> Imports => new(
        typeof(Native).GetMethods(BindingFlags.Static | BindingFlags.NonPublic).Where(m => LibraryOf(m) is not (null or "libc")).Select(m => m.Name));

    [Theory]
    [MemberData(nameof(Imports))]
    public void Import_IsExportedByTheLoadedFile(string name)
    {
        var method = typeof(Native).GetMethod(name, BindingFlags.Static | BindingFlags.NonPublic)!;
        LlamaLibrary.Load();
        var file = LoadedModules.PathOf(LibraryOf(method)!);
        Assert.NotNull(file);
        var handle = NativeLibrary.Load(file);
        try
        {
            Assert.True(NativeLibrary.TryGetExport(handle, name, out _));
        }
        finally
        {
            NativeLibrary.Free(handle);
        }
    }

    [Fact]
    public void Resolve_OurLibraries_IsWhatLLamaSharpLoaded()
    {
        LlamaLibrary.Load();
        var folder = Path.GetDirectoryName(LlamaLibrary.LibraryPath);
        Assert.Equal(folder, Path.GetDirectoryName(LoadedModules.PathOf("ggml-base")));
        Assert.Equal(LoadedModules.Resolve("llama", typeof(Native).Assembly, null), LoadedModules.Resolve("llama", typeof(Native).Assembly, null));
        Assert.Equal(0, LoadedModules.Resolve("libc", typeof(Native).Assembly, null));
        Assert.Null(LoadedModules.PathOf("no-such-library"));
    }

    private static string? LibraryOf(MethodInfo method) => method.GetCustomAttribute<LibraryImportAttribute>()?.LibraryName;
}
