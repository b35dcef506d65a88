namespace Inference.Server;

/// <summary>What the host logs. Ids 6000 to 6099; the highest in use is 6005.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 6001, Level = LogLevel.Warning, Message = "{Warning}")]
    public static partial void SettingReadLeniently(ILogger logger, string warning);

    [LoggerMessage(EventId = 6002, Message = "llama.cpp: {Line}")]
    public static partial void Engine(ILogger logger, LogLevel level, string line);

    [LoggerMessage(EventId = 6003, Level = LogLevel.Information, Message = "stopping: running calls have {Seconds} s to end")]
    public static partial void Stopping(ILogger logger, double seconds);

    [LoggerMessage(EventId = 6004, Level = LogLevel.Information, Message = "made a new key pair in {Folder}")]
    public static partial void KeyMade(ILogger logger, string folder);

    [LoggerMessage(EventId = 6005, Level = LogLevel.Warning, Message = "there is no key pair in {Folder} and none can be made, so no other server will know this one: {Detail}")]
    public static partial void KeyNotMade(ILogger logger, string folder, string detail);
}
