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
            await RunAsync(app, console.Output, ct);
            return (int)ExitCode.Success;
        }
        catch (StartException e)
        {
            await console.Error.WriteLineAsync($"inference: {e.Message}");
            return (int)e.Code;
        }
        catch (Exception e)
        {
            await console.Error.WriteLineAsync($"inference: this should not have happened: {e}");
            return (int)ExitCode.Failure;
        }
    }

    private static async Task RunAsync(WebApplication app, TextWriter output, CancellationToken ct)
    {
        var engine = app.Services.GetRequiredService<EngineStart>();
        if (await StartAsync(app, ct))
        {
            var drain = app.Services.GetRequiredService<IOptions<ServerOptions>>().Value.Drain;
            app.Lifetime.ApplicationStopping.Register(() => Log.Stopping(app.Logger, drain.TotalSeconds));
            var report = new StartReport(app.Services, output);
            report.Listening();
            var stopped = app.WaitForShutdownAsync(ct);
            if (await Task.WhenAny(engine.Ready, stopped) == engine.Ready && engine.IsReady)
            {
                report.Engine();
            }

            await stopped;
        }

        if (engine.Ready.IsFaulted)
        {
            await engine.Ready; // why it stopped
        }
    }

    /// <returns>False if it was told to stop before it was up, by a signal or because llama.cpp cannot run here.</returns>
    private static async Task<bool> StartAsync(WebApplication app, CancellationToken ct)
    {
        try
        {
            await app.StartAsync(ct);
            return true;
        }
        catch (OperationCanceledException) when (app.Lifetime.ApplicationStopping.IsCancellationRequested || ct.IsCancellationRequested)
        {
            return false;
        }
        catch (Exception e) when (e is not StartException && BindFailure.Explain(e) is { } reason)
        {
            throw new StartException(ExitCode.Address, reason, e);
        }
    }
}
