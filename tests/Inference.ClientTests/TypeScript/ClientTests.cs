using System.Text.RegularExpressions;
using Inference.ClientTests.Errors;
using Inference.TestKit;

namespace Inference.ClientTests.TypeScript;

/// <summary>The TypeScript client's own tests, against the real server and against one that fails as it is asked to.</summary>
public sealed partial class ClientTests(ClientServer server, FailingServer failing, ITestOutputHelper output) : IClassFixture<FailingServer>
{
    [Theory]
    [InlineData("client.test.mjs")]
    [InlineData("retry.test.mjs")]
    public async Task Tests_OfTheClient_Pass(string file)
    {
        var end = await NodePackages.Client.RunAsync(["--test", "--test-reporter=tap", $"test/{file}"], environment: new Dictionary<string, string>
        {
            ["INFERENCE_ADDRESS"] = server.Host.Address.Authority,
            ["INFERENCE_FAILING_ADDRESS"] = failing.Address.Authority,
            ["INFERENCE_MODEL"] = SmallStore.Model,
            ["INFERENCE_EMBEDDING_MODEL"] = SmallStore.EmbeddingModel,
        });
        output.WriteLine(end.Output);
        Assert.True(end.ExitCode == 0, end.Everything);
        Assert.True(int.Parse(Passed().Match(end.Output).Groups["count"].Value) > 0, end.Everything);
        Assert.Contains("# skipped 0", end.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SmallStore.Model, 0, "")]
    [InlineData("absent", 1, "absent is not there")]
    public async Task Example_Runs(string model, int exitCode, string complaint)
    {
        var end = await NodePackages.Client.RunAsync(["dist/example.js", server.Host.Address.Authority, model]);
        Assert.Equal(exitCode, end.ExitCode);
        Assert.Equal(exitCode == 0, end.Output.Length > 0);
        Assert.StartsWith(complaint, end.Errors, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"^# pass (?<count>\d+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Passed();
}
