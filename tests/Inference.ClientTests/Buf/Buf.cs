using Inference.TestKit;

namespace Inference.ClientTests.Buf;

/// <summary>The buf command line, in the root of the repository.</summary>
internal static class Buf
{
    /// <summary>The descriptor set that the build makes.</summary>
    public static string Contract { get; } = Path.Combine(AppContext.BaseDirectory, "inference.binpb");

    /// <summary>Lint and breaking rules: the file that people use, too.</summary>
    public static string Rules { get; } = Path.Combine(Places.Root, "buf.yaml");

    public static Task<CommandEnd> RunAsync(params IEnumerable<string> arguments) =>
        NodePackages.Tests.RunAsync([Path.Combine(NodePackages.Tests.Folder, "node_modules/@bufbuild/buf/bin/buf"), .. arguments], Places.Root);

    public static async Task PassesAsync(params IEnumerable<string> arguments)
    {
        var end = await RunAsync(arguments);
        Assert.True(end.ExitCode == 0, end.Everything);
    }
}
