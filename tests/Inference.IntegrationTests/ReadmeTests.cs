using System.Diagnostics;
using System.Text.RegularExpressions;
using Inference.TestKit;

namespace Inference.IntegrationTests;

/// <summary>The README's commands do what it says: here those of curl. buf's are held by the client tests.</summary>
public sealed partial class ReadmeTests(ServerHost host) : IClassFixture<ServerHost>
{
    private const string Address = "http://127.0.0.1:11434";

    public static TheoryData<string> Commands => [.. Command().Matches(File.ReadAllText(Path.Combine(Places.Root, "README.md"))).Select(static m => m.Value)];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Curl_AsInTheReadme_IsAnswered(string command)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/curl") && File.Exists("/bin/bash"), "there is no curl");
        var start = new ProcessStartInfo("/bin/bash", ["-c", command.Replace(Address, host.Address.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal)])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var curl = Process.Start(start)!;
        var errors = curl.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await curl.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await curl.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(curl.ExitCode == 0, await errors);
        if (command.Contains("nope", StringComparison.Ordinal))
        {
            Assert.StartsWith("HTTP/1.1 404", output, StringComparison.Ordinal);
            Assert.Contains("not found", output, StringComparison.Ordinal);
        }
        else
        {
            Assert.StartsWith("{", output, StringComparison.Ordinal);
            Assert.DoesNotContain("\"error\"", output, StringComparison.Ordinal);
            Assert.DoesNotContain("\"code\"", output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Commands_AreFound() => Assert.True(Commands.Count >= 7);

    [GeneratedRegex("^curl .*$", RegexOptions.Multiline | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Command();
}
