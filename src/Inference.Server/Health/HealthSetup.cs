using Inference.V1;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Inference.Server.Health;

/// <summary>grpc.health.v1: "" is alive (and not stopping), a service's name is ready for calls to it.</summary>
internal static class HealthSetup
{
    private const string Alive = "alive", Compute = "compute", Disk = "disk";

    public static void AddHealth(this IServiceCollection services)
    {
        services.AddHostedService<HealthPush>();
        services.AddGrpcHealthChecks(static health =>
        {
            health.Services.Map("", static r => r.Tags.Contains(Alive));
            health.Services.Map(InferenceService.Descriptor.FullName, static r => r.Tags.Contains(Alive) || r.Tags.Contains(Compute));
            health.Services.Map(ModelService.Descriptor.FullName, static r => r.Tags.Contains(Alive) || r.Tags.Contains(Disk));
            health.Services.Map(ServerService.Descriptor.FullName, static r => r.Tags.Contains(Alive));
        })
            .AddCheck<StoppingCheck>("stopping", tags: [Alive])
            .AddCheck<EngineCheck>("engine", tags: [Compute])
            .AddCheck<StoreCheck>("store", tags: [Disk]);
        services.Configure<HealthCheckPublisherOptions>(static o =>
        {
            o.Delay = TimeSpan.Zero; // .NET waits 5 s before the first report and 30 s between two
            o.Period = TimeSpan.FromSeconds(1);
        });
    }
}
