using Inference.Errors;
using Inference.Store.Identity;
using Inference.Store.Remote;
using Inference.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace Inference.ClientTests.Errors;

/// <summary>The servers that the provocations go to, and what C# reads from their bare stubs.</summary>
public sealed class ProvocationScene : IAsyncLifetime
{
    /// <summary>More than the prompt that does not fit the context, and little enough to send.</summary>
    internal const int MaxRequestBytes = 100_000;

    private readonly SmallStore _store = new();
    private readonly ScriptedStore _scripted = new();
    private readonly FailingServer _failing = new();
    private ServerHost _real = null!;
    private ServerHost _reciting = null!;

    public async ValueTask InitializeAsync()
    {
        _store.Add("not-gguf", "these are no weights at all"u8.ToArray());
        _store.Add("cut", File.ReadAllBytes(Places.EmbeddedWeights)[..2000]);
        foreach (var name in new[] { "busy", "big", "load-fails", "stalls", "bug", "breaks", "runs-out", "bug-midway", "silent" })
        {
            _scripted.Add(name, new ScriptedModel());
        }

        _scripted.Add("nan", new ScriptedModel { Metadata = new Dictionary<string, object> { ["llama.pooling_type"] = 1u } });
        _scripted.Add("bad-parameters", new ScriptedModel { Parameters = """{"temperature":"hot"}""" });
        _scripted.Add("bad-template", new ScriptedModel { Template = "{{ index .Messages 7 }}" });
        _scripted.Add("remote", new ScriptedModel { HasWeights = false, Config = """{"model_format":"gguf","remote_host":"https://models.example:443","remote_model":"big"}""" });
        _real = await ServerHost.StartAsync(new ServerHostOptions
        {
            Store = _store.Root,
            Settings = new Dictionary<string, string> { ["--max-request-bytes"] = $"{MaxRequestBytes}" },
            Configure = static builder => builder.Services.Configure<CloudOptions>(static o => o.Disabled = true),
        });
        _reciting = await ServerHost.StartAsync(new ServerHostOptions
        {
            Store = _scripted.Root,
            Settings = new Dictionary<string, string> { ["--max-loaded-models"] = "20" },
            Configure = builder =>
            {
                // Without a key it asks nobody.
                builder.Services.Configure<IdentityOptions>(o => o.Folder = Path.Combine(_scripted.Root, "no-keys"));
                ScriptedInference.AddScripted(builder.Services, Behave, _scripted);
            },
        });
        await _failing.InitializeAsync();
    }

    internal Uri AddressOf(Provocation provocation) => provocation.Target switch
    {
        Target.Real => _real.Address,
        Target.Scripted => _reciting.Address,
        _ => _failing.Address,
    };

    public async ValueTask DisposeAsync()
    {
        await _failing.DisposeAsync();
        await _reciting.DisposeAsync();
        await _real.DisposeAsync();
        _scripted.Dispose();
        _store.Dispose();
    }

    private static ScriptedEngine Behave(string model) => model switch
    {
        "busy" => new ScriptedEngine { Admit = static _ => throw Catalogue.ServerBusy.For(512, 512) },
        "big" => new ScriptedEngine { OnLoad = static _ => throw Catalogue.InsufficientMemory.For("big", "memory", 1L << 40, 1L << 30) },
        "load-fails" => new ScriptedEngine { OnLoad = static _ => throw new InvalidOperationException("secret words of the loader") },
        "stalls" => new ScriptedEngine { OnLoad = static _ => throw Catalogue.LoadStalled.For("stalls", 300_000) },
        "bug" => new ScriptedEngine { Admit = static _ => throw new InvalidOperationException("secret words of the engine") },
        "breaks" => new ScriptedEngine(Script.Of("a", "b") with { Failure = Catalogue.EngineFailed.For("breaks", "output") }),
        "runs-out" => new ScriptedEngine(Script.Of("a", "b") with { Failure = Catalogue.EngineOutOfMemory.For("runs-out", "CPU") }),
        "bug-midway" => new ScriptedEngine(Script.Of("a", "b") with { Failure = new InvalidOperationException("secret words of the engine") }),
        "silent" => new ScriptedEngine(Script.Of("a") with { Hangs = true }),
        "nan" => new ScriptedEngine { Embed = static inputs => Task.FromResult(inputs.Select(static _ => new[] { float.NaN, 1f }).ToArray()) },
        _ => new ScriptedEngine(),
    };
}
