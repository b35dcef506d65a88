using Inference.Server.Options;

namespace Inference.UnitTests.Server.Options;

public sealed class ListenAddressTests
{
    // The cases of Ollama's envconfig, and what Go's net.Listen makes of the host.
    [Theory]
    [InlineData("", "127.0.0.1", 11434)]
    [InlineData("1.2.3.4", "1.2.3.4", 11434)]
    [InlineData(":1234", "", 1234)]
    [InlineData("1.2.3.4:1234", "1.2.3.4", 1234)]
    [InlineData("example.com", "example.com", 11434)]
    [InlineData("example.com:1234", "example.com", 1234)]
    [InlineData(":0", "", 0)]
    [InlineData(":66000", "", 11434)]
    [InlineData(":-1", "", 11434)]
    [InlineData("host:ssh", "host", 11434)]
    [InlineData("host:", "host", 11434)]
    [InlineData("[::1]", "::1", 11434)]
    [InlineData("[::]", "::", 11434)]
    [InlineData("::1", "::1", 11434)]
    [InlineData("[::1]:1337", "::1", 1337)]
    [InlineData(" 1.2.3.4 ", "1.2.3.4", 11434)]
    [InlineData("http://1.2.3.4", "1.2.3.4", 80)]
    [InlineData("http://1.2.3.4:4321", "1.2.3.4", 4321)]
    [InlineData("https://1.2.3.4", "1.2.3.4", 443)]
    [InlineData("https://1.2.3.4:4321", "1.2.3.4", 4321)]
    [InlineData("https://example.com/ollama", "example.com", 443)]
    [InlineData("http://:66000", "", 80)]
    public void Parse_AnySpelling_IsOllamas(string text, string host, int port)
    {
        var address = ListenAddress.Parse(text, out _);
        Assert.Equal((host, port, text.StartsWith("https", StringComparison.Ordinal)), (address.Host, address.Port, address.Secure));
    }

    [Theory]
    [InlineData(":66000", "\"66000\" is not a port; using 11434")]
    [InlineData("https://x:y", "\"y\" is not a port; using 443")]
    [InlineData("0.0.0.0:11434", null)]
    public void Parse_PortReplaced_SaysSo(string text, string? warning)
    {
        ListenAddress.Parse(text, out var said);
        Assert.Equal(warning, said);
    }

    [Theory]
    [InlineData("0.0.0.0", true)]
    [InlineData("[::]", true)]
    [InlineData(":1", true)]
    [InlineData("127.0.0.1", false)]
    [InlineData("localhost", false)]
    public void IsAny_Unspecified_IsEveryInterface(string text, bool any) => Assert.Equal(any, ListenAddress.Parse(text, out _).IsAny);

    [Theory]
    [InlineData("0.0.0.0", "http://127.0.0.1:11434/")]
    [InlineData("[::]:80", "http://127.0.0.1/")]
    [InlineData("[::1]:8080", "http://[::1]:8080/")]
    [InlineData("localhost", "http://localhost:11434/")]
    public void Local_AnyAddress_CanBeCalled(string text, string url) => Assert.Equal(url, ListenAddress.Parse(text, out _).Local.AbsoluteUri);
}
