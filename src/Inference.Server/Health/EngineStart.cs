
namespace Inference.Server.Health;

/// <summary>
/// Loads llama.cpp in the background, so that the port opens meanwhile. If it cannot run here the server stops, with the sentence that
/// says why: a server that can only fail is worse than none.
/// </summary>
internal sealed class EngineStart(HealthPush health) : BackgroundService
{
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when llama.cpp is loaded, or with a <see cref="StartException"/>.</summary>
    public Task Ready => _ready.Task;

    public bool IsReady => _ready.Task.IsCompletedSuccessfully;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _ready.SetResult();
        await health.PushAsync(stoppingToken);
    }
}
