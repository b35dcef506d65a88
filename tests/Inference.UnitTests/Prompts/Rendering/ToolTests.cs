using Inference.Prompts.Rendering;
using Inference.V1;
using static Inference.UnitTests.Prompts.Rendering.Conversation;

namespace Inference.UnitTests.Prompts.Rendering;

public sealed class ToolTests
{
    private const string Schema = """
        {"type":"object","additionalProperties":false,"required":["b"],"$defs":{"D":{"z":1,"a":2}},
         "properties":{"b":{"type":["string","null"],"default":1,"enum":["x",1.0],"description":"d"},
                       "a":{"type":"object","properties":{"z":{"type":"integer"},"y":{"anyOf":[{"type":"boolean"},{"type":"array"}]}},"required":["z"]}}}
        """;

    [Fact]
    public void Tools_Printed_AreJsonOfWhatOllamaKeeps() => Assert.Equal(
        """[{"type":"function","function":{"name":"f","description":"","parameters":{"type":"object","$defs":{"D":{"a":2,"z":1}},"required":["b"],"properties":{"a":{"type":"object","properties":{"z":{"type":"integer"},"y":{"anyOf":[{"type":"boolean"},{"type":"array"}]}},"required":["z"]},"b":{"type":["string","null"],"description":"d","enum":["x",1]}}}}}]""",
        RenderTools("{{ .Tools }}", Tool("f", Schema)));

    [Theory]
    [InlineData("{{ range .Tools }}{{ range $n, $p := .Function.Parameters.Properties }}{{ $n }}:{{ $p.Type }}:{{ toTypeScriptType $p }};{{ end }}{{ end }}", "a:object:Record<string, any>;b:[string null]:string | null;")]
    [InlineData("{{ range .Tools }}{{ with (index .Function.Parameters.Properties \"a\").Properties }}{{ .Len }} {{ len .ToMap }} {{ json . }}{{ end }}{{ end }}", "2 2 {\"z\":{\"type\":\"integer\"},\"y\":{\"anyOf\":[{\"type\":\"boolean\"},{\"type\":\"array\"}]}}")]
    [InlineData("{{ range .Tools }}{{ .Function.Parameters.Required }} {{ .Function.Parameters.Items }} {{ .Function }}{{ end }}", "[b] <no value> {f  {object map[D:map[a:2 z:1]] <nil> [b] {\"a\":{\"type\":\"object\",\"properties\":{\"z\":{\"type\":\"integer\"},\"y\":{\"anyOf\":[{\"type\":\"boolean\"},{\"type\":\"array\"}]}},\"required\":[\"z\"]},\"b\":{\"type\":[\"string\",\"null\"],\"description\":\"d\",\"enum\":[\"x\",1]}}}}")]
    [InlineData("{{ range .Tools }}{{ printf \"%T %T\" . .Function.Parameters.Properties }}{{ end }}", "template.templateTool template.templateProperties")]
    public void Tools_InTemplate_HaveOllamasStructure(string template, string expected) => Assert.Equal(expected, RenderTools(template, Tool("f", Schema)));

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{\"type\":1,\"required\":\"x\",\"properties\":[]}")]
    public void Tools_WithoutUsableSchema_HaveNoParameters(string schema) => Assert.Equal(
        """[{"type":"function","function":{"name":"f","description":"","parameters":{"type":"","properties":null}}}]""",
        RenderTools("{{ .Tools }}", Tool("f", schema)));

    [Fact]
    public void Tools_Absent_PrintNullAndAnEmptyListItself()
    {
        const string Template = "{{ range .Messages }}{{ $.Tools }}{{ end }}";
        Assert.Equal("null", Render(Template, new ChatPrompt([User("u")], [], Unset)));
        Assert.Equal("[]", Render(Template, new ChatPrompt([User("u")], [], Unset) { HasToolList = true }));
    }

    [Fact]
    public void Tools_OfAnotherType_SaySo()
    {
        var tool = Tool("f");
        tool.Type = "";
        Assert.StartsWith("""[{"type":"",""", RenderTools("{{ .Tools }}", tool), StringComparison.Ordinal);
    }

    [Fact]
    public void ToolCalls_InTemplate_ArePrintedAsJson()
    {
        var message = Assistant("");
        message.ToolCalls.Add(new ToolCall { Id = "c1", Index = 2, Name = "f", ArgumentsJson = """{"z":1.0,"a":"<é\ud83d>","n":12345678901234567890,"String":true}""" });
        Assert.Equal(
            """c1 2 f {"String":true,"a":"\u003cé�\u003e","n":12345678901234567000,"z":1} String=true;a=<é�>;n=1.2345678901234567e+19;z=1;""",
            Render("{{ range .Messages }}{{ range .ToolCalls }}{{ .ID }} {{ .Function.Index }} {{ .Function.Name }} {{ .Function.Arguments.String }} {{ range $k, $v := .Function.Arguments }}{{ $k }}={{ $v }};{{ end }}{{ end }}{{ end }}", message));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[1]")]
    [InlineData("{\"a\":")]
    public void ToolCalls_WithoutUsableArguments_HaveNone(string arguments)
    {
        var message = Assistant("");
        message.ToolCalls.Add(new ToolCall { Name = "f", ArgumentsJson = arguments });
        Assert.Equal("f({})", Render("{{ range .Messages }}{{ range .ToolCalls }}{{ .Function.Name }}({{ .Function.Arguments }}){{ end }}{{ end }}", message));
    }

    private static string RenderTools(string template, params Tool[] tools) =>
        Render(template + "{{ range .Messages }}{{ end }}", new ChatPrompt([User("u")], tools, Unset));
}
