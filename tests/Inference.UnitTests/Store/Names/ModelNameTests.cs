using Inference.Store.Names;

namespace Inference.UnitTests.Store.Names;

public sealed class ModelNameTests
{
    [Theory]
    [InlineData("m", "registry.ollama.ai/library/m:latest")]
    [InlineData("m:7b", "registry.ollama.ai/library/m:7b")]
    [InlineData("ns/m", "registry.ollama.ai/ns/m:latest")]
    [InlineData("host/ns/m:t", "host/ns/m:t")]
    [InlineData("host.example:5000/ns/m", "host.example:5000/ns/m:latest")]
    [InlineData("http://a/b/c", "a/b/c:latest")]
    [InlineData("a..b", "registry.ollama.ai/library/a..b:latest")]
    [InlineData("_a", "registry.ollama.ai/library/_a:latest")]
    [InlineData("0", "registry.ollama.ai/library/0:latest")]
    [InlineData("M-1_x.y:V", "registry.ollama.ai/library/M-1_x.y:V")]
    [InlineData("http:///b/c", "registry.ollama.ai/b/c:latest")]
    public void Parse_ValidText_IsCompleted(string text, string full) => Assert.Equal(full, ModelName.Parse(text)!.FullName);

    [Theory]
    [InlineData("")]
    [InlineData("/x")]
    [InlineData("x/")]
    [InlineData("x:")]
    [InlineData(":x")]
    [InlineData("a//b")]
    [InlineData("a:b:c")]
    [InlineData("a/b/c/d")]
    [InlineData("ns.dot/m")]
    [InlineData(".a")]
    [InlineData("-a")]
    [InlineData("a b")]
    [InlineData(" a")]
    [InlineData("a@sha256:00")]
    [InlineData("é")]
    [InlineData("aé")]
    [InlineData("it's")]
    [InlineData("../m")]
    [InlineData("https://m")]
    [InlineData("a\0")]
    [InlineData("ns:1/m")]
    public void Parse_InvalidText_IsNull(string text) => Assert.Null(ModelName.Parse(text));

    [Theory]
    [InlineData(350, 80, 80, 80, true)]
    [InlineData(351, 80, 80, 80, false)]
    [InlineData(1, 81, 1, 1, false)]
    [InlineData(1, 1, 81, 1, false)]
    [InlineData(1, 1, 1, 81, false)]
    public void Parse_Lengths_AreBounded(int host, int @namespace, int model, int tag, bool valid) =>
        Assert.Equal(valid, ModelName.Parse($"{new('h', host)}/{new('n', @namespace)}/{new('m', model)}:{new('t', tag)}") is not null);

    [Theory]
    [InlineData("m", "m:latest")]
    [InlineData("M:T", "M:T")]
    [InlineData("Registry.Ollama.AI/Library/m", "m:latest")]
    [InlineData("ns/m", "ns/m:latest")]
    [InlineData("host/library/m", "host/library/m:latest")]
    public void DisplayName_LeavesOutDefaultsButNeverTheTag(string text, string display) => Assert.Equal(display, ModelName.Parse(text)!.DisplayName);

    [Theory]
    [InlineData("m", "https")]
    [InlineData("http://a/b/c", "http")]
    [InlineData("any+thing://a/b/c", "any+thing")]
    public void Scheme_IsSplitOff(string text, string scheme) => Assert.Equal(scheme, ModelName.Parse(text)!.Scheme);

    [Fact]
    public void IsSame_IgnoresCaseAndScheme() => Assert.True(ModelName.Parse("http://H/N/M:T")!.IsSame(ModelName.Parse("h/n/m:t")!));

    [Fact]
    public void Parse_FullNameOfAnyValidName_GivesItBack()
    {
        var random = new Random(1);
        const string Letters = "abAB01_-.:/!é ";
        for (var i = 0; i < 20_000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 12)).Select(_ => Letters[random.Next(Letters.Length)]));
            if (ModelName.Parse(text) is { } name)
            {
                Assert.Equal(name.FullName, ModelName.Parse(name.FullName)!.FullName);
                Assert.True(ModelName.Parse(name.DisplayName)!.IsSame(name));
                Assert.DoesNotContain(name.FullName.Split('/'), static part => part is "" or "." or "..");
            }
        }
    }
}
