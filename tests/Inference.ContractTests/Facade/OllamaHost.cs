using System.Formats.Tar;
using System.IO.Compression;
using System.Net;
using Inference.Runtime.Loading;
using Inference.Store;
using Inference.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Inference.ContractTests.Facade;

/// <summary>The real server on a real port, as the recordings had it: over a store of its own, with nothing else to offer.</summary>
internal sealed class OllamaHost : IAsyncDisposable
{
    private readonly DirectoryInfo _store;

    private OllamaHost(ServerHost server, DirectoryInfo store)
    {
        (Server, _store) = (server, store);
        Address = new IPEndPoint(IPAddress.Loopback, server.Address.Port);
    }

    public IPEndPoint Address { get; }

    /// <summary>The host, for the other doors to the same server.</summary>
    public ServerHost Server { get; }

    /// <summary>Where models are looked for, at each call anew.</summary>
    public string StoreRoot => _store.FullName + "/models";

    public static Task<OllamaHost> EmptyAsync(params (string Variable, string Value)[] environment) => RecitingAsync(new ScriptedEngine(), environment);

    /// <summary>Over an empty store, with this engine for all models.</summary>
    public static Task<OllamaHost> RecitingAsync(ScriptedEngine engine, params (string Variable, string Value)[] environment) =>
        StartAsync(Directory.CreateTempSubdirectory("ollama-"), engine, time: null, environment);

    /// <summary>Over the hand-made models that the recordings name; skips where they are absent.</summary>
    /// <param name="upstream">Who stands in for the servers that some of them live on; null for nobody.</param>
    /// <param name="time">The clock; null for the real one.</param>
    /// <param name="engine">What every model is loaded as; null for one that says ok.</param>
    /// <param name="environment">Further settings.</param>
    public static async Task<OllamaHost> FixturesAsync(
        MockUpstream? upstream = null, TimeProvider? time = null, ScriptedEngine? engine = null, params (string Variable, string Value)[] environment)
    {
        var archive = Places.Shared("golden/fixtures/ollama-store.tar.gz");
        Assert.SkipWhen(archive is null, "the recordings are not here");
        var store = Directory.CreateTempSubdirectory("ollama-fixtures-");
        await using var file = File.OpenRead(archive!);
        await using var unzipped = new GZipStream(file, CompressionMode.Decompress);
        await TarFile.ExtractToDirectoryAsync(unzipped, store.FullName, overwriteFiles: false);
        if (upstream is not null)
        {
            RemoteFixtures.Move(Path.Combine(store.FullName, "models"), upstream);
        }

        return await StartAsync(store, engine ?? new ScriptedEngine(), time, environment);
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _store.Delete(recursive: true);
    }

    private static async Task<OllamaHost> StartAsync(DirectoryInfo store, ScriptedEngine engine, TimeProvider? time, params (string Variable, string Value)[] environment)
    {
        var root = Directory.CreateDirectory(store.FullName + "/models").FullName;
        var server = await ServerHost.StartAsync(new ServerHostOptions
        {
            Store = root,
            Environment = environment.Prepend(("OLLAMA_NO_CLOUD", "1")).GroupBy(static e => e.Item1, static e => e.Item2).ToDictionary(static e => e.Key, static e => e.Last()),
            Configure = builder => Recorded(builder, root, engine, time),
        });
        return new OllamaHost(server, store);
    }

    private static void Recorded(WebApplicationBuilder builder, string root, ScriptedEngine engine, TimeProvider? time)
    {
        if (time is not null)
        {
            builder.Services.AddSingleton(time);
        }

        // An empty store is empty there: no model comes with the server.
        builder.Services.AddSingleton(Options.Create(new StoreOptions { Root = root }));
        // The hand-made models have no weights: what is recorded of them after loading came from a stand-in as well.
        builder.Services.AddSingleton<EngineFactory>((_, _, _) => engine);
    }
}
