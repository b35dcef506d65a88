using Inference.Runtime;
using Inference.Runtime.Loading;
using Inference.Services.Calls;
using Inference.Services.Doors;
using Inference.Services.Knowledge;
using Inference.Services.Remote;
using Inference.Services.Upkeep;
using Inference.Store;
using Inference.Store.Identity;
using Inference.Store.Registry;
using Inference.Store.Remote;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Constraints;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Inference.Services;

/// <summary>Puts the services into a host.</summary>
public static class InferenceSetup
{
    /// <summary>
    /// The runtime, the store and the services, with gRPC, JSON transcoding and the one interceptor. Expects RuntimeOptions and
    /// StoreOptions to be configured by the host. What is registered already stays: a clock, an EngineFactory, a Loader, a ModelStore.
    /// </summary>
    public static IServiceCollection AddInference(this IServiceCollection services)
    {
        services.AddOptions();
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(static s => LlamaEngines.Create(s.GetRequiredService<IOptions<RuntimeOptions>>().Value));
        services.TryAddSingleton(static s => new Loader(
            s.GetRequiredService<IOptions<RuntimeOptions>>().Value, s.GetRequiredService<EngineFactory>(),
            s.GetRequiredService<TimeProvider>(), s.GetRequiredService<ILogger<Loader>>()));
        services.TryAddSingleton(static s => MakeStore(s.GetRequiredService<IOptions<StoreOptions>>().Value, s.GetRequiredService<ILogger<ModelStore>>()));
        services.AddSingleton<ModelLibrary>();
        services.AddRemotes();
        services.AddSingleton<Telemetry>();
        services.AddSingleton<Failures>();
        services.AddSingleton<Drain>();
        services.AddSingleton<RestMethods>();
        services.AddSingleton<ServerFacts>();
        services.AddSingleton(static s => new Generation(
            s.GetRequiredService<ModelLibrary>(), s.GetRequiredService<Loader>(), s.GetRequiredService<Drain>(),
            s.GetRequiredService<Telemetry>(), s.GetRequiredService<TimeProvider>(), s.GetRequiredService<RemoteModels>()));
        services.AddSingleton(static s => new Embeddings(
            s.GetRequiredService<ModelLibrary>(), s.GetRequiredService<Loader>(), s.GetRequiredService<Drain>(),
            s.GetRequiredService<Telemetry>(), s.GetRequiredService<TimeProvider>(), s.GetRequiredService<RemoteModels>()));
        services.AddSingleton(static s => new Models(
            s.GetRequiredService<ModelLibrary>(), s.GetRequiredService<Loader>(), s.GetRequiredService<Drain>(), s.GetRequiredService<Telemetry>(),
            s.GetRequiredService<TimeProvider>(), s.GetRequiredService<RemoteModels>()));
        services.AddUpkeep();
        services.AddDoors();
        return services;
    }

    /// <summary>What must stand between UseRouting and the endpoints: request ids, and details for failures from before the interceptor.</summary>
    public static IApplicationBuilder UseInference(this IApplicationBuilder app) => app.UseMiddleware<RequestIds>().UseMiddleware<EarlyFailures>();

    /// <summary>InferenceService, ModelService and ServerService, over gRPC and under /inference/v1.</summary>
    public static IEndpointRouteBuilder MapInference(this IEndpointRouteBuilder routes)
    {
        // These know when the server began, and hear when it ends.
        routes.ServiceProvider.GetRequiredService<Drain>();
        routes.ServiceProvider.GetRequiredService<ServerFacts>();
        routes.MapGrpcService<InferenceDoor>();
        routes.MapGrpcService<ModelDoor>();
        routes.MapGrpcService<ServerDoor>();
        routes.MapUnknownRoutes();
        return routes;
    }

    // What changes the store.
    private static void AddUpkeep(this IServiceCollection services)
    {
        services.AddSingleton(static s => new Transfers(
            s.GetRequiredService<ModelStore>().Changes, RegistryHttp.Create(), s.GetRequiredService<KeyPair>(),
            s.GetRequiredService<TimeProvider>()));
        services.AddSingleton(static s => new Inventory(s.GetRequiredService<ModelLibrary>(), s.GetRequiredService<ModelStore>(), s.GetRequiredService<Drain>()));
        services.AddSingleton(static s => new Traffic(
            s.GetRequiredService<ModelLibrary>(), s.GetRequiredService<ModelStore>(), s.GetRequiredService<Transfers>(), s.GetRequiredService<Drain>(),
            s.GetRequiredService<TimeProvider>()));
        services.AddSingleton(static s => new Creation(
            s.GetRequiredService<ModelLibrary>(), s.GetRequiredService<ModelStore>(), s.GetRequiredService<Transfers>(), s.GetRequiredService<Drain>(),
            s.GetRequiredService<TimeProvider>()));
    }

    private static void AddDoors(this IServiceCollection services)
    {
        // JSON transcoding turns {model=**} into a regex constraint, which slim builders leave out: without it every route answers 500.
        services.Configure<RouteOptions>(static o => o.SetParameterPolicy<RegexInlineRouteConstraint>("regex"));
        // Faults of callers come at Error from these two, with words of the framework; ours are logged by Failures.
        services.AddLogging(static logging => logging
            .AddFilter("Grpc.AspNetCore.Server.ServerCallHandler", LogLevel.None)
            .AddFilter("Grpc.AspNetCore.Grpc.JsonTranscoding.ServerCallHandler", LogLevel.None)
            .AddFilter("Microsoft.AspNetCore.Grpc.JsonTranscoding.Internal.CallHandlers.ServerCallHandlerBase", LogLevel.None));
        services.AddGrpc(static grpc => grpc.Interceptors.Add<StatusInterceptor>()).AddJsonTranscoding(static json =>
        {
            json.TypeRegistry = ErrorTypes.Registry;
            json.JsonSettings.WriteInt64sAsStrings = true; // protobuf's JSON; JavaScript loses digits beyond 2^53
        });
        services.AddSingleton<IConfigureOptions<Grpc.AspNetCore.Server.GrpcServiceOptions>, RequestLimit>();
    }

    private static void AddRemotes(this IServiceCollection services)
    {
        services.AddSingleton(static s => new KeyPair(s.GetRequiredService<IOptions<IdentityOptions>>().Value.Folder));
        services.AddSingleton(static s => new CloudPolicy(
            s.GetRequiredService<IOptions<CloudOptions>>().Value, s.GetRequiredService<IOptions<IdentityOptions>>().Value.Folder, s.GetRequiredService<ILogger<CloudPolicy>>()));
        services.AddSingleton(static s => new RemoteClient(s.GetRequiredService<KeyPair>(), s.GetRequiredService<TimeProvider>()));
        services.AddSingleton(static s => new Cloud(s.GetRequiredService<CloudPolicy>(), s.GetRequiredService<RemoteClient>(), s.GetRequiredService<Drain>()));
        services.AddSingleton(static s => new Account(
            s.GetRequiredService<IOptions<CloudOptions>>().Value, s.GetRequiredService<RemoteClient>(), s.GetRequiredService<KeyPair>(), s.GetRequiredService<Drain>()));
        services.AddSingleton(static s => new Recommendations(
            s.GetRequiredService<IOptions<CloudOptions>>().Value, s.GetRequiredService<CloudPolicy>(), s.GetRequiredService<RemoteClient>(), s.GetRequiredService<TimeProvider>()));
        services.AddSingleton(static s => new RemoteModels(
            s.GetRequiredService<ModelLibrary>(), s.GetRequiredService<CloudPolicy>(), s.GetRequiredService<RemoteClient>(), s.GetRequiredService<KeyPair>(), s.GetRequiredService<Drain>()));
    }

    private static ModelStore MakeStore(StoreOptions options, ILogger<ModelStore> log) =>
        new(options.Root, options.Fallback is { } fallback ? new ModelStore(fallback, log: log) : null, log);

    private sealed class RequestLimit(IOptions<ServiceOptions> services) : IConfigureOptions<Grpc.AspNetCore.Server.GrpcServiceOptions>
    {
        public void Configure(Grpc.AspNetCore.Server.GrpcServiceOptions options) => options.MaxReceiveMessageSize = services.Value.MaxRequestBytes;
    }
}
