using Inference.Errors;
using Inference.Facade;
using Inference.Llama;
using Inference.Runtime;
using Inference.Services;
using Inference.Store;
using Inference.Store.Identity;
using Inference.Store.Remote;

namespace Inference.Server.Options;

/// <summary>
/// Every setting: the only place that knows environment variables, and what the command line, its help and the README's table are
/// made of. The command line goes before the environment.
/// </summary>
internal static class Settings
{
    private const string Host = ServerOptions.Section + ":", Runtime = RuntimeOptions.Section + ":", Store = StoreOptions.Section + ":", Services = ServiceOptions.Section + ":", Cloud = CloudOptions.Section + ":";

    public const string Listen = Host + nameof(ServerOptions.Listen), Certificate = Host + nameof(ServerOptions.TlsCertificate), Origins = Host + nameof(ServerOptions.Origins), TlsOnly = Host + nameof(ServerOptions.TlsOnly);

    public static readonly IReadOnlyList<Setting> All =
    [
        new("--host", "OLLAMA_HOST", Listen, ValueKinds.Address, "127.0.0.1:11434, as in Ollama",
            "Where to listen: [scheme://]host[:port]. An empty host, 0.0.0.0 and [::] are every interface; http:// is port 80, https:// 443, otherwise Ollama's default."),
        new("--unix-socket", "INFERENCE_UNIX_SOCKET", Host + nameof(ServerOptions.UnixSocket), ValueKinds.Path, "none",
            "A Unix socket to listen on as well."),
        new("--models", "OLLAMA_MODELS", Store + nameof(StoreOptions.Root), ValueKinds.Path, "~/.ollama/models, as in Ollama",
            "The store: Ollama's own folder, shared with it."),
        new("--identity", "INFERENCE_IDENTITY", IdentityOptions.Section + ":" + nameof(IdentityOptions.Folder), ValueKinds.Path, "~/.ollama, as in Ollama",
            "Folder of the key pair (id_ed25519) that registries and ollama.com know this server by, and of server.json. A missing key is made at start."),
        new("--no-cloud", "OLLAMA_NO_CLOUD", Cloud + nameof(CloudOptions.Disabled), ValueKinds.Switch, "false, as in Ollama",
            "Run nothing on other servers. disable_ollama_cloud in server.json does the same."),
        new("--remotes", "OLLAMA_REMOTES", Cloud + nameof(CloudOptions.Remotes), ValueKinds.Text, "ollama.com, as in Ollama",
            "Hosts that stored models may be run on, with commas between."),
        new(null, "OLLAMA_CLOUD_BASE_URL", Cloud + nameof(CloudOptions.BaseUrl), ValueKinds.Text, "https://ollama.com:443, as in Ollama",
            "Who answers for names that end in :cloud; only an address of this machine is taken."),
        new("--keep-alive", "OLLAMA_KEEP_ALIVE", Runtime + nameof(RuntimeOptions.KeepAlive), ValueKinds.Duration, "5m, as in Ollama",
            "How long an idle model stays in memory; negative is for ever."),
        new("--load-timeout", "OLLAMA_LOAD_TIMEOUT", Runtime + nameof(RuntimeOptions.LoadTimeout), ValueKinds.Duration, "5m, as in Ollama",
            "How long a load may make no progress; 0 is without limit."),
        new("--context-length", "OLLAMA_CONTEXT_LENGTH", Runtime + nameof(RuntimeOptions.ContextLength), ValueKinds.Whole, "0: 4096, more with a GPU's memory, as in Ollama",
            "Context length of one call where neither the call nor the model has one."),
        new("--parallel", "OLLAMA_NUM_PARALLEL", Runtime + nameof(RuntimeOptions.NumParallel), ValueKinds.Whole, "0: what a quarter of the free memory holds, 32 at most",
            "Calls that run at once on one model. In Ollama the default is 1."),
        new("--max-loaded-models", "OLLAMA_MAX_LOADED_MODELS", Runtime + nameof(RuntimeOptions.MaxLoadedModels), ValueKinds.Whole, "0: 3, or 3 for each GPU, as in Ollama",
            "Models in memory at once."),
        new("--max-queue", "OLLAMA_MAX_QUEUE", Runtime + nameof(RuntimeOptions.MaxQueue), ValueKinds.Whole, "512, as in Ollama",
            "Calls that may wait before new ones get SERVER_BUSY."),
        new("--flash-attention", "OLLAMA_FLASH_ATTENTION", Runtime + nameof(RuntimeOptions.FlashAttention), ValueKinds.Switch, "off on the CPU, on where else it can be",
            "Off, a call's text never depends on what of its prompt was cached. A quantized cache has it on all the same."),
        new("--kv-cache-type", "OLLAMA_KV_CACHE_TYPE", Runtime + nameof(RuntimeOptions.KvCacheType), ValueKinds.Choice<CacheType>(), "f16, as in Ollama",
            "Number format of the key-value cache."),
        new("--cache", "INFERENCE_CACHE", Runtime + nameof(RuntimeOptions.Cache), ValueKinds.Choice<CacheKind>(), "split",
            "split: equal shares, and no call's text depends on its neighbours. unified: one pool that a long call may use up."),
        new("--threads", "INFERENCE_THREADS", Runtime + nameof(RuntimeOptions.Threads), ValueKinds.Whole, "0: one less than the cores",
            "Threads for each model. All the cores are faster on a machine that does nothing else, and much slower on one that does."),
        new("--cpu-variant", "INFERENCE_CPU_VARIANT", Host + nameof(ServerOptions.CpuVariant), ValueKinds.Choice<CpuVariant>(), "auto",
            "Which build of llama.cpp runs on the CPU. auto is the widest that the CPU has, and avx2 while only the toy is offered: on tiny models wider is slower."),
        new("--tls-certificate", "INFERENCE_TLS_CERTIFICATE", Certificate, ValueKinds.Path, "none",
            "A certificate, PEM or PKCS #12 (.pfx). With one, the port speaks TLS beside cleartext. A changed file is taken up without a restart."),
        new("--tls-key", "INFERENCE_TLS_KEY", Host + nameof(ServerOptions.TlsKey), ValueKinds.Path, "the certificate's file",
            "The private key, PEM."),
        new(null, "INFERENCE_TLS_PASSWORD", Host + nameof(ServerOptions.TlsPassword), ValueKinds.Text, "none",
            "What the key or the .pfx file is encrypted with."),
        new("--tls-only", "INFERENCE_TLS_ONLY", TlsOnly, ValueKinds.Switch, "false",
            "Close cleartext connections. A Unix socket stays cleartext."),
        new("--drain", "INFERENCE_DRAIN", Host + nameof(ServerOptions.Drain), ValueKinds.Duration, "30s, as any .NET host",
            "How long running calls may go on after SIGTERM."),
        new("--max-request-bytes", "INFERENCE_MAX_REQUEST_BYTES", Services + nameof(ServiceOptions.MaxRequestBytes), ValueKinds.Whole, "30000000, as in Kestrel",
            "Largest message over gRPC and under /inference/v1, in bytes. The Ollama routes have no limit, as there."),
        new("--dialect", "INFERENCE_DIALECT", FacadeOptions.Section + ":" + nameof(FacadeOptions.Dialect), ValueKinds.Choice<ErrorDialect>(), "head",
            "Words of errors on Ollama's routes: head, as the real server answers; documented, as Ollama's published error page has them."),
        new("--debug", "OLLAMA_DEBUG", Host + nameof(ServerOptions.LogLevel), ValueKinds.Verbosity, "0, as in Ollama",
            "What is logged: 1 debug, 2 trace, 0 information, -1 warnings, -2 errors."),
        new("--origins", "OLLAMA_ORIGINS", Origins, ValueKinds.Text, "none",
            "Origins of web pages that may call, with commas between and one * in each, beside Ollama's own list: pages of this machine and of desktop apps. * alone is all."),
    ];

    /// <summary>The process's environment.</summary>
    public static string? FromEnvironment(string variable) => Environment.GetEnvironmentVariable(variable);

    /// <param name="environment">A variable's value; null if it is not set.</param>
    /// <param name="commandLine">An option's value; null if it is not given.</param>
    /// <exception cref="StartException">A value cannot be read.</exception>
    public static ChosenSettings Choose(Func<string, string?> environment, Func<string, string?> commandLine)
    {
        var chosen = new ChosenSettings();
        foreach (var setting in All)
        {
            if (setting.Option is { } option && commandLine(option) is { } given)
            {
                chosen.Add(setting, $"{option} {given}", GoText.Trim(given), strict: true);
            }
            else if (environment(setting.Variable) is { } raw && GoText.Trim(raw) is { Length: > 0 } value)
            {
                chosen.Add(setting, $"{setting.Variable}={raw}", value, strict: !setting.IsOllamas);
            }
        }

        chosen.CheckTogether();
        return chosen;
    }
}
