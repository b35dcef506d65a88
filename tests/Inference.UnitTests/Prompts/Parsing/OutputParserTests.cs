using Inference.Prompts.GoTemplates;
using Inference.Prompts.Parsing;

namespace Inference.UnitTests.Prompts.Parsing;

public sealed class OutputParserTests
{
    [Theory]
    [InlineData("<think>a</think>b", "T:a|C:b")]
    [InlineData(" \n<think>\n a\nb\n</think>\n\n c ", "T:a\nb\n|C:c ")]
    [InlineData("a<think>b</think>", "C:a<think>b</think>")]
    [InlineData("<think></think>c", "C:c")]
    [InlineData("<think>a</thi b </think>c</think>", "T:a</thi b |C:c</think>")]
    [InlineData("<think>a</thi", "T:a</thi")]
    [InlineData("<thi", "C:<thi")]
    [InlineData(" <thinx", "C: <thinx")]
    [InlineData("<think> ", "")]
    [InlineData(" ", "")]
    public void Parse_ThinkingOutput_SplitsIt(string text, string expected) => CheckBothWays(Chunks.Thinking, text, expected, tools: false);

    [Theory]
    [InlineData("\n a</think> b", "T:a|C:b")]
    [InlineData("a", "T:a")]
    public void Parse_PromptThatEndsInTheTag_StartsWithinThinking(string text, string expected)
    {
        Assert.Equal(expected, Chunks.Parse(Chunks.Thinking, [], [text], "x<think>\n").Answer);
        Assert.Equal(expected, Chunks.Parse(Chunks.Thinking, [], Chunks.Characters(text), "x<think>\n").Answer);
    }

    [Theory]
    [InlineData("a<call>{\"name\":\"add\",\"arguments\":{\"b\": 2.50, \"a\":[1, \"x y\"]}}</call>", "C:a|!:0 call_0 add {\"b\":2.50,\"a\":[1,\"x y\"]}")]
    [InlineData("<call>{\"name\":\"get_weather\",\"parameters\":{}} {\"name\":\"get\",\"arguments\":{}}", "!:0 call_0 get_weather {}|!:1 call_1 get {}")]
    [InlineData("<call>{\"name\":\"add\",\"arguments\":\"{\\\"a\\\": 1e3}\"}", "!:0 call_0 add {\"a\":1e3}")]
    [InlineData("<call>{\"add\":{\"a\":1}}", "!:0 call_0 add {\"a\":1}")]
    [InlineData("<call>{\"x\":[1,{\"name\":\"add\",\"arguments\":{\"q\":\"}{\"}}]}", "!:0 call_0 add {\"q\":\"}{\"}")]
    [InlineData("<call>add {\"a\":1}", "!:0 call_0 add {\"a\":1}")]
    [InlineData("<call>{\"a\":1} add", "!:0 call_0 add {\"a\":1}")]
    [InlineData("<call>{bad} {\"name\":\"add\",\"arguments\":{}}", "!:0 call_0 add {}")]
    [InlineData("<think>t</think><call>{\"name\":\"add\",\"arguments\":{}}", "T:t|!:0 call_0 add {}")]
    [InlineData("a <cal b", "C:a <cal b")]
    [InlineData("a <call", "C:a ")]
    [InlineData("<call>{\"name\":\"nope\",\"arguments\":{}}", "")]
    [InlineData("<call>{\"name\":\"add\"}", "")]
    [InlineData("<call>{\"name\":\"add\",\"arguments\":[1]}", "")]
    public void Parse_TaggedCalls_TakesThemOut(string text, string expected) => CheckBothWays(Chunks.Tagged, text, expected, tools: true);

    [Theory]
    [InlineData(" {\"name\":\"add\",\"parameters\":{\"a\":1}} and more", "C: |!:0 call_0 add {\"a\":1}")]
    [InlineData("{\"name\":\"add\",\"parameters\":{}}; {\"name\":\"get\",\"parameters\":{}}", "!:0 call_0 add {}|!:1 call_1 get {}")]
    [InlineData("Sure: {\"name\":\"add\",\"parameters\":{}}", "C:Sure: {\"name\":\"add\",\"parameters\":{}}")]
    [InlineData("{\"answer\":\"}\"} {", "C:{\"answer\":\"}\"} {")]
    [InlineData("{\"name\":\"nope\",\"parameters\":{}}", "C:{\"name\":\"nope\",\"parameters\":{}}")]
    [InlineData("{\"name\":\"add\",\"para", "C:{\"name\":\"add\",\"para")]
    public void Parse_BareCalls_TakesOnlyWhatBeginsWithThem(string text, string expected) => CheckBothWays(Chunks.Bare, text, expected, tools: true);

    [Theory]
    [InlineData("{\"name\":\"add\",\"parameters\":{}}", "C:{\"name\":\"add\",\"parameters\":{}}")]
    [InlineData("[{\"name\":\"add\",\"parameters\":{}},{\"name\":\"get\",\"parameters\":{}}]", "!:0 call_0 add {}|!:1 call_1 get {}")]
    [InlineData("[1, [2]] x", "C:[1, [2]] x")]
    public void Parse_ListedCalls_TakesOnlyWhatBeginsWithThem(string text, string expected)
    {
        var template = PromptTemplate.Parse(Chunks.List);
        Assert.Equal("[", template.ToolTag);
        CheckBothWays(Chunks.List, text, expected, tools: true);
    }

    [Fact]
    public void Parse_WithoutTools_LeavesCallsInTheText() => CheckBothWays(Chunks.Tagged, "<call>{\"name\":\"add\",\"arguments\":{}}", "C:<call>{\"name\":\"add\",\"arguments\":{}}", tools: false);

    [Theory]
    [InlineData("a<call>{\"name\":\"nope\",\"arguments\":{}}", "<call>{\"name\":\"nope\",\"arguments\":{}}")]
    [InlineData("a<cal", "<cal")]
    [InlineData("<call>{\"name\":\"add\",\"arguments\":{}}</call>", "")]
    [InlineData("a", "")]
    public void Unparsed_AtTheEnd_IsTheCallThatWasNone(string text, string expected) =>
        Assert.Equal(expected, Chunks.Parse(Chunks.Tagged, Chunks.Tools, [text]).Parser.Unparsed);

    [Fact]
    public void IsThinking_FromTagToTag_IsTrue()
    {
        var parser = new OutputParser(PromptTemplate.Parse(Chunks.Thinking), [], thinks: true, "");
        List<OutputPart> parts = [];
        var seen = new List<bool>();
        foreach (var piece in new[] { "<thi", "nk>", "a", "</think>", "b" })
        {
            parser.Feed(piece, parts);
            seen.Add(parser.IsThinking);
        }

        Assert.Equal([false, true, true, false, false], seen);
    }

    [Fact]
    public void Feed_PlainText_GivesTheSameText()
    {
        foreach (var (template, tools) in new[] { (Chunks.Thinking, 0), (Chunks.Tagged, 3), (Chunks.Bare, 3) })
        {
            var parser = new OutputParser(PromptTemplate.Parse(template), [.. Chunks.Tools.Take(tools)], thinks: false, "");
            var piece = new string("word ".ToCharArray());
            List<OutputPart> parts = [];
            parser.Feed(piece, parts);
            parser.Feed(piece, parts);
            Assert.All(parts, part => Assert.Same(piece, part.Text));
            Assert.Equal(2, parts.Count);
        }
    }

    [Fact]
    public void NewId_OfCall_IsAsOllamaMakesIt() => Assert.Matches("^call_[a-z0-9]{8}$", CallIds.New());

    private static void CheckBothWays(string template, string text, string expected, bool tools)
    {
        var known = tools ? Chunks.Tools : [];
        Assert.Equal(expected, Chunks.Parse(template, known, [text]).Answer);
        Assert.Equal(expected, Chunks.Parse(template, known, Chunks.Characters(text)).Answer);
    }
}
