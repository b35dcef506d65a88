using Inference.Store.Remote;

namespace Inference.UnitTests.Store.Remote;

public sealed class GoUrlTests
{
    [Theory]
    [InlineData("http://h:8080/p?q#f", "http", "h", "/p")]
    [InlineData("HTTPS://Host", "https", "Host", "")]
    [InlineData("http://[::1]:80/", "http", "::1", "/")]
    [InlineData("http://u:p@h", "http", "h", "")]
    [InlineData("localhost:11434", "localhost", "", "11434")]
    [InlineData("h/p", "", "", "h/p")]
    [InlineData("", "", "", "")]
    public void Parse_Address_InItsParts(string text, string scheme, string host, string path)
    {
        var url = GoUrl.Parse(text);

        Assert.Equal((scheme, host, path), (url.Scheme, url.HostName, url.Path));
    }

    [Theory]
    [InlineData("http://[bad", "parse \"http://[bad\": missing ']' in host")]
    [InlineData("http://h:x", "parse \"http://h:x\": invalid port \":x\" after host")]
    [InlineData("http://[::1]:namedport", "parse \"http://[::1]:namedport\": invalid port \":namedport\" after host")]
    [InlineData("http://a b", "parse \"http://a b\": invalid character \" \" in host name")]
    [InlineData(":x", "parse \":x\": missing protocol scheme")]
    [InlineData("1:2", "parse \"1:2\": first path segment in URL cannot contain colon")]
    [InlineData("http://h\u007f", "parse \"http://h\\x7f\": net/url: invalid control character in URL")]
    public void Parse_NoAddress_SaysWhyInGosWords(string text, string words) =>
        Assert.Equal(words, Assert.Throws<FormatException>(() => GoUrl.Parse(text)).Message);
}
