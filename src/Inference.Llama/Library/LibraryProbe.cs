using System.Runtime.InteropServices;
using Inference.Llama.Interop;
using LLama.Native;

namespace Inference.Llama;

/// <summary>What a look at the machine found; <see cref="Explain"/> makes a sentence of it.</summary>
internal sealed record LibraryProbe
{
    /// <summary>LLamaSharp 0.30's natives, to which its structs and our imports are matched. Other natives misread them without a word.</summary>
    public const string ExpectedCommit = "815a2a591";

    /// <summary>Where the natives should lie.</summary>
    public required string Folder { get; init; }

    public bool FolderExists { get; init; } = true;

    /// <summary>As in a runtime identifier: <c>x64</c>, <c>arm64</c>.</summary>
    public string Architecture { get; init; } = "x64";

    /// <summary>Null where it is not glibc.</summary>
    public Version? Glibc { get; init; }

    public bool IsMusl { get; init; }

    /// <summary>Of the libraries that the natives need, the first that the system lacks.</summary>
    public string? MissingLibrary { get; init; }

    /// <summary>What loading answered.</summary>
    public string? LoadFailure { get; init; }

    public string Commit { get; init; } = ExpectedCommit;

    /// <summary>The first field of a params struct whose default read back wrong.</summary>
    public string? WrongDefault { get; init; }

    public static LibraryProbe Take()
    {
        var glibc = GlibcVersion();
        var folder = Path.Combine(AppContext.BaseDirectory, "runtimes");
        var probe = new LibraryProbe
        {
            Folder = folder,
            FolderExists = Directory.Exists(folder),
            Architecture = RuntimeInformation.ProcessArchitecture is System.Runtime.InteropServices.Architecture.Arm64 ? "arm64" : "x64",
            Glibc = glibc,
            IsMusl = OperatingSystem.IsLinux() && glibc is null,
            MissingLibrary = MissingOf("libgomp.so.1", "libstdc++.so.6"),
        };
        try
        {
            LlamaLibrary.Load();
            return probe with { Commit = LlamaLibrary.Commit, WrongDefault = FirstWrong(LLamaModelParams.Default()) ?? FirstWrong(LLamaContextParams.Default()) };
        }
        catch (LlamaException e)
        {
            return probe with { LoadFailure = e.Message.ReplaceLineEndings(" ") };
        }
    }

    /// <returns>Null if all is well, else one sentence: what is wrong, and what to do.</returns>
    public string? Explain() => this switch
    {
        { FolderExists: false } =>
            $"llama.cpp's native libraries are missing: there is no folder {Folder}; publish the program again, for this platform.",
        { Glibc: { } found } when found < NeededGlibc =>
            $"llama.cpp needs glibc {NeededGlibc} or newer and this system has {found}: use a newer distribution, such as {(Architecture == "arm64" ? "Debian 13 or Ubuntu 24.04" : "Debian 12 or Ubuntu 22.04")}.",
        { MissingLibrary: { } library } =>
            $"llama.cpp needs {library}, which is not installed: {PackageOf(library)}.",
        { LoadFailure: { } failure } =>
            $"llama.cpp could not be loaded: {failure.TrimEnd('.', ' ')}.",
        { Commit: var commit } when !commit.StartsWith(ExpectedCommit, StringComparison.Ordinal) =>
            $"llama.cpp is of commit {commit} and this program was built for {ExpectedCommit}: put back the native libraries that came with it.",
        { WrongDefault: { } field } =>
            $"llama.cpp's parameters do not have the layout that this program was built for ({field} reads wrong): put back the native libraries that came with it.",
        _ => null,
    };

    // Of the symbols that the package's files import; its arm64 build is the newer one.
    private Version NeededGlibc => Architecture == "arm64" ? new Version(2, 38) : new Version(2, 34);

    /// <summary>Compares with llama.cpp's llama_model_default_params.</summary>
    internal static string? FirstWrong(LLamaModelParams p) => p switch
    {
        { n_gpu_layers: not -1 } => "n_gpu_layers",
        { split_mode: not GPUSplitMode.Layer } => "split_mode",
        { load_mode: not LLamaLoadMode.MemoryMap } => "load_mode",
        { main_gpu: not 0 } => "main_gpu",
        { vocab_only: true } => "vocab_only",
        { use_extra_bufts: false } => "use_extra_bufts",
        { no_alloc: true } => "no_alloc",
        _ => null,
    };

    /// <summary>Compares with llama.cpp's llama_context_default_params.</summary>
    internal static string? FirstWrong(LLamaContextParams p) => p switch
    {
        { n_ctx: not 512 } => "n_ctx",
        { n_batch: not 2048 } => "n_batch",
        { n_ubatch: not 512 } => "n_ubatch",
        { n_seq_max: not 1 } => "n_seq_max",
        { n_threads: not 4 } => "n_threads",
        { n_threads_batch: not 4 } => "n_threads_batch",
        { context_type: not LLamaContextType.Default } => "context_type",
        { llama_pooling_type: not LLamaPoolingType.Unspecified } => "pooling_type",
        { llama_flash_attn_type: not LLamaFlashAttentionType.LLAMA_FLASH_ATTENTION_TYPE_AUTO } => "flash_attn_type",
        { yarn_ext_factor: not -1 } => "yarn_ext_factor",
        { defrag_threshold: not -1 } => "defrag_thold",
        { type_k: not GGMLType.GGML_TYPE_F16 } => "type_k",
        { type_v: not GGMLType.GGML_TYPE_F16 } => "type_v",
        { embeddings: true } => "embeddings",
        { offload_kqv: false } => "offload_kqv",
        { no_perf: false } => "no_perf",
        { kv_unified: true } => "kv_unified",
        { ctx_other: not 0 } => "ctx_other",
        _ => null,
    };

    private string PackageOf(string library) => (library.StartsWith("libgomp", StringComparison.Ordinal), IsMusl) switch
    {
        (true, false) => "install the package libgomp1 (Debian, Ubuntu) or libgomp (Fedora, RHEL)",
        (true, true) => "install the package libgomp (Alpine)",
        (false, false) => "install the package libstdc++6 (Debian, Ubuntu) or libstdc++ (Fedora, RHEL)",
        (false, true) => "install the package libstdc++ (Alpine)",
    };

    private static string? MissingOf(params ReadOnlySpan<string> libraries)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        foreach (var library in libraries)
        {
            if (!NativeLibrary.TryLoad(library, out _)) // kept open: the natives want it next
            {
                return library;
            }
        }

        return null;
    }

    private static unsafe Version? GlibcVersion()
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        try
        {
            return Version.TryParse(NativeText.From(Native.gnu_get_libc_version()), out var version) ? version : null;
        }
        catch (EntryPointNotFoundException)
        {
            return null; // musl
        }
    }
}
