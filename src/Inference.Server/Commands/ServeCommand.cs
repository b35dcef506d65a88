using System.CommandLine;
using Inference.Server.Engine;
using Inference.Server.Options;
using Inference.Server.Start;
using Microsoft.Extensions.Options;

namespace Inference.Server.Commands;

/// <summary>Runs the server until it is told to stop.</summary>
internal static class ServeCommand
{
    public static async Task<int> RunAsync(Func<ChosenSettings> settings, InvocationConfiguration console, CancellationToken ct)
    {
        try
        {
            await using var app = ServerApp.Build(settings());
            var drain = app.Services.GetRequiredService<IOptions<ServerOptions>>().Value.Drain;
            await StartAsync(app, ct);
            app.Lifetime.ApplicationStopping.Register(() => Log.Stopping(app.Logger, drain.TotalSeconds));
            var report = new StartReport(app.Services, console.Output);
            report.Listening();
            var engine = app.Services.GetRequiredService<EngineStart>();
            var stopped = app.WaitForShutdownAsync(ct);
            if (await Task.WhenAny(engine.Ready, stopped) == engine.Ready && engine.IsReady)
            {
                report.Engine();
            }

            await stopped;
            if (engine.Ready.IsFaulted)
            {
                await engine.Ready;
            }

            return (int)ExitCode.Success;
        }
        catch (StartException e)
        {
            await console.Error.WriteLineAsync($"inference: {e.Message}");
            return (int)e.Code;
        }
    }

    private static async Task StartAsync(WebApplication app, CancellationToken ct)
    {
        try
        {
            await app.StartAsync(ct);
        }
        catch (Exception e) when (BindFailure.Explain(e) is { } reason)
        {
            throw new StartException(ExitCode.Address, reason, e);
        }
        catch (OperationCanceledException) when (app.Services.GetRequiredService<EngineStart>().Ready.IsFaulted)
        {
            // The engine was faster than the port, and told the host to stop: its reason is the reason.
            await app.Services.GetRequiredService<EngineStart>().Ready;
        }
    }
}
