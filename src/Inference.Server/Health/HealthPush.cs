using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Inference.Server.Health;

/// <summary>Tells those who watch at once when something has changed; the publisher's own timer is only the net below.</summary>
internal sealed class HealthPush(HealthCheckService checks, IEnumerable<IHealthCheckPublisher> publishers)
{
    public async Task PushAsync(CancellationToken ct)
    {
        var report = await checks.CheckHealthAsync(ct);
        foreach (var publisher in publishers)
        {
            await publisher.PublishAsync(report, ct);
        }
    }
}
