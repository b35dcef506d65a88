using System.Globalization;
using System.Text;
using Inference.Store.Remote;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Inference.TestKit.Provocations;

/// <summary>The servers that the provocations go to.</summary>
public sealed class ProvocationScene : IAsyncLifetime
{
    /// <summary>More than the prompt that does not fit the context, and little enough to send.</summary>
    public const int MaxRequestBytes = 100_000;

    private readonly SmallStore _store = new();
    private readonly ScriptedStore _scripted = new();
    private readonly ScriptedStore _busy = new();
    private readonly ScriptedStore _broken = new();
    private readonly ProvokedEngines _engines = new();
    private readonly Dictionary<Target, ServerHost> _hosts = [];
    private MockUpstream _elsewhere = null!;
    private MockRegistry _registry = null!;
    private Task _occupied = Task.CompletedTask;
    private string _text = "";

    public async ValueTask InitializeAsync()
    {
        _elsewhere = await MockUpstream.StartAsync(static request => new MockAnswer(int.Parse(request.Model, CultureInfo.InvariantCulture), """{"error":"as it was asked to"}"""));
        _registry = await ProvokedRegistry.StartAsync();
        Fill();
        _hosts[Target.Real] = await ServerHost.StartAsync(new ServerHostOptions
        {
            Store = _store.Root,
            Settings = new Dictionary<string, string> { ["--max-request-bytes"] = $"{MaxRequestBytes}" },
        });
        _hosts[Target.Scripted] = await StartAsync(_scripted, _engines.Of, new() { ["--max-loaded-models"] = "20" }, builder =>
        {
            builder.AddSingleton<TimeProvider>(_engines.Time);
            builder.Replace(ServiceDescriptor.Singleton(Options.Create(new CloudOptions { Remotes = "127.0.0.1" })));
        });
        _hosts[Target.Busy] = await StartAsync(_busy, _engines.Of, new() { ["--max-queue"] = "1" });
        _hosts[Target.Broken] = await StartAsync(_broken, _engines.Of, []);
        _hosts[Target.Draining] = await ServerHost.StartAsync();
        _hosts[Target.Draining].App.Lifetime.StopApplication();
        _occupied = _hosts[Target.Busy].Models.LoadModelAsync(new() { Model = "held" }).ResponseAsync;
        await _engines.Held;
        Directory.Delete(Path.Combine(_busy.Root, "identity"), recursive: true);
        var tags = Directory.CreateDirectory(Path.Combine(_broken.Root, "manifests/h/n/m")).FullName;
        File.CreateSymbolicLink(Path.Combine(tags, "t"), Path.Combine(tags, "gone"));
    }

    public Uri AddressOf(Provocation provocation) => _hosts[provocation.Target].Address;

    /// <summary>With the addresses of other servers, and digests, which are not known before.</summary>
    public Provocation Addressed(Provocation provocation) => provocation with
    {
        Request = Addressed(provocation.Request),
        Ollama = provocation.Ollama is { } twin ? twin with { Body = Addressed(twin.Body) } : null,
    };

    public async ValueTask DisposeAsync()
    {
        _engines.Dispose();
        await _occupied.ContinueWith(static _ => { }, TaskScheduler.Default);
        foreach (var host in _hosts.Values)
        {
            await host.DisposeAsync();
        }

        await _registry.DisposeAsync();
        await _elsewhere.DisposeAsync();
        foreach (var store in new[] { _scripted, _busy, _broken })
        {
            store.Dispose();
        }

        _store.Dispose();
    }

    private string Addressed(string text) => text.Replace("{registry}", _registry.Host, StringComparison.Ordinal).Replace("{text}", _text, StringComparison.Ordinal);

    private static Task<ServerHost> StartAsync(ScriptedStore store, Func<string, ScriptedEngine> engines, Dictionary<string, string> settings, Action<IServiceCollection>? configure = null) => ServerHost.StartAsync(new ServerHostOptions
    {
        Store = store.Root,
        Settings = settings,
        Configure = builder =>
        {
            ScriptedInference.AddScripted(builder.Services, engines, store);
            configure?.Invoke(builder.Services);
        },
    });

    private void Fill()
    {
        _text = _store.Add("not-gguf", "these are no weights at all"u8.ToArray());
        _store.Add("cut", File.ReadAllBytes(Places.EmbeddedWeights)[..2000]);
        _store.Add("strange", OfArchitecture("lxxma"));
        _store.AddHollow("hollow", "hollow-embed");
        foreach (var name in ProvokedEngines.Names)
        {
            _scripted.Add(name, new ScriptedModel());
        }

        // A cache of terabytes for 4096 tokens.
        _scripted.Add("big", new ScriptedModel { Metadata = new Dictionary<string, object> { ["llama.block_count"] = 512u, ["llama.embedding_length"] = 1u << 20 } });
        _scripted.Add("bad-parameters", new ScriptedModel { Parameters = """{"temperature":"hot"}""" });
        _scripted.Add("bad-template", new ScriptedModel { Template = "{{ index .Messages 7 }}" });
        _scripted.Add("few", new ScriptedModel { Metadata = new Dictionary<string, object> { ["general.file_type"] = 15u } }); // Q4_K_M
        _scripted.Add("empty", new ScriptedModel { Metadata = new Dictionary<string, object> { ["llama.pooling_type"] = 1u } });
        _scripted.Add("one-picture", new ScriptedModel { Config = """{"model_format":"gguf","model_family":"mllama","model_families":["mllama"]}""" });
        AddRemote("far", "https://models.example:443");
        AddRemote("unreachable", "http://127.0.0.1:1");
        foreach (var status in new[] { "400", "401", "404", "429", "500" })
        {
            AddRemote($"remote-{status}", _elsewhere.Url, status);
        }

        _busy.Add("held", new ScriptedModel());
        _busy.Add("other", new ScriptedModel());
    }

    private void AddRemote(string name, string host, string there = "big") => _scripted.Add(name, new ScriptedModel
    {
        HasWeights = false,
        Config = $$"""{"model_format":"gguf","remote_host":"{{host}}","remote_model":"{{there}}"}""",
    });

    // The embedded weights, which say of themselves that they are a llama's.
    private static byte[] OfArchitecture(string name)
    {
        var weights = File.ReadAllBytes(Places.EmbeddedWeights);
        var key = "general.architecture"u8;
        Encoding.UTF8.GetBytes(name).CopyTo(weights, weights.AsSpan().IndexOf(key) + key.Length + 12); // past the value's type and length
        return weights;
    }
}
