using Microsoft.Extensions.Logging;

namespace Inference.Runtime;

internal static partial class Log
{
    [LoggerMessage(2001, LogLevel.Information, "Loading {Model}: context {Context}, {Parallel} sequences, {Threads} threads, {Required} bytes needed")]
    public static partial void Loading(ILogger log, string model, int context, int parallel, int threads, long required);

    [LoggerMessage(2002, LogLevel.Information, "Loaded {Model} in {Milliseconds} ms")]
    public static partial void Loaded(ILogger log, string model, long milliseconds);

    [LoggerMessage(2003, LogLevel.Error, "{Model} could not be loaded, for no known reason")]
    public static partial void LoadFailed(ILogger log, string model, Exception failure);

    [LoggerMessage(2004, LogLevel.Information, "Unloading {Model}")]
    public static partial void Unloading(ILogger log, string model);

    [LoggerMessage(2005, LogLevel.Error, "{Model} could not be unloaded cleanly")]
    public static partial void UnloadFailed(ILogger log, string model, Exception failure);
}
