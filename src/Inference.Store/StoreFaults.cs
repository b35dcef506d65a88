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
            ? Catalogue.StoreFull.Because(thrown, neededBytes, AvailableBytes(Path.GetDirectoryName(path) ?? path) ?? 0)
            : Catalogue.StoreFailed.Because(thrown, $"{operation} {path}: {Words(thrown)}");

    /// <summary>A file that is not there.</summary>
    public static string Missing(string operation, string path) => $"{operation} {path}: no such file or directory";

    /// <summary>Says at once that the disk will be full, instead of after hours; a disk that does not tell is tried.</summary>
    /// <exception cref="InferenceException">STORE_FULL.</exception>
    public static void CheckRoom(string folder, long neededBytes)
    {
        if (AvailableBytes(folder) is { } available && neededBytes > available)
        {
            throw Catalogue.StoreFull.For(neededBytes, available);
        }
    }

    private static string Words(Exception thrown) => thrown switch
    {
        UnauthorizedAccessException => "permission denied",
        FileNotFoundException or DirectoryNotFoundException => "no such file or directory",
        PathTooLongException => "file name too long",
        _ => "input/output error",
    };

    private static long? AvailableBytes(string folder)
    {
        try
        {
            return new DriveInfo(folder).AvailableFreeSpace;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}
