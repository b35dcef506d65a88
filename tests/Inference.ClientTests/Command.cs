using System.Diagnostics;

namespace Inference.ClientTests;

/// <summary>How a program ended.</summary>
/// <param name="ExitCode">What it returned.</param>
/// <param name="Output">What it printed.</param>
/// <param name="Errors">What it complained of.</param>
internal sealed record CommandEnd(int ExitCode, string Output, string Errors)
{
    public string Everything => $"{Output}\n{Errors}".Trim();
}

/// <summary>Runs a program to its end.</summary>
internal static class Command
{
    // Nothing here takes long; what hangs is a failure to be seen, not to be waited for.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(3);

    public static async Task<CommandEnd> RunAsync(string program, IEnumerable<string> arguments, string folder, IReadOnlyDictionary<string, string>? environment = null, string? input = null)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, UseShellExecute = false, RedirectStandardInput = input is not null, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Longest);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            if (input is not null)
            {
                await WriteAsync(process.StandardInput, input, limit.Token);
            }

            await process.WaitForExitAsync(limit.Token);
            return new CommandEnd(process.ExitCode, await output, await errors);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static async Task WriteAsync(StreamWriter to, string input, CancellationToken ct)
    {
        try
        {
            await using (to)
            {
                await to.WriteAsync(input.AsMemory(), ct);
            }
        }
        catch (IOException)
        {
            // It ended before it had read everything: what it says of that is what counts.
        }
    }

    /// <summary>Full path of a program on the PATH; null if there is none.</summary>
    public static string? Find(string program) => FindAll(program).FirstOrDefault();

    /// <summary>Full paths of all programs on the PATH that have this name.</summary>
    public static IEnumerable<string> FindAll(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(folder => OperatingSystem.IsWindows() ? new[] { $"{program}.exe", $"{program}.cmd" } : [program], Path.Combine)
            .Where(File.Exists);
}
