using System.Security.Cryptography;
using Inference.TestKit;

namespace Inference.ClientTests;

/// <summary>
/// The npm packages of this folder, as its lock says, installed once: a stamp in node_modules names the lock they are from. Without Node
/// the tests that need it are skipped, except in CI, which has promised to run them.
/// </summary>
internal static class NodePackages
{
    private static readonly Lazy<Task> Installed = new(InstallAsync);

    public static string Folder { get; } = Path.Combine(Places.Root, "tests/Inference.ClientTests");

    private static string? Node { get; } = Command.Find("node");

    private static string? Npm { get; } = Command.Find("npm");

    private static bool InCi => Environment.GetEnvironmentVariable("CI") == "true";

    /// <summary>Runs node with these arguments in <paramref name="folder"/>.</summary>
    public static async Task<CommandEnd> RunAsync(IEnumerable<string> arguments, string? folder = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        var absent = Node is null ? "node" : Npm is null ? "npm" : null;
        Assert.False(InCi && absent is not null, $"CI has no {absent}");
        Assert.SkipWhen(absent is not null, $"{absent} is not installed");
        await Installed.Value;
        return await Command.RunAsync(Node!, arguments, folder ?? Folder, environment);
    }

    private static async Task InstallAsync()
    {
        var stamp = Path.Combine(Folder, "node_modules/.lock-sha256");
        var wanted = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(Folder, "package-lock.json"))));
        if (File.Exists(stamp) && await File.ReadAllTextAsync(stamp) == wanted)
        {
            return;
        }

        // No package needs its install script: buf's binary is a package of its own.
        var end = await Command.RunAsync(Npm!, ["ci", "--ignore-scripts"], Folder);
        Assert.True(end.ExitCode == 0, $"npm ci: {end.Everything}");
        await File.WriteAllTextAsync(stamp, wanted);
    }
}
