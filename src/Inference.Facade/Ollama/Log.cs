using Microsoft.Extensions.Logging;

namespace Inference.Facade.Ollama;

/// <summary>All events of this project. New ones start at 5002.</summary>
internal static partial class Log
{
    [LoggerMessage(5001, LogLevel.Error, "{Path} failed unexpectedly in request {RequestId}")]
    public static partial void Failed(ILogger logger, Exception exception, string path, string requestId);
}
