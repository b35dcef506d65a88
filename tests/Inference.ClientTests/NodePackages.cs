using System.Security.Cryptography;
using Inference.TestKit;

namespace Inference.ClientTests;

/// <summary>
/// A folder with npm packages as its lock says, installed once: a stamp in node_modules names the lock they are from. Without Node
/// the tests that need it are skipped, except in CI, which has promised to run them.
/// </summary>
internal sealed class NodePackages
{
    private readonly Lazy<Task> _ready;

    private NodePackages(string folder, bool built)
    {
        Folder = Path.Combine(Places.Root, folder);
        _ready = new(() => PrepareAsync(built));
    }

    /// <summary>Other people's clients.</summary>
    public static NodePackages Tests { get; } = new("tests/Inference.ClientTests", built: false);

    /// <summary>Our own, compiled.</summary>
    public static NodePackages Client { get; } = new("clients/typescript", built: true);

    public string Folder { get; }

    private static string? Node { get; } = Command.Find("node");

    private static string? Npm { get; } = Command.Find("npm");

    private static bool InCi => Environment.GetEnvironmentVariable("CI") == "true";

    /// <summary>Runs node with these arguments in <paramref name="folder"/>.</summary>
    public async Task<CommandEnd> RunAsync(IEnumerable<string> arguments, string? folder = null, IReadOnlyDictionary<string, string>? environment = null, string? input = null)
    {
        var absent = Node is null ? "node" : Npm is null ? "npm" : null;
        Assert.False(InCi && absent is not null, $"CI has no {absent}");
        Assert.SkipWhen(absent is not null, $"{absent} is not installed");
        await _ready.Value;
        return await Command.RunAsync(Node!, arguments, folder ?? Folder, environment, input);
    }

    private async Task PrepareAsync(bool built)
    {
        await InstallAsync();
        if (built)
        {
            await NpmAsync("run", "build");
        }
    }

    private async Task InstallAsync()
    {
        var stamp = Path.Combine(Folder, "node_modules/.lock-sha256");
        var wanted = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(Folder, "package-lock.json"))));
        if (File.Exists(stamp) && await File.ReadAllTextAsync(stamp) == wanted)
        {
            return;
        }

        // No package needs its install script: buf's binary is a package of its own.
        await NpmAsync("ci", "--ignore-scripts");
        await File.WriteAllTextAsync(stamp, wanted);
    }

    private async Task NpmAsync(params IEnumerable<string> arguments)
    {
        var end = await Command.RunAsync(Npm!, arguments, Folder);
        Assert.True(end.ExitCode == 0, $"npm {string.Join(' ', arguments)}: {end.Everything}");
    }
}
