using Inference.Store;
using Inference.Store.Capabilities;

namespace Inference.UnitTests.Store.Capabilities;

public sealed class PromptPathTests
{
    private const string Plain = "{{ messages }}";
    private const string Tools = "{% if tools %}";
    private const string RoundTrip = "{% if tools %} tool_calls tool_response";
    private const string GoRoundTrip = "{{ .Tools }}{{ .ToolCalls }}{{ if eq .Role \"tool\" }}{{ end }}";

    [Theory]
    [InlineData(null, "", true, false)]
    [InlineData("go", "", false, true)]
    [InlineData("go", Plain, false, true)]
    [InlineData("go", Tools, true, false)]
    [InlineData(null, Tools, true, false)]
    public void Of_TheMoreCapableTemplateWins(string? template, string jinja, bool isNative, bool usesGo)
    {
        var path = PromptPath.Of(Models.Bare with { Template = template }, jinja, TemplateFacts.None);

        Assert.Equal((isNative, usesGo), (!path.IsRendered, path.UsesGoTemplate));
    }

    [Theory]
    [InlineData(GoRoundTrip, Tools + "<think></think>", false)] // more, but it would lose results
    [InlineData(GoRoundTrip, RoundTrip + "<think></think>", true)]
    [InlineData("{{ .Tools }}", RoundTrip, true)] // as much, and only it shows results
    [InlineData("{{ .Tools }}", Tools, false)]
    [InlineData(GoRoundTrip, RoundTrip, false)]
    public void Of_BothHaveTools_TheOneThatShowsResultsWins(string template, string jinja, bool prefersJinja)
    {
        var facts = new TemplateFacts(Tools: true) { ToolCalls = template.Contains("ToolCalls", StringComparison.Ordinal) };

        Assert.Equal(prefersJinja, !PromptPath.Of(Models.Bare with { Template = template }, jinja, facts).UsesGoTemplate);
    }

    [Theory]
    [InlineData(GoTemplateMode.Always, true)]
    [InlineData(GoTemplateMode.Never, false)]
    public void Of_Mode_Decides(GoTemplateMode mode, bool usesGo)
    {
        Assert.Equal(usesGo, PromptPath.Of(Models.Bare with { Template = "go" }, Tools, TemplateFacts.None, mode).UsesGoTemplate);
        Assert.False(PromptPath.Of(Models.Bare, Tools, TemplateFacts.None, mode).UsesGoTemplate);
    }

    [Theory]
    [InlineData("r", "", "", "", false)]
    [InlineData("", "p", "", "", false)]
    [InlineData("", "", "gptoss", "<|start|><|end|>", true)]
    public void Of_RendererParserOrHarmony_Renders(string renderer, string parser, string family, string template, bool harmony)
    {
        var path = PromptPath.Of(Models.Bare with { Config = new ModelConfig { Renderer = renderer, Parser = parser, Family = family }, Template = template }, Tools, TemplateFacts.None, GoTemplateMode.Never);

        Assert.True(path.IsRendered);
        Assert.Equal(harmony, path.UsesHarmony);
    }

    [Theory]
    [InlineData("<think>", false)]
    [InlineData("<think></think>", true)]
    [InlineData("content.split('</think>')", true)]
    [InlineData("content.split(\"</think>\")", true)]
    [InlineData("content.split('</think>') reasoning_content", false)]
    [InlineData("content.split('</think>')<SPECIAL_12>", false)]
    public void Jinja_Thinking_IsSeenByItsWords(string template, bool thinks) => Assert.Equal(thinks, ChatTemplate.HasThinking(template));
}
