using System.Text;

namespace Inference.UnitTests.Prompts.Parsing;

/// <summary>Tokens may be cut anywhere: the same text gives the same parts.</summary>
public sealed class AnyChunkingTests
{
    private static readonly string[] s_scraps =
    [
        "<think>", "</think>", "<call>", "</call>", "<", "<th", "</", "<cal", "{", "}", "[", "]", "\"", "\\", "\"name\":", "\"arguments\":", "\"parameters\":",
        "get", "get_weather", "_weather", "add", "ad", "nope", "{\"name\":\"add\",\"arguments\":{\"a\": 1}}", "{\"name\":\"get\",\"parameters\":{}}",
        "{\"name\":\"now\"}", " ", "\n", ", ", "a", "é", "😀", "x y", "1.50", "null",
    ];

    [Theory]
    [InlineData(Chunks.Thinking, false)]
    [InlineData(Chunks.Tagged, true)]
    [InlineData(Chunks.Bare, true)]
    [InlineData(Chunks.List, true)]
    public void Parse_SameTextCutDifferently_GivesTheSameParts(string template, bool tools)
    {
        var random = new Random(20_26);
        for (var round = 0; round < 3_000; round++)
        {
            var text = Text(random);
            var prompt = random.Next(4) == 0 ? "x <think> " : "x";
            var whole = Chunks.Parse(template, tools ? Chunks.Tools : [], [text], prompt);
            for (var cut = 0; cut < 3; cut++)
            {
                var cutUp = Chunks.Parse(template, tools ? Chunks.Tools : [], Pieces(text, random), prompt);
                Assert.Equal(whole.Answer, cutUp.Answer);
                Assert.Equal(whole.Parser.Unparsed, cutUp.Parser.Unparsed);
            }
        }
    }

    private static string Text(Random random)
    {
        var text = new StringBuilder();
        for (var i = random.Next(1, 14); i > 0; i--)
        {
            text.Append(s_scraps[random.Next(s_scraps.Length)]);
        }

        return text.ToString();
    }

    private static IEnumerable<string> Pieces(string text, Random random)
    {
        var runes = Chunks.Characters(text).ToArray();
        for (var at = 0; at < runes.Length;)
        {
            var length = random.Next(1, 6);
            yield return string.Concat(runes.Skip(at).Take(length));
            at += length;
        }
    }
}
