using System.Net;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Inference.Errors;
using Inference.Services;
using Inference.TestKit;
using Inference.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Inference.UnitTests.Services.Calls;

/// <summary>
/// The services in a host of their own, over models that behave as they are called. On real ports, one for HTTP/1.1 and one for HTTP/2,
/// because trailers and deadlines do not exist in TestServer.
/// </summary>
public sealed class DoorHost : IAsyncLifetime
{
    private readonly ScriptedStore _store = new();

    public WebApplication App { get; private set; } = null!;

    public CollectedLog Log { get; } = new();

    /// <summary>Speaks HTTP/1.1.</summary>
    public HttpClient Http { get; private set; } = null!;

    /// <summary>Speaks HTTP/2, without gRPC.</summary>
    public HttpClient Raw { get; private set; } = null!;

    public GrpcChannel Channel { get; private set; } = null!;

    public InferenceService.InferenceServiceClient Inference => new(Channel);

    public ModelService.ModelServiceClient Models => new(Channel);

    public ServerService.ServerServiceClient Server => new(Channel);

    public Health.HealthClient Health => new(Channel);

    public async ValueTask InitializeAsync()
    {
        foreach (var name in new[] { "m", "busy", "bug", "breaks", "bug-midway", "silent" })
        {
            _store.Add(name, new ScriptedModel());
        }

        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.AddProvider(Log);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(static kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, static o => o.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, 0, static o => o.Protocols = HttpProtocols.Http2);
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddInference();
        builder.Services.AddGrpcHealthChecks();
        builder.Services.Configure<global::Inference.Runtime.RuntimeOptions>(static o => o.MaxLoadedModels = 10);
        ScriptedInference.AddScripted(builder.Services, Behave, _store);
        App = builder.Build();
        App.UseRouting();
        App.UseInference();
        App.MapInference();
        App.MapGrpcHealthChecksService();
        await App.StartAsync();

        var addresses = App.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.ToArray();
        Http = new HttpClient { BaseAddress = new Uri(addresses[0]) };
        Raw = new HttpClient { BaseAddress = new Uri(addresses[1]) };
        Channel = GrpcChannel.ForAddress(addresses[1]);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        Raw.Dispose();
        Channel.Dispose();
        await App.StopAsync();
        await App.DisposeAsync();
        _store.Dispose();
    }

    private static ScriptedEngine Behave(string model) => model switch
    {
        "busy" => new ScriptedEngine { Admit = static _ => throw Catalogue.ServerBusy.For(512, 512) },
        "bug" => new ScriptedEngine { Admit = static _ => throw new InvalidOperationException("secret words of the engine") },
        "breaks" => new ScriptedEngine(Script.Of("a", "b") with { Failure = Catalogue.EngineFailed.For("breaks", "output") }),
        "bug-midway" => new ScriptedEngine(Script.Of("a", "b") with { Failure = new InvalidOperationException("secret words of the engine") }),
        "silent" => new ScriptedEngine(Script.Of("a") with { Hangs = true }),
        _ => new ScriptedEngine(Script.Of("a", "b")),
    };
}
