using Inference.Llama;
using Inference.Runtime;
using Inference.Server.Options;
using Inference.Server;
using Inference.Store;
using Microsoft.Extensions.Logging;

namespace Inference.UnitTests.Server.Options;

public sealed class SettingsTests
{
    [Fact]
    public void Choose_NothingSet_GivesTheDefaults()
    {
        var chosen = Choose([]);
        Assert.Equivalent(new RuntimeOptions(), chosen.Bind(RuntimeOptions.Section, new RuntimeOptionsValidator()), strict: true);
        Assert.Equivalent(new StoreOptions(), chosen.Bind(StoreOptions.Section, new StoreOptionsValidator()), strict: true);
        Assert.Equivalent(new ServerOptions(), chosen.Bind(ServerOptions.Section, new ServerOptionsValidator()), strict: true);
        Assert.Empty(chosen.Warnings);
    }

    [Fact]
    public void Choose_OllamasVariables_SetTheRuntime()
    {
        var runtime = Runtime(new()
        {
            ["OLLAMA_KEEP_ALIVE"] = "-1",
            ["OLLAMA_LOAD_TIMEOUT"] = "90s",
            ["OLLAMA_CONTEXT_LENGTH"] = " '8192' ",
            ["OLLAMA_NUM_PARALLEL"] = "4",
            ["OLLAMA_MAX_LOADED_MODELS"] = "2",
            ["OLLAMA_MAX_QUEUE"] = "7",
            ["OLLAMA_FLASH_ATTENTION"] = "off please", // no truth value, and so true
            ["OLLAMA_KV_CACHE_TYPE"] = "Q8_0",
        });
        Assert.Equivalent(new RuntimeOptions
        {
            KeepAlive = TimeSpan.FromSeconds(-1),
            LoadTimeout = TimeSpan.FromSeconds(90),
            ContextLength = 8192,
            NumParallel = 4,
            MaxLoadedModels = 2,
            MaxQueue = 7,
            FlashAttention = true,
            KvCacheType = CacheType.Q8_0,
        }, runtime, strict: true);
    }

    [Theory]
    [InlineData("0", false)]
    [InlineData("1", true)]
    public void Choose_FlashAttention_IsATruthValue(string text, bool on) => Assert.Equal(on, Runtime(new() { ["OLLAMA_FLASH_ATTENTION"] = text }).FlashAttention);

    [Theory]
    [InlineData("1", LogLevel.Debug)]
    [InlineData("true", LogLevel.Debug)]
    [InlineData("2", LogLevel.Trace)]
    [InlineData("0", LogLevel.Information)]
    [InlineData("nonsense", LogLevel.Information)]
    [InlineData("-1", LogLevel.Warning)]
    [InlineData("-2", LogLevel.Error)]
    public void Choose_Debug_CountsLevels(string text, LogLevel level) =>
        Assert.Equal(level, Choose(new() { ["OLLAMA_DEBUG"] = text }).Bind(ServerOptions.Section, new ServerOptionsValidator()).LogLevel);

    [Fact]
    public void Choose_CommandLineAndEnvironment_TheCommandLineGoesFirst()
    {
        var chosen = Settings.Choose(static name => name == "OLLAMA_MAX_QUEUE" ? "1" : null, static name => name == "--max-queue" ? "2" : null);
        Assert.Equal(2, chosen.Bind(RuntimeOptions.Section, new RuntimeOptionsValidator()).MaxQueue);
    }

    [Theory]
    [InlineData("OLLAMA_MAX_QUEUE", "many", "OLLAMA_MAX_QUEUE=many: must be a whole number; using the default 512, as in Ollama")]
    [InlineData("OLLAMA_KEEP_ALIVE", "5 minutes", "OLLAMA_KEEP_ALIVE=5 minutes: must be a duration such as 90s or 1h30m, or a number of seconds; using the default 5m, as in Ollama")]
    [InlineData("OLLAMA_KV_CACHE_TYPE", "q3", "OLLAMA_KV_CACHE_TYPE=q3: must be one of f32, f16, q4_0, q4_1, q5_0, q5_1, q8_0, bf16; using the default f16, as in Ollama")]
    [InlineData("OLLAMA_HOST", ":99999", "OLLAMA_HOST=:99999: \"99999\" is not a port; using 11434")]
    public void Choose_UnreadableVariableOfOllama_WarnsAndGoesOn(string name, string value, string warning)
    {
        var chosen = Choose(new() { [name] = value });
        Assert.Equal([warning], chosen.Warnings);
        Assert.Equal(new RuntimeOptions().MaxQueue, chosen.Bind(RuntimeOptions.Section, new RuntimeOptionsValidator()).MaxQueue);
    }

    [Fact]
    public void Choose_HttpsWithoutCertificate_WarnsThatItIsCleartext() =>
        Assert.Equal(["OLLAMA_HOST=https://0.0.0.0: there is no certificate, so port 443 speaks cleartext only"], Choose(new() { ["OLLAMA_HOST"] = "https://0.0.0.0" }).Warnings);

    [Theory]
    [InlineData("--max-queue", "many", "--max-queue many: must be a whole number")]
    [InlineData("--max-queue", "", "--max-queue : must be a whole number")]
    [InlineData("--models", "", "--models : must be a path")]
    [InlineData("--cache", "both", "--cache both: must be one of split, unified")]
    [InlineData("--drain", "long", "--drain long: must be a duration such as 90s or 1h30m, or a number of seconds")]
    [InlineData("--host", "x:port", "--host x:port: \"port\" is not a port")]
    public void Choose_UnreadableOption_EndsTheStart(string option, string value, string sentence)
    {
        var thrown = Assert.Throws<StartException>(() => Settings.Choose(static _ => null, name => name == option ? value : null));
        Assert.Equal((ExitCode.Usage, sentence), (thrown.Code, thrown.Message));
    }

    [Fact]
    public void Choose_TlsOnlyWithoutCertificate_EndsTheStart() =>
        Assert.Equal("INFERENCE_TLS_ONLY=1: there is no certificate (--tls-certificate, INFERENCE_TLS_CERTIFICATE)", Assert.Throws<StartException>(() => Choose(new() { ["INFERENCE_TLS_ONLY"] = "1" })).Message);

    [Fact]
    public void Choose_UnreadableVariableOfOurs_EndsTheStart() =>
        Assert.Equal("INFERENCE_CACHE=both: must be one of split, unified", Assert.Throws<StartException>(() => Choose(new() { ["INFERENCE_CACHE"] = "both" })).Message);

    [Theory]
    [InlineData("OLLAMA_MAX_QUEUE", "0", "OLLAMA_MAX_QUEUE=0: must be between 1 and 65536")]
    [InlineData("OLLAMA_NUM_PARALLEL", "257", "OLLAMA_NUM_PARALLEL=257: must be between 0 and 256")]
    public void Bind_OutOfRange_NamesWhatSetIt(string name, string value, string sentence)
    {
        var chosen = Choose(new() { [name] = value });
        var thrown = Assert.Throws<StartException>(() => chosen.Bind(RuntimeOptions.Section, new RuntimeOptionsValidator()));
        Assert.Equal((ExitCode.Usage, sentence), (thrown.Code, thrown.Message));
    }

    [Fact]
    public void All_Settings_SetAPropertyEach()
    {
        var sections = new Dictionary<string, Type>
        {
            [ServerOptions.Section] = typeof(ServerOptions),
            [RuntimeOptions.Section] = typeof(RuntimeOptions),
            [StoreOptions.Section] = typeof(StoreOptions),
            [Inference.Store.Identity.IdentityOptions.Section] = typeof(Inference.Store.Identity.IdentityOptions),
            [Inference.Store.Remote.CloudOptions.Section] = typeof(Inference.Store.Remote.CloudOptions),
            [Inference.Facade.FacadeOptions.Section] = typeof(Inference.Facade.FacadeOptions),
            [Inference.Services.ServiceOptions.Section] = typeof(Inference.Services.ServiceOptions),
        };
        Assert.All(Settings.All, setting =>
        {
            var cut = setting.Key.LastIndexOf(':');
            Assert.NotNull(sections[setting.Key[..cut]].GetProperty(setting.Key[(cut + 1)..]));
        });
        Assert.Distinct(Settings.All.Select(static s => s.Key));
        Assert.Distinct(Settings.All.Select(static s => s.Variable));
    }

    private static RuntimeOptions Runtime(Dictionary<string, string> environment) => Choose(environment).Bind(RuntimeOptions.Section, new RuntimeOptionsValidator());

    private static ChosenSettings Choose(Dictionary<string, string> environment) => Settings.Choose(environment.GetValueOrDefault, static _ => null);
}
