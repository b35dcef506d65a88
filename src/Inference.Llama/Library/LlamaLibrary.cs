using System.Reflection;
using System.Runtime.Intrinsics.X86;
using Inference.Llama.Interop;
using LLama.Native;

namespace Inference.Llama;

/// <summary>llama.cpp itself: which build of it, on what devices, and whether it runs here at all. Loaded at first use, or by <see cref="Load"/>.</summary>
public static unsafe class LlamaLibrary
{
    private static readonly Lock Gate = new();
    private static CpuVariant _variant;
    private static bool _loading;
    private static bool _loaded;
    private static LlamaException? _failure;

    /// <summary>The CPU variant in use, as LLamaSharp names its folder: <c>avx2</c>; <c>native</c> on platforms that have one only.</summary>
    public static string Variant => Path.GetFileName(Path.GetDirectoryName(PathOf("ggml-cpu"))!);

    /// <summary>The file of llama.cpp that was loaded.</summary>
    public static string LibraryPath => PathOf("llama");

    /// <summary>llama.cpp's commit.</summary>
    public static string Commit => NativeText.From(Native.ggml_commit()) ?? "";

    /// <summary>For people, for example <c>llama.cpp 815a2a591 (ggml 0.18.0), LLamaSharp 0.30.0</c>.</summary>
    public static string Version =>
        $"llama.cpp {Commit} (ggml {NativeText.From(Native.ggml_version())}), LLamaSharp {BuiltFor("LLamaSharp")}";

    /// <summary>Says which build to load, and who hears of warnings and errors. Before anything else of this project.</summary>
    /// <param name="variant">Checked against the processor: a wrong one would be an illegal instruction.</param>
    /// <param name="log">Called from any thread. Null drops the lines; nothing is ever written to stderr.</param>
    /// <exception cref="LlamaException">llama.cpp is loaded already, or the processor cannot run the variant.</exception>
    public static void Configure(CpuVariant variant, Action<LlamaLogLevel, string>? log = null)
    {
        lock (Gate)
        {
            LlamaLog.Sink = log;
            if (variant == _variant)
            {
                return;
            }

            if (_loaded || _failure is not null)
            {
                throw new LlamaException(LlamaFault.Library, "the CPU variant is chosen before the first use of llama.cpp, and it has been used");
            }

            _variant = CanRun(variant)
                ? variant
                : throw new LlamaException(LlamaFault.Library, $"this processor cannot run the {variant} build of llama.cpp");
        }
    }

    /// <summary>Loads it now instead of at first use: some 60 ms, worth a thread of its own at start.</summary>
    /// <exception cref="LlamaException">It cannot be loaded; <see cref="Check"/> tells why.</exception>
    public static void Load()
    {
        if (Volatile.Read(ref _loaded))
        {
            return;
        }

        lock (Gate)
        {
            if (_loaded || _loading) // loading: our own imports come back here
            {
                return;
            }

            if (_failure is not null)
            {
                throw _failure;
            }

            _loading = true;
            try
            {
                LoadOnce();
                Volatile.Write(ref _loaded, true);
            }
            catch (Exception e)
            {
                _failure = e as LlamaException ?? new LlamaException(LlamaFault.Library, (e.InnerException ?? e).Message, e);
                throw _failure;
            }
            finally
            {
                _loading = false;
            }
        }
    }

    /// <summary>What this machine offers, the CPU included, in the order that <see cref="ModelParameters.MainGpu"/> counts accelerators in.</summary>
    public static IReadOnlyList<LlamaDevice> Devices()
    {
        var devices = new LlamaDevice[(int)Native.ggml_backend_dev_count()];
        for (var i = 0; i < devices.Length; i++)
        {
            var device = Native.ggml_backend_dev_get((nuint)i);
            Native.ggml_backend_dev_memory(device, out var free, out var total);
            devices[i] = new LlamaDevice(
                NativeText.From(Native.ggml_backend_dev_name(device)) ?? "",
                NativeText.From(Native.ggml_backend_dev_description(device)) ?? "",
                (DeviceKind)Native.ggml_backend_dev_type(device),
                (long)total,
                (long)free);
        }

        return devices;
    }

    /// <summary>Looks whether llama.cpp can run here. To be called once, at start.</summary>
    /// <returns>Null, or one sentence that says what is wrong and what to do about it.</returns>
    public static string? Check() => LibraryProbe.Take().Explain();

    /// <summary>Whether the processor has what the variant needs; the same conditions as LLamaSharp's.</summary>
    internal static bool CanRun(CpuVariant variant) => variant switch
    {
        CpuVariant.Auto => true,
        CpuVariant.NoAvx => X86Base.IsSupported,
        CpuVariant.Avx => Avx.IsSupported,
        CpuVariant.Avx2 => Avx2.IsSupported,
        CpuVariant.Avx512 => Avx512F.IsSupported && Avx512BW.IsSupported && Avx512Vbmi.IsSupported && (X86Base.CpuId(7, 0).Ecx & (1 << 11)) != 0,
        _ => throw new ArgumentOutOfRangeException(nameof(variant), variant, message: null),
    };

    /// <summary>The n-th accelerator, or 0.</summary>
    internal static nint Accelerator(int index)
    {
        for (nuint i = 0; i < Native.ggml_backend_dev_count(); i++)
        {
            var device = Native.ggml_backend_dev_get(i);
            if ((DeviceKind)Native.ggml_backend_dev_type(device) is DeviceKind.Gpu or DeviceKind.IntegratedGpu && index-- == 0)
            {
                return device;
            }
        }

        return 0;
    }

    private static string? BuiltFor(string package) =>
        typeof(LlamaLibrary).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(a => a.Key == package).Value;

    private static string PathOf(string library)
    {
        Load();
        return LoadedModules.PathOf(library) ?? throw new LlamaException(LlamaFault.Library, $"{library} is not loaded");
    }

    private static void LoadOnce()
    {
        if (!OperatingSystem.IsWindows())
        {
            fixed (byte* name = "GGML_NO_BACKTRACE"u8, value = "1"u8)
            {
                _ = Native.setenv(name, value, 1); // else a failed assertion starts a debugger and prints stacks
            }
        }

        if (_variant is not CpuVariant.Auto)
        {
            NativeLibraryConfig.All.WithAvx(_variant switch
            {
                CpuVariant.Avx512 => AvxLevel.Avx512,
                CpuVariant.Avx2 => AvxLevel.Avx2,
                CpuVariant.Avx => AvxLevel.Avx,
                _ => AvxLevel.None,
            });
        }

        // Whatever is logged between the load and our own receiver must not go to stderr.
        NativeLibraryConfig.All.WithLogCallback(static (_, _) => { });

        // Only this type's initialiser points LLamaSharp at its natives: without it any struct's Default() throws.
        NativeApi.llama_empty_call();
        LlamaLog.Install();
        if (_variant is not CpuVariant.Auto && !Variant.Equals(_variant.ToString(), StringComparison.OrdinalIgnoreCase))
        {
            throw new LlamaException(LlamaFault.Library, $"the {_variant} build of llama.cpp is not among the natives: {Variant} was loaded instead");
        }
    }
}
