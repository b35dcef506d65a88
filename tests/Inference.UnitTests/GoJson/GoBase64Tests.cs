using System.Text;
using Inference.GoJson;

namespace Inference.UnitTests.GoJson;

public sealed class GoBase64Tests
{
    [Theory]
    [InlineData("A", 0)]
    [InlineData("AAA", 0)]
    [InlineData("AAAAA", 4)]
    [InlineData("AA=", 3)]
    [InlineData("AA=A", 2)]
    [InlineData("AAA=AAAA", 4)]
    [InlineData("AAAA=", 4)]
    [InlineData("A-_A", 1)]
    [InlineData("AAAA AAAA", 4)]
    [InlineData("data:image/png;base64,AAAA", 4)]
    [InlineData("=", 0)]
    [InlineData("\nA\nA\n=\n", 7)]
    public void Decode_Damaged_CountsToTheFirstBadByte(string text, int expected)
    {
        Assert.Null(GoBase64.Decode(Encoding.UTF8.GetBytes(text), out var problemAt));
        Assert.Equal(expected, problemAt);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\r\n")]
    [InlineData("AA\nAA")]
    [InlineData("AA==\n")]
    public void Decode_LineEnds_AreIgnored(string text) =>
        Assert.Equal(Convert.FromBase64String(text), GoBase64.Decode(Encoding.UTF8.GetBytes(text), out _));

    [Fact]
    public void Decode_RandomBytes_ComeBackWholeOrAreRefusedWhereTheyWereDamaged()
    {
        var random = new Random(64);
        for (var round = 0; round < 2_000; round++)
        {
            var bytes = new byte[random.Next(400)];
            random.NextBytes(bytes);
            var text = Convert.ToBase64String(bytes, round % 2 == 0 ? Base64FormattingOptions.None : Base64FormattingOptions.InsertLineBreaks);
            Assert.Equal(bytes, GoBase64.Decode(Encoding.ASCII.GetBytes(text), out _));

            var content = text.TrimEnd('=').Length;
            if (content > 0)
            {
                var at = random.Next(content);
                var damaged = Encoding.ASCII.GetBytes(text);
                damaged[at] = (byte)'*';
                Assert.Null(GoBase64.Decode(damaged, out var problemAt));
                Assert.Equal(at, problemAt);
            }
        }
    }
}
