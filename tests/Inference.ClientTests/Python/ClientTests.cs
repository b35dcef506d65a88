using System.Text.RegularExpressions;
using Inference.ClientTests.Errors;
using Inference.TestKit;

namespace Inference.ClientTests.Python;

/// <summary>The Python client's own tests, against the real server and against one that fails as it is asked to.</summary>
public sealed partial class ClientTests(ClientServer server, FailingServer failing, ITestOutputHelper output) : IClassFixture<FailingServer>
{
    [Theory]
    [InlineData("test_client")]
    [InlineData("test_retry")]
    public async Task Tests_OfTheClient_Pass(string module)
    {
        var end = await PythonPackages.RunAsync(["-m", "unittest", "-v", $"tests.{module}"], new Dictionary<string, string>
        {
            ["INFERENCE_ADDRESS"] = server.Host.Address.Authority,
            ["INFERENCE_FAILING_ADDRESS"] = failing.Address.Authority,
            ["INFERENCE_MODEL"] = SmallStore.Model,
            ["INFERENCE_EMBEDDING_MODEL"] = SmallStore.EmbeddingModel,
        });
        output.WriteLine(end.Errors);
        Assert.True(end.ExitCode == 0, end.Everything);
        Assert.True(int.Parse(Ran().Match(end.Errors).Groups["count"].Value) > 0, end.Everything);
        Assert.DoesNotContain("skipped", end.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SmallStore.Model, 0, "")]
    [InlineData("absent", 1, "absent is not there")]
    public async Task Example_Runs(string model, int exitCode, string complaint)
    {
        var end = await PythonPackages.RunAsync(["example.py", server.Host.Address.Authority, model]);
        Assert.True(exitCode == end.ExitCode, end.Everything);
        Assert.Equal(exitCode == 0, end.Output.Length > 0);
        Assert.StartsWith(complaint, end.Errors, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"^Ran (?<count>\d+) tests", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Ran();
}
