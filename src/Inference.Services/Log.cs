using Microsoft.Extensions.Logging;

namespace Inference.Services;

/// <summary>What the services log. Ids 3000 to 3099; the highest in use is 3003. No prompt and no output above Debug.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 3001, Level = LogLevel.Error, Message = "{Method} failed with {Reason}; the caller knows it as request {RequestId}")]
    public static partial void CallFailed(this ILogger log, string method, string requestId, string reason, Exception exception);

    [LoggerMessage(EventId = 3003, Level = LogLevel.Warning, Message = "{Method} failed with {Reason} for request {RequestId}: {Text}")]
    public static partial void CallFailedAsKnown(this ILogger log, string method, string requestId, string reason, string text);

    [LoggerMessage(EventId = 3002, Level = LogLevel.Debug, Message = "{Method} ended with {Reason} for request {RequestId}: {Text}")]
    public static partial void CallRefused(this ILogger log, string method, string requestId, string reason, string text);
}
