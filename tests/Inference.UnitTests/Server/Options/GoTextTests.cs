using Inference.Server.Options;

namespace Inference.UnitTests.Server.Options;

public sealed class GoTextTests
{
    [Theory]
    [InlineData(" \"a b\" ", "a b")]
    [InlineData("'x'", "x")]
    [InlineData("\"'x", "x")]
    [InlineData("  ", "")]
    [InlineData("\" x \"", " x ")] // strings.Trim(strings.TrimSpace(v), "\"'"), in this order and once
    public void Trim_SpacesAndQuotes_AreNoPartOfIt(string text, string trimmed) => Assert.Equal(trimmed, GoText.Trim(text));

    [Theory]
    [InlineData("1", true)]
    [InlineData("T", true)]
    [InlineData("True", true)]
    [InlineData("0", false)]
    [InlineData("FALSE", false)]
    [InlineData("tRUE", null)]
    [InlineData("yes", null)]
    [InlineData("", null)]
    public void Bool_AnyText_IsParseBools(string text, bool? value) => Assert.Equal(value, GoText.Bool(text));

    [Theory]
    [InlineData("5m", 300_000)]
    [InlineData("1h30m", 5_400_000)]
    [InlineData("300ms", 300)]
    [InlineData("1.5h", 5_400_000)]
    [InlineData("-1", -1_000)]
    [InlineData("-1s", -1_000)]
    [InlineData("0", 0)]
    [InlineData("3600", 3_600_000)]
    [InlineData("+5", 5_000)]
    public void Duration_GoOrSeconds_IsRead(string text, int milliseconds) => Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), GoText.Duration(text));

    [Theory]
    [InlineData("5 m")]
    [InlineData("5x")]
    [InlineData("m")]
    [InlineData("1.5")]
    [InlineData("")]
    [InlineData("99999999999999999999")]
    [InlineData("9223372037")] // seconds beyond 2^63 nanoseconds
    public void Duration_Anything_Else_IsNone(string text) => Assert.Null(GoText.Duration(text));
}
