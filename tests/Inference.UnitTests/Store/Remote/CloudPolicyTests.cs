using Inference.Store.Remote;
using Microsoft.Extensions.Logging.Abstractions;

namespace Inference.UnitTests.Store.Remote;

public sealed class CloudPolicyTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("policy-");

    [Theory]
    [InlineData(false, null, false, "none")]
    [InlineData(true, null, true, "env")]
    [InlineData(false, """{"disable_ollama_cloud":true}""", true, "config")]
    [InlineData(true, """{"disable_ollama_cloud":true}""", true, "both")]
    [InlineData(true, """{"disable_ollama_cloud":false}""", true, "env")]
    [InlineData(false, """{"other":1}""", false, "none")]
    [InlineData(false, "{", false, "none")]
    [InlineData(false, "[]", false, "none")]
    public void Disabled_ByEitherOrBoth(bool setting, string? file, bool disabled, string source)
    {
        if (file is not null)
        {
            File.WriteAllText(Path.Combine(_folder.FullName, "server.json"), file);
        }

        var policy = Policy(new CloudOptions { Disabled = setting });

        Assert.Equal((disabled, source), (policy.Disabled, policy.Source));
    }

    [Theory]
    [InlineData("http://127.0.0.1:8080", "http://127.0.0.1:8080", "127.0.0.1")]
    [InlineData("http://LOCALHOST:8080/", "http://LOCALHOST:8080", "localhost")]
    [InlineData("https://[::1]:8443", "https://[::1]:8443", "::1")]
    public void BaseUrl_OfThisMachine_IsTaken(string text, string url, string host)
    {
        var policy = Policy(new CloudOptions { BaseUrl = text });

        Assert.Equal((url, host), (policy.BaseUrl, policy.SigningHost));
    }

    // server/cloud_proxy.go: anything else could send prompts away unnoticed.
    [Theory]
    [InlineData("https://elsewhere.example")]
    [InlineData("127.0.0.1:8080")]
    [InlineData("http://user@127.0.0.1")]
    [InlineData("http://127.0.0.1/path")]
    [InlineData("http://127.0.0.1?q")]
    [InlineData("http://127.0.0.1.elsewhere.example")]
    [InlineData("http://[bad")]
    public void BaseUrl_AnythingElse_IsIgnored(string text)
    {
        var policy = Policy(new CloudOptions { BaseUrl = text });

        Assert.Equal(("https://ollama.com:443", "ollama.com"), (policy.BaseUrl, policy.SigningHost));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private CloudPolicy Policy(CloudOptions options) => new(options, _folder.FullName, NullLogger<CloudPolicy>.Instance);
}
