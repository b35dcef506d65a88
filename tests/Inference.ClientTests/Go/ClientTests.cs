using Inference.ClientTests.Errors;

namespace Inference.ClientTests.Go;

/// <summary>The Go client's own tests, against the real server and against one that fails as it is asked to.</summary>
public sealed class ClientTests(ClientServer server, FailingServer failing, ITestOutputHelper output) : IClassFixture<FailingServer>
{
    [Fact]
    public async Task Tests_OfTheClient_Pass()
    {
        Assert.SkipWhen(GoPrograms.Folder is null, "INFERENCE_GO_PROGRAMS does not say where the Go client's tests are built");
        var end = await GoPrograms.RunAsync("client.test", ["-test.v"], new Dictionary<string, string>
        {
            ["INFERENCE_ADDRESS"] = server.Host.Address.Authority,
            ["INFERENCE_FAILING_ADDRESS"] = failing.Address.Authority,
        });
        output.WriteLine(end.Output);
        Assert.True(end.ExitCode == 0, end.Everything);
        Assert.DoesNotContain("--- SKIP", end.Output, StringComparison.Ordinal);
        Assert.Contains("--- PASS", end.Output, StringComparison.Ordinal);
    }
}
