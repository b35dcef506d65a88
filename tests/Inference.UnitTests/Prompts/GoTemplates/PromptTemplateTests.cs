using Inference.Prompts.GoTemplates;

namespace Inference.UnitTests.Prompts.GoTemplates;

public sealed class PromptTemplateTests
{
    [Theory]
    [InlineData("{{ range .Messages }}{{ $.Tools }}{{ end }}{{ .Suffix }}", true, true, true)]
    [InlineData("{{ .Prompt }} tools {{ \"messages\" }}", false, false, false)]
    [InlineData("{{ (index .Messages 0).Role }}", false, false, false)]
    [InlineData("{{ json (index .Messages 0) }}", true, false, false)]
    [InlineData("{{ define \"t\" }}{{ .tools }}{{ end }}", false, true, false)]
    [InlineData("{{ $messages := 1 }}{{ $messages }}", false, false, false)]
    public void Template_MentioningNames_UsesThem(string text, bool messages, bool tools, bool suffix)
    {
        var template = PromptTemplate.Parse(text);
        Assert.Equal((messages, tools, suffix), (template.UsesMessages, template.UsesTools, template.UsesSuffix));
    }

    [Fact]
    public void Names_OfTemplate_AreSortedAndLower() =>
        Assert.Equal(["$i", "$m", "content", "messages", "role"], PromptTemplate.Parse("{{ range $i, $m := .Messages }}{{ $m.Role }}{{ .Content }}{{ $i }}{{ end }}").Names);

    [Theory]
    [InlineData("{{ range .Messages }}{{ if .Thinking }} <a> {{ .Thinking }}</a>\n{{ end }}{{ end }}", "<a>", "</a>")]
    [InlineData("{{ range $i, $m := .Messages }}<x>{{ .Thinking }}</x>{{ end }}", "<x>", "</x>")]
    [InlineData("{{ range .Messages }}<x>{{ $.Thinking }}</x>{{ end }}", null, null)]
    [InlineData("{{ range .Messages }}<x>{{ .Thinking }}{{ end }}", null, null)]
    [InlineData("{{ range .Other }}<x>{{ .Thinking }}</x>{{ end }}", null, null)]
    [InlineData("{{ range .Messages }}{{ range .ToolCalls }}<x>{{ .Thinking }}</x>{{ end }}{{ end }}", null, null)]
    [InlineData("<x>{{ .Thinking }}</x>", null, null)]
    public void ThinkingTags_OfTemplate_AreTheTextsAround(string text, string? open, string? close) =>
        Assert.Equal(open is null ? null : (open, close!), PromptTemplate.Parse(text).ThinkingTags);

    [Theory]
    [InlineData("{{ range .Messages }}{{ if .ToolCalls }}\n<call>{\"name\"{{ end }}{{ end }}", "<call>")]
    [InlineData("{{ if .ToolCalls }}{{ range .ToolCalls }}[T] {{ .Function }}{{ end }}{{ end }}", "[T]")]
    [InlineData("{{ if .ToolCalls }}{\"name\"{{ end }}", "{")]
    [InlineData("{{ if .ToolCalls }}{{ .Content }}<call>{{ end }}", "{")]
    [InlineData("{{ if .ToolCalls }}{{ if .Content }}{{ \"\\n\" }}{{ end }}<call>{{ end }}", "{")]
    [InlineData("{{ if $m.ToolCalls }}a{{ end }}", null)]
    [InlineData("{{ if .Content }}x{{ else if .ToolCalls }}<call>{{ end }}", "<call>")]
    [InlineData("{{ .Prompt }}", "{")]
    public void ToolTag_OfTemplate_IsTheFirstTextOfTheCalls(string text, string? tag)
    {
        if (tag is null)
        {
            Assert.Throws<TemplateException>(() => PromptTemplate.Parse(text));
        }
        else
        {
            Assert.Equal(tag, PromptTemplate.Parse(text).ToolTag);
        }
    }
}
