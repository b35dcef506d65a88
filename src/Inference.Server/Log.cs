namespace Inference.Server;

/// <summary>The host's events.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 4001, Level = LogLevel.Warning, Message = "{Warning}")]
    public static partial void SettingReadLeniently(ILogger logger, string warning);

    [LoggerMessage(EventId = 4002, Level = LogLevel.Warning, Message = "llama.cpp: {Line}")]
    public static partial void EngineWarning(ILogger logger, string line);

    [LoggerMessage(EventId = 4003, Level = LogLevel.Error, Message = "llama.cpp: {Line}")]
    public static partial void EngineError(ILogger logger, string line);

    [LoggerMessage(EventId = 4004, Level = LogLevel.Information, Message = "stopping: running calls have {Drain} to end")]
    public static partial void Stopping(ILogger logger, TimeSpan drain);
}
