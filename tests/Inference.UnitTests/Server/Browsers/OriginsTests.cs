using Inference.Server.Browsers;

namespace Inference.UnitTests.Server.Browsers;

public sealed class OriginsTests
{
    [Theory]
    [InlineData("http://localhost", true)]
    [InlineData("https://127.0.0.1:8443", true)]
    [InlineData("http://localhost:3000/path", true)]
    [InlineData("http://0.0.0.0", true)]
    [InlineData("app://x", true)]
    [InlineData("vscode-webview://abc", true)]
    [InlineData("http://localhost.evil.example", false)]
    [InlineData("HTTP://LOCALHOST:3000", false)]
    [InlineData("http://[::1]:3000", false)]
    [InlineData("chrome-extension://abc", false)]
    [InlineData("null", false)]
    [InlineData("", false)]
    public void Allow_Defaults_AreOllamas(string origin, bool allowed) => Assert.Equal(allowed, Origins.Parse(null).Allow(origin));

    [Theory]
    [InlineData("https://my.example,chrome-extension://*", "https://my.example", true)]
    [InlineData("https://my.example,chrome-extension://*", "chrome-extension://abc", true)]
    [InlineData("https://my.example,chrome-extension://*", "https://other.example", false)]
    [InlineData("https://my.example,chrome-extension://*", "http://localhost:3000", true)]
    [InlineData("https://*.my.example", "https://a.my.example", true)]
    [InlineData("https://*.my.example", "https://my.example", false)]
    [InlineData(" https://My.Example ", "https://my.example", true)]
    [InlineData("*", "anything", true)]
    public void Allow_Configured_AreAdded(string configured, string origin, bool allowed) => Assert.Equal(allowed, Origins.Parse(configured).Allow(origin));

    [Theory]
    [InlineData("my.example")]
    [InlineData("https://*.*.example")]
    [InlineData("https://fine.example,ftp://x")]
    public void Parse_NoOrigin_SaysWhichEntry(string configured) =>
        Assert.StartsWith(configured.Split(',')[^1], Assert.Throws<FormatException>(() => Origins.Parse(configured)).Message, StringComparison.Ordinal);
}
