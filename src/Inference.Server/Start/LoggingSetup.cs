using Inference.Server.Options;
using Microsoft.Extensions.Logging.Console;

namespace Inference.Server.Start;

/// <summary>The log: one line an event, to stderr, as loud as OLLAMA_DEBUG says.</summary>
internal static class LoggingSetup
{
    /// <returns>To be called when the host has started.</returns>
    public static Action AddLogging(this WebApplicationBuilder builder, ServerOptions options)
    {
        var started = false;
        var verbose = options.LogLevel <= LogLevel.Debug;
        builder.Logging
            .SetMinimumLevel(options.LogLevel)
            .AddSimpleConsole(static console =>
            {
                console.SingleLine = true;
                console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fffK ";
                console.UseUtcTimestamp = true;
                console.ColorBehavior = LoggerColorBehavior.Disabled;
            })
            .AddFilter("Microsoft", verbose ? LogLevel.Information : LogLevel.Warning)
            .AddFilter("Grpc", verbose ? LogLevel.Information : LogLevel.Warning)

            // A start that fails says so once, in one sentence and without a stack; see ServeCommand.
            .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", level => started && level >= LogLevel.Warning)

            // What the checks say is grpc.health.v1's to tell; an engine that is still being loaded is no error.
            .AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
        builder.Services.Configure<ConsoleLoggerOptions>(static o => o.LogToStandardErrorThreshold = LogLevel.Trace);
        return () => started = true;
    }
}
