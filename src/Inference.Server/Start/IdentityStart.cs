using Inference.Store.Identity;
using Microsoft.Extensions.Options;

namespace Inference.Server.Start;

/// <summary>Sees to it that there is a key pair. A server that cannot write one serves all the same: only what asks other servers needs it.</summary>
internal sealed class IdentityStart(KeyPair keys, IOptions<IdentityOptions> options, ILogger<IdentityStart> log) : IHostedLifecycleService
{
    // A start that fails leaves nothing behind, and says one sentence.
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (keys.Ensure())
            {
                Log.KeyMade(log, options.Value.Folder);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            Log.KeyNotMade(log, options.Value.Folder, e.Message);
        }

        return Task.CompletedTask;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
