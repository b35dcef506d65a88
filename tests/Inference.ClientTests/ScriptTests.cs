using System.Text.RegularExpressions;
using Inference.TestKit;

namespace Inference.ClientTests;

/// <summary>
/// The clients that live in Node: each script is a test file of Node's own runner. By hand, against any server:
/// <c>INFERENCE_ADDRESS=127.0.0.1:11434 npm test</c>.
/// </summary>
public sealed partial class ScriptTests(ClientServer server, ITestOutputHelper output)
{
    public static TheoryData<string> Scripts =>
    [
        .. Directory.EnumerateFiles(Path.Combine(NodePackages.Tests.Folder, "scripts"), "*.test.mjs", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(Path.Combine(NodePackages.Tests.Folder, "scripts"), f).Replace('\\', '/')).Order(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Scripts))]
    public async Task Script_AgainstTheServer_Passes(string script)
    {
        var end = await NodePackages.Tests.RunAsync(
            ["--test", "--test-reporter=tap", $"scripts/{script}"],
            environment: new Dictionary<string, string>
            {
                ["INFERENCE_ADDRESS"] = server.Host.Address.Authority,
                ["INFERENCE_MODEL"] = SmallStore.Model,
                ["INFERENCE_EMBEDDING_MODEL"] = SmallStore.EmbeddingModel,
            });
        output.WriteLine(end.Output);
        Assert.True(end.ExitCode == 0, end.Everything);
        Assert.True(int.Parse(Passed().Match(end.Output).Groups["count"].Value) > 0, end.Everything);
    }

    [GeneratedRegex(@"^# pass (?<count>\d+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Passed();
}
