namespace Inference.Server;

/// <summary>The host's events.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 6001, Level = LogLevel.Warning, Message = "{Warning}")]
    public static partial void SettingReadLeniently(ILogger logger, string warning);

    [LoggerMessage(EventId = 6002, Level = LogLevel.Warning, Message = "llama.cpp: {Line}")]
    public static partial void EngineWarning(ILogger logger, string line);

    [LoggerMessage(EventId = 6003, Level = LogLevel.Error, Message = "llama.cpp: {Line}")]
    public static partial void EngineError(ILogger logger, string line);

    [LoggerMessage(EventId = 6004, Level = LogLevel.Information, Message = "stopping: running calls have {Drain} to end")]
    public static partial void Stopping(ILogger logger, TimeSpan drain);
}
