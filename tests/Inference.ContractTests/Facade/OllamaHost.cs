using System.Formats.Tar;
using System.IO.Compression;
using System.Net;
using Inference.Facade.Ollama;
using Inference.Runtime.Loading;
using Inference.Services;
using Inference.Store;
using Inference.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Inference.ContractTests.Facade;

/// <summary>The real services behind the real routes, on a real port, over a store of its own.</summary>
internal sealed class OllamaHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly DirectoryInfo _store;

    private OllamaHost(WebApplication app, DirectoryInfo store)
    {
        _app = app;
        _store = store;
        var address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        Address = new IPEndPoint(IPAddress.Loopback, address.Port);
    }

    public IPEndPoint Address { get; }

    /// <summary>Where models are looked for, at each call anew.</summary>
    public string StoreRoot => Path.Combine(_store.FullName, "models");

    public static Task<OllamaHost> EmptyAsync() => RecitingAsync(new ScriptedEngine());

    /// <summary>Over an empty store, with this engine for all models.</summary>
    public static Task<OllamaHost> RecitingAsync(ScriptedEngine engine) => StartAsync(Directory.CreateTempSubdirectory("ollama-"), engine);

    /// <summary>Over the hand-made models that the recordings name; skips where they are absent.</summary>
    public static async Task<OllamaHost> FixturesAsync()
    {
        var archive = Places.Shared("golden/fixtures/ollama-store.tar.gz");
        Assert.SkipWhen(archive is null, "the recordings are not here");
        var store = Directory.CreateTempSubdirectory("ollama-fixtures-");
        await using var file = File.OpenRead(archive!);
        await using var unzipped = new GZipStream(file, CompressionMode.Decompress);
        await TarFile.ExtractToDirectoryAsync(unzipped, store.FullName, overwriteFiles: false);
        return await StartAsync(store, new ScriptedEngine());
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _store.Delete(recursive: true);
    }

    private static async Task<OllamaHost> StartAsync(DirectoryInfo store, ScriptedEngine engine)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel(static kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        builder.Services.Configure<StoreOptions>(options => options.Root = Path.Combine(store.FullName, "models"));
        // The hand-made models have no weights: what is recorded of them after loading came from a stand-in as well.
        builder.Services.AddSingleton<EngineFactory>((_, _, _) => engine);
        builder.Services.AddInference();
        var app = builder.Build();
        app.UseRouting();
        app.UseInference();
        app.UseOllama();
        app.MapOllama();
        await app.StartAsync();
        return new OllamaHost(app, store);
    }
}
