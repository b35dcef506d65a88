using System.Text;

namespace Inference.UnitTests.Prompts.GoTemplates;

/// <summary>Templates are other people's: none may take the server with it.</summary>
public sealed class HostileTemplateTests
{
    [Theory]
    [InlineData("{{ define \"t\" }}{{ template \"t\" . }}{{ end }}{{ template \"t\" . }}", "exceeded maximum template depth (1000)")]
    [InlineData("{{ range 9000000000000000000 }}{{ end }}", "exceeded maximum number of steps (20000000)")]
    [InlineData("{{ range 100000 }}{{ range 100000 }}{{ end }}{{ end }}", "exceeded maximum number of steps (20000000)")]
    [InlineData("{{ $x := \"abcdefgh\" }}{{ range 40 }}{{ $x = printf \"%s%s\" $x $x }}{{ end }}", "exceeded maximum length of text (16777216)")]
    [InlineData("{{ range 100 }}{{ printf \"%999999d\" 1 }}{{ end }}", "exceeded maximum length of text (16777216)")]
    [InlineData("{{ $x := printf \"%999999d\" 1 }}{{ range 1000000 }}{{ $y := len $x }}{{ end }}", "exceeded maximum number of steps (20000000)")]
    public void Template_WithoutEnd_Ends(string template, string expected) => Assert.EndsWith(expected, Go.Run(template), StringComparison.Ordinal);

    [Fact]
    public void Printf_OfManyWideNumbers_EndsBeforeMemoryDoes()
    {
        var format = new StringBuilder().Insert(0, "%999999[1]d", 100_000);
        Assert.EndsWith("exceeded maximum length of text (16777216)", Go.Run($"{{{{ printf \"{format}\" 1 }}}}"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{{ ", "(", "1", ")", " }}", "max expression depth exceeded")]
    [InlineData("", "{{ if 1 }}", "x", "{{ end }}", "", "max nesting depth exceeded")]
    [InlineData("{{ if 1 }}x", "{{ else if 1 }}y", "", "", "{{ end }}", "max nesting depth exceeded")]
    public void Template_Nested_IsRefusedBeforeTheStackEnds(string before, string open, string inner, string close, string after, string expected)
    {
        string Nest(int depth) => before + Repeat(open, depth) + inner + Repeat(close, depth) + after;

        Assert.DoesNotContain("error", Go.Run(Nest(200)), StringComparison.Ordinal);
        Assert.Equal($"error: template: :1: {expected}", Go.Run(Nest(100_000)));
    }

    [Fact]
    public void Template_RecursingThroughDeepNests_Ends()
    {
        var nest = Repeat("{{ if 1 }}", 200) + "{{ template \"t\" . }}" + Repeat("{{ end }}", 200);
        Assert.Contains("exceeded maximum template depth", Go.Run($"{{{{ define \"t\" }}}}{nest}{{{{ end }}}}{{{{ template \"t\" . }}}}"), StringComparison.Ordinal);
    }

    [Fact]
    public void Template_CutAnywhere_ParsesOrSaysWhy()
    {
        const string Whole = "{{- range $i, $_ := .Messages }}{{ if and (eq .Role \"user\") $i }}é{{ .Content | printf `%q` }}{{ else }}{{ break }}{{ end }}{{ end -}} {{/* c */}}{{ 'x' }}{{ 1.5e3 }}";
        for (var length = 0; length <= Whole.Length; length++)
        {
            Go.Run(Whole[..length]);
            Go.Run(Whole[length..]);
        }

        Assert.Equal("1201500", Go.Run(Whole));
    }

    [Fact]
    public void Template_OfRandomScraps_PrintsOrSaysWhy()
    {
        string[] scraps =
        [
            "{{ ", " }}", "{{- ", " -}}", "if ", "else ", "end", "range ", "with ", "$x ", ":= ", "= ", ", ", "| ", "(", ")", ".a", ".a.b", ".l ", ".m ", "$ ", ". ", "nil ", "true ",
            "1 ", "2.5 ", "1i ", "'x' ", "\"s\" ", "`r` ", "printf \"%v %d %q %x %#v %+v %5.1f\" ", "index ", "slice ", "len ", "eq ", "lt ", "and ", "or ", "not ", "print ", "html ", "js ",
            "json ", "call ", "toTypeScriptType ", "break", "continue", "define \"t\" ", "template \"t\" ", "block \"u\" ", "é", "\n", "/* c */", "text",
        ];
        var random = new Random(26);
        var printed = 0;
        for (var round = 0; round < 40_000; round++)
        {
            var template = new StringBuilder(round % 2 == 0 ? "{{ " : "");
            for (var i = random.Next(1, 10); i > 0; i--)
            {
                template.Append(scraps[random.Next(scraps.Length)]);
            }

            var result = Go.Run(template.Append(round % 2 == 0 ? " }}" : "").ToString(), """{"a":{"b":1},"l":[1,"x",null,[2]],"m":{"k":"v"}}""");
            printed += result.StartsWith("error: ", StringComparison.Ordinal) ? 0 : 1;
        }

        Assert.InRange(printed, 1_000, 39_000);
    }

    private static string Repeat(string text, int count) => new StringBuilder().Insert(0, text, count).ToString();
}
