using Inference.Prompts.GoTemplates;
using Inference.Prompts.Rendering;
using Inference.V1;
using static Inference.UnitTests.Prompts.Rendering.Conversation;

namespace Inference.UnitTests.Prompts.Rendering;

/// <summary>Templates of the older kind, which run once a turn.</summary>
public sealed class LegacyChatTests
{
    private const string Turn = "{{ if .System }}[{{ .System }}]{{ end }}U:{{ .Prompt }} A:{{ .Response }}.";

    [Fact]
    public void Chat_Turns_RunOneByOneAndTheLastUpToTheAnswer() => Assert.Equal(
        "[s]U:a A:b.U:c A:",
        Render(Turn, Message(Role.System, "s"), User("a"), Assistant("b"), User("c")));

    [Fact]
    public void Chat_SystemBetweenTurns_BeginsANewOne() =>
        Assert.Equal("U:a A:.[s]U:b A:", Render(Turn, User("a"), Message(Role.System, "s"), User("b")));

    [Fact]
    public void Chat_AnswerAtTheEnd_IsContinued() => Assert.Equal("U:a A:b", Render(Turn, User("a"), Assistant("b")));

    [Fact]
    public void Chat_ResultsOfTools_AreNotSeen() => Assert.Equal("U:a A:", Render(Turn, User("a"), Message(Role.Tool, "t")));

    [Fact]
    public void Chat_TemplateWithoutResponse_GetsItAtItsEnd() => Assert.Equal("abc", Render("{{ .Prompt }}", User("a"), Assistant("b"), User("c")));

    [Theory]
    [InlineData("{{ if .Prompt }}{{ .Prompt }}{{ .Response }}x{{ end }}y", "a")]
    [InlineData("{{ if .Response }}{{ .Response }}{{ else }}none{{ end }}y{{ .Prompt }}", "")]
    [InlineData("{{ .Prompt }}{{ .Response | printf \"%s!\" }}x", "a")]
    [InlineData("{{ .Prompt }}{{ printf \"%s!\" .Response }}x", "a!")]
    [InlineData("{{ .Prompt }}{{ $.Response }}x{{ .Missing }}", "ax<no value>")]
    public void Chat_LastTurn_EndsAtTheFirstResponse(string template, string expected) => Assert.Equal(expected, Render(template, User("a")));

    [Theory]
    [InlineData("{{ json .Prompt }}", "template: :1:3: executing \"\" at <json>: \"json\" is not a defined function")]
    [InlineData("{{ define \"t\" }}x{{ end }}{{ template \"t\" . }}", "template: :1:38: executing \"\" at <{{template \"t\" .}}>: template \"t\" not defined")]
    public void Chat_LastTurn_LacksWhatOllamaAdds(string template, string expected) =>
        Assert.Equal(expected, Assert.Throws<TemplateException>(() => Render(template, User("a"))).Message);

    [Fact]
    public void Insert_OfPromptAndSuffix_GivesTheTemplateBoth() => Assert.Equal(
        "<P>a<S>b<M>true",
        PromptRenderer.Insert(PromptTemplate.Parse("<P>{{ .Prompt }}<S>{{ .Suffix }}<M>{{ .Response }}{{ .Think }}"), new InsertPrompt("a", "b", new ThinkSetting(true, true, "")), TimeProvider.System).Text);
}
