using Inference.Server.Engine;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Inference.Server.Health;

/// <summary>Tells those who watch at once that llama.cpp is loaded; the publisher's own timer is only the net below.</summary>
internal sealed class HealthPush(EngineStart engine, HealthCheckService checks, IEnumerable<IHealthCheckPublisher> publishers) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.WhenAny(engine.Ready, Task.Delay(Timeout.Infinite, stoppingToken));
        if (!engine.IsReady)
        {
            return;
        }

        var report = await checks.CheckHealthAsync(stoppingToken);
        foreach (var publisher in publishers)
        {
            await publisher.PublishAsync(report, stoppingToken);
        }
    }
}
