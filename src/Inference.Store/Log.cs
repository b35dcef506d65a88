using Microsoft.Extensions.Logging;

namespace Inference.Store;

/// <summary>Event ids 4000 to 4099.</summary>
internal static partial class Log
{
    [LoggerMessage(4000, LogLevel.Warning, "skipped manifest with an invalid name: {Path}")]
    public static partial void ManifestNameInvalid(ILogger logger, string path);

    [LoggerMessage(4001, LogLevel.Warning, "skipped unreadable folder {Path}")]
    public static partial void FolderUnreadable(ILogger logger, Exception exception, string path);

    [LoggerMessage(4002, LogLevel.Warning, "left damaged model {Model} out of the list: {Detail}")]
    public static partial void ModelDamaged(ILogger logger, string model, string detail);

    [LoggerMessage(4003, LogLevel.Information, "no model in {Root}, offering those of {Fallback}")]
    public static partial void FallbackOffered(ILogger logger, string root, string fallback);

    [LoggerMessage(4040, LogLevel.Warning, "cloud address {Address} is not used: {Detail}")]
    public static partial void CloudAddressIgnored(ILogger logger, string address, string detail);

    [LoggerMessage(4041, LogLevel.Warning, "{Path} is not read: {Detail}")]
    public static partial void ServerFileUnreadable(ILogger logger, string path, string detail);
}
