using Inference.Server.Options;
using Microsoft.Extensions.Logging.Console;

namespace Inference.Server.Start;

/// <summary>The log: one line an event, to stderr, as loud as OLLAMA_DEBUG says.</summary>
internal static class LoggingSetup
{
    public static void AddLogging(this WebApplicationBuilder builder, ServerOptions options)
    {
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

            // A client's broken message comes at Error there, with a stack; the interceptor says it in one line, with the request's id.
            .AddFilter("Grpc.AspNetCore.Server.ServerCallHandler", LogLevel.None)
            .AddFilter("Grpc.AspNetCore.Grpc.JsonTranscoding.ServerCallHandler", LogLevel.None);
        builder.Services.Configure<ConsoleLoggerOptions>(static o => o.LogToStandardErrorThreshold = LogLevel.Trace);
    }
}
