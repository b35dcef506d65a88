using Inference.Server.Engine;
using Inference.Store;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Inference.Server.Health;

/// <summary>Whether llama.cpp is loaded.</summary>
internal sealed class EngineCheck(EngineStart engine) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(engine.IsReady ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("llama.cpp is being loaded"));
}

/// <summary>Whether the store can be read. One that does not exist is an empty one.</summary>
internal sealed class StoreCheck(IOptions<StoreOptions> options) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(StoreProbe.Explain(options.Value.Root) is { } reason ? HealthCheckResult.Unhealthy(reason) : HealthCheckResult.Healthy());
}

/// <summary>Whether the server takes work: not from SIGTERM on.</summary>
internal sealed class StoppingCheck(IHostApplicationLifetime lifetime) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(lifetime.ApplicationStopping.IsCancellationRequested ? HealthCheckResult.Unhealthy("the server is shutting down") : HealthCheckResult.Healthy());
}

internal static class StoreProbe
{
    /// <returns>Null, or why the folder cannot be a store.</returns>
    public static string? Explain(string root)
    {
        try
        {
            if (File.Exists(root))
            {
                return $"the store {root} is a file, not a folder";
            }

            var manifests = Path.Combine(root, "manifests");
            if (Directory.Exists(manifests))
            {
                _ = Directory.EnumerateFileSystemEntries(manifests).Any();
            }

            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"the store {root} cannot be read: {e.Message.TrimEnd('.')}";
        }
    }
}
