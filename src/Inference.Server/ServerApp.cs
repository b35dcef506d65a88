using Inference.Facade;
using Inference.Facade.Anthropic;
using Inference.Facade.Ollama;
using Inference.Facade.OpenAi;
using Inference.Runtime;
using Inference.Server.Browsers;
using Inference.Server.Engine;
using Inference.Server.Health;
using Inference.Server.Options;
using Inference.Server.Ports;
using Inference.Server.Ports.Requests;
using Inference.Server.Start;
using Inference.Services;
using Inference.Store;
using Inference.Store.Identity;
using Inference.Store.Remote;
using Microsoft.Extensions.Options;

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
        var services = settings.Bind(ServiceOptions.Section, new ServiceOptionsValidator());
        var store = settings.Bind(StoreOptions.Section, new StoreOptionsValidator());
        var facade = settings.Bind(FacadeOptions.Section, new FacadeOptionsValidator());
        var identity = settings.Bind(IdentityOptions.Section, new IdentityOptionsValidator());
        var cloud = settings.Bind(CloudOptions.Section, new CloudOptionsValidator());
        store.Fallback = Path.Combine(AppContext.BaseDirectory, "EmbeddedModel");
        if (StoreProbe.Explain(store.Root) is { } unreadable)
        {
            throw new StartException(ExitCode.Store, unreadable);
        }

        var origins = settings.Read(Settings.Origins, Origins.Parse);

        // Empty: nothing is read, logged or listened on that is not named here. All settings come through Settings.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        var started = builder.AddLogging(server);
        var loopbackOnly = builder.AddPorts(server, services.MaxRequestBytes);
        builder.Services.AddRouting();
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = server.Drain);
        builder.Services.AddOptions();
        builder.Services.AddSingleton(Of(server)).AddSingleton(Of(runtime)).AddSingleton(Of(services)).AddSingleton(Of(store)).AddSingleton(Of(facade))
            .AddSingleton(Of(identity)).AddSingleton(Of(cloud));
        builder.Services.AddInference();
        builder.Services.AddGrpcReflection();
        builder.Services.AddHostedService<IdentityStart>();
        builder.Services.AddSingleton<EngineStart>();
        builder.Services.AddHostedService(static s => s.GetRequiredService<EngineStart>());
        builder.Services.AddHealth();
        configure?.Invoke(builder);

        var app = builder.Build();
        app.Lifetime.ApplicationStarted.Register(started);
        app.UseIncomingRequests();
        app.UseRouting();
        app.UseGrpcWeb(new GrpcWebOptions { DefaultEnabled = true });
        app.UseInference();
        app.UseExpectations();
        app.UseOllamaRouting();
        app.UseMiddleware<BrowserGuard>(origins, loopbackOnly);
        app.UseOllama();
        app.MapInference();
        app.MapOllama();
        app.MapOpenAi();
        app.MapAnthropic();
        app.MapGrpcReflectionService();
        app.MapGrpcHealthChecksService();
        foreach (var warning in settings.Warnings)
        {
            Log.SettingReadLeniently(app.Logger, warning);
        }

        return app;
    }

    private static IOptions<T> Of<T>(T options) where T : class => Microsoft.Extensions.Options.Options.Create(options);
}
