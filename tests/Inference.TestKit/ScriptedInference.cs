using Inference.Runtime;
using Inference.Runtime.Loading;
using Inference.Services;
using Inference.Store;
using Inference.Store.Identity;
using Inference.Store.Remote;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Inference.TestKit;

/// <summary>The real services, loader and store over a <see cref="ScriptedEngine"/>: everything but computing.</summary>
public sealed class ScriptedInference : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    /// <param name="engine">What every model is loaded as.</param>
    /// <param name="configure">A last word on the services.</param>
    public ScriptedInference(ScriptedEngine engine, Action<IServiceCollection>? configure = null)
    {
        Engine = engine;
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<IHostApplicationLifetime>(Lifetime);
        AddScripted(services, engine, Store);
        configure?.Invoke(services);
        services.AddInference();
        _services = services.BuildServiceProvider();
    }

    public ScriptedEngine Engine { get; }

    public ScriptedStore Store { get; } = new();

    /// <summary>Ends the server, as its callers see it.</summary>
    public ScriptedLifetime Lifetime { get; } = new();

    public Generation Generation => _services.GetRequiredService<Generation>();

    public Embeddings Embeddings => _services.GetRequiredService<Embeddings>();

    public Models Models => _services.GetRequiredService<Models>();

    public Loader Loader => _services.GetRequiredService<Loader>();

    public IServiceProvider Services => _services;

    /// <summary>Makes a host run on a scripted engine: to be called before AddInference, or after it.</summary>
    public static void AddScripted(IServiceCollection services, ScriptedEngine engine, ScriptedStore store) => AddScripted(services, _ => engine, store);

    /// <summary>The same, with an engine for each model, by the name that the request used.</summary>
    public static void AddScripted(IServiceCollection services, Func<string, ScriptedEngine> engine, ScriptedStore store)
    {
        services.Replace(ServiceDescriptor.Singleton(Options.Create(new StoreOptions { Root = store.Root })));
        // Nobody's home is read, and nothing leaves this machine, unless a test says so.
        services.Replace(ServiceDescriptor.Singleton(Options.Create(new IdentityOptions { Folder = Path.Combine(store.Root, "identity") })));
        services.Replace(ServiceDescriptor.Singleton(Options.Create(new CloudOptions { Disabled = true })));
        services.Replace(ServiceDescriptor.Singleton(s => new Loader(
            s.GetService<IOptions<RuntimeOptions>>()?.Value ?? new RuntimeOptions(), (spec, progress, _) => engine(spec.Model).LoadedAs(spec, progress),
            s.GetRequiredService<TimeProvider>(), NullLogger<Loader>.Instance)
        {
            VocabularyReader = spec => engine(spec.Model),
        }));
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        Lifetime.Dispose();
        Store.Dispose();
    }
}

/// <summary>A lifetime that a test ends.</summary>
public sealed class ScriptedLifetime : IHostApplicationLifetime, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();

    public CancellationToken ApplicationStarted => CancellationToken.None;

    public CancellationToken ApplicationStopping => _stopping.Token;

    public CancellationToken ApplicationStopped => CancellationToken.None;

    public void StopApplication() => _stopping.Cancel();

    public void Dispose() => _stopping.Dispose();
}
