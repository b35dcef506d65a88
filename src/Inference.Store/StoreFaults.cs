using Inference.Errors;

namespace Inference.Store;

/// <summary>What the disk refuses, as an error of the catalogue, in the words that Go has for it.</summary>
internal static class StoreFaults
{
    // ENOSPC, and ERROR_DISK_FULL on Windows.
    private const int NoSpace = 28;
    private const int DiskFull = unchecked((int)0x80070070);

    /// <summary>Whether the disk refused, and not this program.</summary>
    public static bool IsFault(Exception thrown) => thrown is IOException or UnauthorizedAccessException;

    /// <param name="thrown">What the disk threw.</param>
    /// <param name="operation">What was done, in Go's word: <c>open</c>, <c>mkdir</c>, <c>write</c>.</param>
    /// <param name="path">To what.</param>
    /// <param name="neededBytes">How much was to be written.</param>
    public static InferenceException Of(Exception thrown, string operation, string path, long neededBytes = 0) =>
        thrown.HResult is NoSpace or DiskFull
            ? Catalogue.StoreFull.Because(thrown, neededBytes, AvailableBytes(path))
            : Catalogue.StoreFailed.Because(thrown, $"{operation} {path}: {Words(thrown)}");

    /// <summary>A file that is not there.</summary>
    public static string Missing(string operation, string path) => $"{operation} {path}: no such file or directory";

    private static string Words(Exception thrown) => thrown switch
    {
        UnauthorizedAccessException => "permission denied",
        FileNotFoundException or DirectoryNotFoundException => "no such file or directory",
        PathTooLongException => "file name too long",
        _ => "input/output error",
    };

    private static long AvailableBytes(string path)
    {
        try
        {
            return new DriveInfo(Path.GetDirectoryName(path) ?? path).AvailableFreeSpace;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return 0;
        }
    }
}
