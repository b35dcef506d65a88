using System.Globalization;

namespace Inference.Runtime.Loading;

/// <summary>The memory of the machine, or of the container that this process may use.</summary>
public static class FreeMemory
{
    /// <summary>Bytes that could be used without pushing others out.</summary>
    public static long OfHost()
    {
        if (!OperatingSystem.IsLinux())
        {
            var memory = GC.GetGCMemoryInfo();
            return Math.Max(0, memory.TotalAvailableMemoryBytes - memory.MemoryLoadBytes);
        }

        return Math.Min(
            Field("/proc/meminfo", "MemAvailable:") * 1024 ?? long.MaxValue,
            InContainer("/sys/fs/cgroup") ?? long.MaxValue);
    }

    /// <summary>What a control group (version 2) has left; null if it has no limit.</summary>
    internal static long? InContainer(string folder)
    {
        if (Number(Path.Combine(folder, "memory.max")) is not { } limit || Number(Path.Combine(folder, "memory.current")) is not { } used)
        {
            return null;
        }

        var cached = Field(Path.Combine(folder, "memory.stat"), "inactive_file") ?? 0; // files that were read: given up at once when needed
        return Math.Max(0, limit - Math.Max(0, used - cached));
    }

    private static long? Number(string path) =>
        Lines(path) is [var first, ..] && long.TryParse(first, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static long? Field(string path, string name)
    {
        foreach (var line in Lines(path))
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words is [var key, var value, ..] && key == name && long.TryParse(value, CultureInfo.InvariantCulture, out var number))
            {
                return number;
            }
        }

        return null;
    }

    private static string[] Lines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return []; // not every system has it
        }
    }
}
