using System.Globalization;
using System.Text;
using Inference.Errors;
using Inference.Store.Remote;
using Inference.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Inference.ClientTests.Errors;

/// <summary>The servers that the provocations go to, and what C# reads from their bare stubs.</summary>
public sealed class ProvocationScene : IAsyncLifetime
{
    /// <summary>More than the prompt that does not fit the context, and little enough to send.</summary>
    internal const int MaxRequestBytes = 100_000;

    private readonly SmallStore _store = new();
    private readonly ScriptedStore _scripted = new();
    private readonly FailingServer _failing = new();
    private MockUpstream _elsewhere = null!;
    private ServerHost _real = null!;
    private ServerHost _reciting = null!;
    private ServerHost _draining = null!;

    public async ValueTask InitializeAsync()
    {
        _store.Add("not-gguf", "these are no weights at all"u8.ToArray());
        _store.Add("cut", File.ReadAllBytes(Places.EmbeddedWeights)[..2000]);
        _store.Add("strange", OfArchitecture("lxxma"));
        foreach (var name in new[] { "busy", "big", "load-fails", "stalls", "gives-up", "bug", "breaks", "runs-out", "bug-midway", "silent" })
        {
            _scripted.Add(name, new ScriptedModel());
        }

        _scripted.Add("nan", new ScriptedModel { Metadata = new Dictionary<string, object> { ["llama.pooling_type"] = 1u } });
        _scripted.Add("bad-parameters", new ScriptedModel { Parameters = """{"temperature":"hot"}""" });
        _scripted.Add("bad-template", new ScriptedModel { Template = "{{ index .Messages 7 }}" });
        _elsewhere = await MockUpstream.StartAsync(Elsewhere);
        AddRemote("far", "https://models.example:443");
        AddRemote("unreachable", "http://127.0.0.1:1");
        foreach (var status in new[] { "400", "401", "404", "429", "500" })
        {
            AddRemote($"remote-{status}", _elsewhere.Url, status);
        }

        _real = await ServerHost.StartAsync(new ServerHostOptions
        {
            Store = _store.Root,
            Settings = new Dictionary<string, string> { ["--max-request-bytes"] = $"{MaxRequestBytes}" },
        });
        _reciting = await ServerHost.StartAsync(new ServerHostOptions
        {
            Store = _scripted.Root,
            Settings = new Dictionary<string, string> { ["--max-loaded-models"] = "20" },
            Configure = builder =>
            {
                ScriptedInference.AddScripted(builder.Services, Behave, _scripted);
                builder.Services.Replace(ServiceDescriptor.Singleton(Options.Create(new CloudOptions { Remotes = "127.0.0.1" })));
            },
        });
        _draining = await ServerHost.StartAsync();
        _draining.App.Lifetime.StopApplication();
        await _failing.InitializeAsync();
    }

    internal Uri AddressOf(Provocation provocation) => provocation.Target switch
    {
        Target.Real => _real.Address,
        Target.Scripted => _reciting.Address,
        Target.Draining => _draining.Address,
        _ => _failing.Address,
    };

    /// <summary>With the address of the other server, which is not known before it runs.</summary>
    internal Provocation Addressed(Provocation provocation) =>
        provocation with { Request = provocation.Request.Replace(Provocation.Elsewhere, new Uri(_elsewhere.Url).Authority, StringComparison.Ordinal) };

    public async ValueTask DisposeAsync()
    {
        await _failing.DisposeAsync();
        await _draining.DisposeAsync();
        await _reciting.DisposeAsync();
        await _real.DisposeAsync();
        await _elsewhere.DisposeAsync();
        _scripted.Dispose();
        _store.Dispose();
    }

    private void AddRemote(string name, string host, string there = "big") => _scripted.Add(name, new ScriptedModel
    {
        HasWeights = false,
        Config = $$"""{"model_format":"gguf","remote_host":"{{host}}","remote_model":"{{there}}"}""",
    });

    // A server of models fails as the model is called; a registry has one that is absent, one that it keeps, and one that it garbles.
    private static MockAnswer Elsewhere(MockRequest request) => request switch
    {
        { Method: "POST" } => new(int.Parse(request.Model, CultureInfo.InvariantCulture), """{"error":"as it was asked to"}"""),
        { Path: "/v2/ns/refused/manifests/latest" } => new(403, """{"errors":[{"code":"DENIED","message":"not yours"}]}"""),
        { Path: "/v2/ns/garbled/manifests/latest" } => new(200, "no manifest"),
        _ => new(404, """{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"}]}"""),
    };

    // The embedded weights, which say of themselves that they are a llama's.
    private static byte[] OfArchitecture(string name)
    {
        var weights = File.ReadAllBytes(Places.EmbeddedWeights);
        var key = "general.architecture"u8;
        Encoding.UTF8.GetBytes(name).CopyTo(weights, weights.AsSpan().IndexOf(key) + key.Length + 12); // past the value's type and length
        return weights;
    }

    private static ScriptedEngine Behave(string model) => model switch
    {
        "busy" => new ScriptedEngine { Admit = static _ => throw Catalogue.ServerBusy.For(512, 512) },
        "big" => new ScriptedEngine { OnLoad = static _ => throw Catalogue.InsufficientMemory.For("big", "memory", 1L << 40, 1L << 30) },
        "load-fails" => new ScriptedEngine { OnLoad = static _ => throw new InvalidOperationException("secret words of the loader") },
        "stalls" => new ScriptedEngine { OnLoad = static _ => throw Catalogue.LoadStalled.For("stalls", 300_000) },
        "gives-up" => new ScriptedEngine { Admit = static _ => throw new OperationCanceledException("of its own accord") },
        "bug" => new ScriptedEngine { Admit = static _ => throw new InvalidOperationException("secret words of the engine") },
        "breaks" => new ScriptedEngine(Script.Of("a", "b") with { Failure = Catalogue.EngineFailed.For("breaks", "output") }),
        "runs-out" => new ScriptedEngine(Script.Of("a", "b") with { Failure = Catalogue.EngineOutOfMemory.For("runs-out", "CPU") }),
        "bug-midway" => new ScriptedEngine(Script.Of("a", "b") with { Failure = new InvalidOperationException("secret words of the engine") }),
        "silent" => new ScriptedEngine(Script.Of("a") with { Hangs = true }),
        "nan" => new ScriptedEngine { Embed = static inputs => Task.FromResult(inputs.Select(static _ => new[] { float.NaN, 1f }).ToArray()) },
        _ => new ScriptedEngine(),
    };
}
