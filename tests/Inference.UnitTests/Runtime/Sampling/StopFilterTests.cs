using Inference.Runtime.Sampling;

namespace Inference.UnitTests.Runtime.Sampling;

public sealed class StopFilterTests
{
    [Theory]
    [InlineData("one two three", new[] { "three", "two" }, 4, "two")]
    [InlineData("abcd", new[] { "abcde", "bc" }, 1, "bc")]
    [InlineData("abab", new[] { "ab" }, 0, "ab")]
    [InlineData("abc", new[] { "abc", "ab" }, 0, "abc")]
    [InlineData("a", new[] { "" }, 0, "")]
    [InlineData("", new[] { "" }, 0, "")]
    public void Find_Match_IsTheOneThatBeginsFirst(string text, string[] stops, int at, string stop) =>
        Assert.Equal((at, stop), new StopFilter(stops).Find(text));

    [Theory]
    [InlineData("", new[] { "stop" })]
    [InlineData("sto", new[] { "stop" })]
    [InlineData("STOP", new[] { "stop" })]
    [InlineData("anything", new string[0])]
    public void Find_NoMatch_IsNull(string text, string[] stops) => Assert.Null(new StopFilter(stops).Find(text));

    [Theory]
    [InlineData("hello", new[] { "stop" }, 5)]
    [InlineData("hello s", new[] { "stop" }, 6)]
    [InlineData("hello sto", new[] { "stop" }, 6)]
    [InlineData("aab", new[] { "aabb" }, 0)]
    [InlineData("aaab", new[] { "aabb" }, 1)]
    [InlineData("x<|", new[] { "|>", "<|end|>" }, 1)]
    [InlineData("x<|", new[] { "<|end|>", "|>" }, 1)]
    [InlineData("xyz", new string[0], 3)]
    [InlineData("", new[] { "stop" }, 0)]
    [InlineData("a", new[] { "b" }, 1)]
    public void SureLength_EndCouldBecomeAStop_EndsBeforeIt(string text, string[] stops, int sure) =>
        Assert.Equal(sure, new StopFilter(stops).SureLength(text));
}
