using System.Reflection;
using Inference.TestKit;

namespace Inference.ClientTests.Buf;

/// <summary>The contract as it was released: protos/ of the newest tag v*, compiled by the same compiler.</summary>
internal static class Release
{
    /// <summary>Without its history a copy of the repository cannot be compared with anything.</summary>
    public static async Task NeedsHistoryAsync()
    {
        var known = Command.Find("git") is not null && (await Command.RunAsync("git", ["rev-parse", "HEAD"], Places.Root)).ExitCode == 0;
        Assert.SkipUnless(known, "not a git checkout");
    }

    /// <summary>The newest release; null before the first.</summary>
    public static async Task<string?> LastAsync()
    {
        var end = await Command.RunAsync("git", ["tag", "--list", "v*", "--sort=-version:refname"], Places.Root);
        return end.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
    }

    /// <summary>Writes its descriptor set into <paramref name="folder"/>.</summary>
    /// <returns>Path of the set.</returns>
    public static async Task<string> CompileAsync(string tag, string folder)
    {
        var listed = await GitAsync("ls-tree", "-r", "--name-only", tag, "protos");
        var files = listed.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(f => f.EndsWith(".proto", StringComparison.Ordinal)).ToList();
        foreach (var file in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, file))!);
            await File.WriteAllTextAsync(Path.Combine(folder, file), await GitAsync("show", $"{tag}:{file}"));
        }

        var set = Path.Combine(folder, "release.binpb");
        var end = await Command.RunAsync(
            BuiltWith("Protoc"),
            [$"-I{folder}/protos", $"-I{Places.Root}/artifacts/googleapis", $"-I{BuiltWith("ProtocImports")}", "--include_imports", "--include_source_info", $"--descriptor_set_out={set}", .. files.Select(f => f["protos/".Length..])],
            folder);
        Assert.True(end.ExitCode == 0, end.Everything);
        return set;
    }

    private static async Task<string> GitAsync(params IEnumerable<string> arguments)
    {
        var end = await Command.RunAsync("git", arguments, Places.Root);
        Assert.True(end.ExitCode == 0, end.Everything);
        return end.Output;
    }

    private static string BuiltWith(string key) => typeof(Release).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;
}
