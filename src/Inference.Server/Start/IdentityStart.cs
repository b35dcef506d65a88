using Inference.Store.Identity;
using Microsoft.Extensions.Options;

namespace Inference.Server.Start;

/// <summary>Sees to it that there is a key pair. A server that cannot write one serves all the same: only what asks other servers needs it.</summary>
internal sealed class IdentityStart(KeyPair keys, IOptions<IdentityOptions> options, ILogger<IdentityStart> log) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
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

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
