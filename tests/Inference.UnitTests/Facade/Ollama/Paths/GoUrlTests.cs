using Inference.Facade.Ollama.Paths;

namespace Inference.UnitTests.Facade.Ollama.Paths;

public sealed class GoUrlTests
{
    [Theory]
    [InlineData("/", "/")]
    [InlineData("", "/")]
    [InlineData("//api/tags", "/api/tags")]
    [InlineData("/api//tags", "/api/tags")]
    [InlineData("/api/../api/tags", "/api/tags")]
    [InlineData("/../../x", "/x")]
    [InlineData("/a/./b/", "/a/b/")]
    [InlineData("/a/..", "/")]
    [InlineData("/a/../", "/")]
    [InlineData("///", "/")]
    [InlineData("/a/b/../../c//", "/c/")]
    [InlineData("/...", "/...")]
    [InlineData("/a/..b", "/a/..b")]
    [InlineData("/%2e%2e/x", "/%2e%2e/x")]
    public void Clean_RootedPath_IsAsServeMuxHasIt(string path, string clean) => Assert.Equal(clean, GoPath.CleanKeepingSlash(path.Length > 0 ? path : "/"));

    [Theory]
    [InlineData("", ".")]
    [InlineData("a/../..", "..")]
    [InlineData("../a/../../b", "../../b")]
    [InlineData("./a//b/", "a/b")]
    public void Clean_RelativePath_KeepsWhatItCannotResolve(string path, string clean) => Assert.Equal(clean, GoPath.Clean(path));

    [Theory]
    [InlineData("/api/tags", "/api/tags", "/api/tags", "")]
    [InlineData("/api/tags?", "/api/tags", "/api/tags", "?")]
    [InlineData("/a%20b?x=%zz&y", "/a b", "/a%20b", "?x=%zz&y")]
    [InlineData("/a%2Fb", "/a/b", "/a%2Fb", "")]
    [InlineData("/a\"b", "/a\"b", "/a%22b", "")]
    [InlineData("/a'(b)", "/a'(b)", "/a'(b)", "")]
    [InlineData("/a#b", "/a#b", "/a%23b", "")]
    [InlineData("/\xc3\xbc", "/\xc3\xbc", "/%C3%BC", "")]
    [InlineData("/%c3%bc", "/\xc3\xbc", "/%c3%bc", "")]
    [InlineData("/%00", "/\0", "/%00", "")]
    [InlineData("//host/x", "//host/x", "//host/x", "")]
    [InlineData("http://h:1/x?y", "/x", "/x", "?y")]
    [InlineData("HTTP://h", "", "", "")]
    [InlineData("mailto:a@b", "", "", "")]
    public void Parse_Target_HasPathAndQuery(string target, string path, string escaped, string query)
    {
        var url = GoUrl.Parse(target);

        Assert.Equal((path, escaped, query), (url!.Path, url.EscapedPath, url.Query));
    }

    [Theory]
    [InlineData("")]
    [InlineData("api/tags")]
    [InlineData("/%zz")]
    [InlineData("/%4")]
    [InlineData("/%")]
    [InlineData("/a\tb")]
    [InlineData("/a\x7f")]
    [InlineData(":x")]
    [InlineData("http://a b/")]
    [InlineData("http://h:x/")]
    [InlineData("http://[::1/")]
    [InlineData("http://a%20b/")]
    [InlineData("?x")]
    public void Parse_NoTarget_IsNull(string target) => Assert.Null(GoUrl.Parse(target));

    [Theory]
    [InlineData("/a%2Fb/?q", "/a%2Fb/?q")]
    [InlineData("http://u:p@h:1/a//b?", "http://u:p@h:1/a//b?")]
    [InlineData("Mailto:x?y", "mailto:x?y")]
    public void ToString_IsTheTargetAgain(string target, string text) => Assert.Equal(text, GoUrl.Parse(target)!.ToString());

    [Fact]
    public void WithPath_ForgetsHowTheOtherWasEscaped() => Assert.Equal("/a/b?q", GoUrl.Parse("/a%2Fb/?q")!.WithPath("/a/b").ToString());
}
