namespace Inference.Llama;

/// <summary>The host's memory, as far as this process may have it.</summary>
internal static class HostMemory
{
    /// <summary>Bytes that could still be used: what the system calls available, within the limit of a container.</summary>
    public static long Available()
    {
        var limit = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes; // .NET knows control groups
        return OperatingSystem.IsLinux() && FromProc() is { } available ? Math.Min(limit, available) : limit;
    }

    private static long? FromProc()
    {
        const string name = "MemAvailable:";
        try
        {
            foreach (var line in File.ReadLines("/proc/meminfo"))
            {
                // "MemAvailable:   24064936 kB"
                if (line.StartsWith(name, StringComparison.Ordinal) && long.TryParse(line.AsSpan(name.Length).TrimEnd("kB").Trim(), out var kilobytes))
                {
                    return kilobytes << 10;
                }
            }
        }
        catch (IOException)
        {
            // not mounted in every container
        }

        return null;
    }
}
