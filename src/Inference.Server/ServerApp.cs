using Inference.Facade.Ollama;
using Inference.Runtime;
using Inference.Server.Health;
using Inference.Server.Options;
using Inference.Server.Ports;
using Inference.Server.Start;
using Inference.Services;
using Inference.Store;

namespace Inference.Server;

/// <summary>Puts the server together; the executable and the tests share it.</summary>
internal static class ServerApp
{
    /// <param name="settings">What somebody set.</param>
    /// <param name="configure">A last word, for tests.</param>
    /// <exception cref="StartException">A setting is unusable.</exception>
    public static WebApplication Build(ChosenSettings settings, Action<WebApplicationBuilder>? configure = null)
    {
        var server = settings.Bind(ServerOptions.Section, new ServerOptionsValidator());
        var runtime = settings.Bind(RuntimeOptions.Section, new RuntimeOptionsValidator());
        var store = settings.Bind(StoreOptions.Section, new StoreOptionsValidator());
        store.Fallback = Path.Combine(AppContext.BaseDirectory, "EmbeddedModel");
        if (StoreProbe.Explain(store.Root) is { } unreadable)
        {
            throw new StartException(ExitCode.Store, unreadable);
        }

        // Empty: nothing is read, logged or listened on that is not named here. All settings come through Settings.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.AddLogging(server);
        builder.AddPorts(server);
        builder.Services.AddRouting();
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = server.Drain);
        builder.Services.AddSingleton(Microsoft.Extensions.Options.Options.Create(server));
        builder.Services.AddSingleton(Microsoft.Extensions.Options.Options.Create(runtime));
        builder.Services.AddSingleton(Microsoft.Extensions.Options.Options.Create(store));
        builder.Services.AddInference();
        builder.Services.AddGrpc();
        builder.Services.AddGrpcReflection();
        builder.Services.AddHealth();
        configure?.Invoke(builder);

        var app = builder.Build();
        app.UseRouting();
        app.UseGrpcWeb(new GrpcWebOptions { DefaultEnabled = true });
        app.UseInference();
        app.MapInference();
        app.MapOllama();
        app.MapGrpcReflectionService();
        app.MapGrpcHealthChecksService();
        return app;
    }
}
