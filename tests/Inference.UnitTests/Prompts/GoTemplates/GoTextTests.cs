using Inference.Prompts.GoTemplates.Values;

namespace Inference.UnitTests.Prompts.GoTemplates;

public sealed class GoTextTests
{
    [Fact]
    public void FromBytes_OfAnyBytes_GivesThemBack()
    {
        var random = new Random(7);
        for (var round = 0; round < 500; round++)
        {
            var bytes = new byte[random.Next(20)];
            random.NextBytes(bytes);
            var text = GoText.FromBytes(bytes);
            Assert.Equal(bytes, GoText.ToBytes(text));
            Assert.Equal(bytes.Length, GoText.ByteLength(text));
        }
    }

    [Theory]
    [InlineData("a", "b", -1)]
    [InlineData("é", "z", 1)]
    [InlineData("\uffff", "😀", -1)]
    [InlineData("a", "ab", -1)]
    [InlineData("x", "x", 0)]
    public void Compare_OfTexts_GoesByBytes(string left, string right, int expected) => Assert.Equal(expected, Math.Sign(GoText.Compare(left, right)));

    [Fact]
    public void Settle_OfTextOfWholeCharacters_IsTheSameText()
    {
        const string Text = "héy 😀 日本";
        Assert.Same(Text, GoText.Settle(Text));
    }
}
