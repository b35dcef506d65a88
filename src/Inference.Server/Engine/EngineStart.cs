using Inference.Llama;
using Inference.Server.Options;
using Inference.Store;
using Microsoft.Extensions.Options;

namespace Inference.Server.Engine;

/// <summary>
/// Loads llama.cpp in the background, so that the port opens meanwhile. If it cannot run here the server stops, with the sentence that
/// says why: a server that can only fail is worse than none.
/// </summary>
internal sealed class EngineStart(
    IOptions<ServerOptions> options, IOptions<StoreOptions> store, IHostApplicationLifetime lifetime, ILogger<EngineStart> log)
    : BackgroundService
{
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when llama.cpp is loaded, or with a <see cref="StartException"/>.</summary>
    public Task Ready => _ready.Task;

    public bool IsReady => _ready.Task.IsCompletedSuccessfully;

    /// <summary>Known once the host starts.</summary>
    public CpuChoice? Choice { get; private set; }

    // The variant is chosen before the port opens: the first call could load llama.cpp before the task below does.
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        Choice = CpuChoice.For(options.Value.CpuVariant, ModelNames.InStore(store.Value.Root).Count == 0);
        try
        {
            LlamaLibrary.Configure(Choice.Variant, (level, line) => Log.Engine(log, level is LlamaLogLevel.Error ? LogLevel.Error : LogLevel.Warning, line));
        }
        catch (LlamaException e)
        {
            throw new StartException(ExitCode.Usage, e.Message, e);
        }

        return base.StartAsync(cancellationToken);
    }

    // .NET 10 runs all of this beside the start.
    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (LlamaLibrary.Check() is { } reason)
        {
            _ready.SetException(new StartException(ExitCode.Engine, reason.TrimEnd('.')));
            lifetime.StopApplication();
        }
        else
        {
            _ready.SetResult();
        }

        return Task.CompletedTask;
    }
}
