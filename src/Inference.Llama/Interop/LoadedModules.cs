using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;

namespace Inference.Llama.Interop;

/// <summary>Leads our imports to the library that LLamaSharp has loaded.</summary>
internal static class LoadedModules
{
    // LLamaSharp picks a folder at run time and keeps the handle to itself. The loaded module's path leads back to it: loading a path
    // a second time returns the same handle, never a second copy.
    public static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (name is not ("llama" or "ggml" or "ggml-base"))
        {
            return 0;
        }

        LlamaLibrary.Load();
        return PathOf(name) is { } file ? NativeLibrary.Load(file) : 0;
    }

    /// <summary>The file that a loaded library came from; null if none of that name is loaded.</summary>
    public static string? PathOf(string name)
    {
        using var process = Process.GetCurrentProcess();
        foreach (ProcessModule module in process.Modules)
        {
            if (Path.GetFileNameWithoutExtension(module.FileName) is var file && (file == name || file == "lib" + name))
            {
                return module.FileName;
            }
        }

        return null;
    }
}
