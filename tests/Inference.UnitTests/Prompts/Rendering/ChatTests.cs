using Inference.Prompts.GoTemplates;
using Inference.Prompts.Rendering;
using Inference.V1;
using static Inference.UnitTests.Prompts.Rendering.Conversation;

namespace Inference.UnitTests.Prompts.Rendering;

public sealed class ChatTests
{
    private const string Lines = "{{ range .Messages }}{{ .Role }}={{ .Content }};{{ end }}";

    [Fact]
    public void Chat_NeighboursOfOneRole_BecomeOne() =>
        Assert.Equal("user=a\n\nb;assistant=c;", Render(Lines, User("a"), User("b"), Assistant(""), Assistant("c")));

    [Fact]
    public void Chat_ResultsOfTools_StayApart() =>
        Assert.Equal("tool=a;tool=b;", Render(Lines, Message(Role.Tool, "a"), Message(Role.Tool, "b")));

    [Fact]
    public void Chat_SystemMessages_AreJoinedForTheTemplate() =>
        Assert.Equal("a\n\nb|3", Render("{{ .System }}|{{ len .Messages }}", Message(Role.System, "a"), User("u"), Message(Role.System, "b")));

    [Fact]
    public void Chat_OtherRoles_AreNamedAsGiven() => Assert.Equal(
        "developer=a;critic=b;=c;",
        Render(Lines, Message(Role.Developer, "a"), new ChatMessage { CustomRole = "critic", Content = { Text("b") } }, new ChatMessage { CustomRole = "", Content = { Text("c") } }));

    [Fact]
    public void Chat_Media_AreMarkedWhereTheyStand()
    {
        var first = new ChatMessage { Role = Role.User, Content = { Image(1), Text("a"), Image(2), Text("b") } };
        var second = new ChatMessage { Role = Role.Assistant, Content = { Image(3) } };
        var rendered = PromptRenderer.Chat(PromptTemplate.Parse(Lines), new ChatPrompt([first, second], [], Unset), TimeProvider.System);
        Assert.Equal("user=[img-0]a[img-1]b;assistant=[img-2];", rendered.Text);
        Assert.Equal([1, 2, 3], rendered.Media.Select(static m => m.Data[0]));
    }

    [Fact]
    public void Chat_ImagesOfMessage_AreBytesToTheTemplate()
    {
        var message = new ChatMessage { Role = Role.User, Content = { Image(65), Image(66) } };
        Assert.Equal("2 [[65] [66]] [\"QQ==\",\"Qg==\"] A 1", Render("{{ range .Messages }}{{ len .Images }} {{ .Images }} {{ json .Images }} {{ printf \"%s\" (index .Images 0) }} {{ len (index .Images 1) }}{{ end }}", message));
    }

    [Fact]
    public void Chat_ThinkingOfEarlierTurns_IsTakenOutForFamiliesThatAskForIt()
    {
        ChatMessage[] messages = [Assistant("<think>x</think>\n\na"), User("u"), Assistant("<think>y</think>b")];
        Assert.Equal("assistant=a;user=u;assistant=<think>y</think>b;", Render(Lines, new ChatPrompt(messages, [], Unset) { Family = "qwen3" }));
        Assert.Equal("assistant=a;user=u;assistant=<think>y</think>b;", Render(Lines, new ChatPrompt(messages, [], Unset) { ModelName = "deepseek-r1" }));
        Assert.Equal("assistant=<think>x</think>\n\na;user=u;assistant=<think>y</think>b;", Render(Lines, messages));
    }

    [Fact]
    public void Chat_ThinkSetting_IsWhatTheTemplateSees()
    {
        const string Think = "{{ range .Messages }}{{ $.IsThinkSet }} {{ $.Think }} [{{ $.ThinkLevel }}]{{ end }}";
        Assert.Equal("false false []", Render(Think, User("u")));
        Assert.Equal("true false []", Render(Think, new ChatPrompt([User("u")], [], new ThinkSetting(true, false, ""))));
        Assert.Equal("true true [medium]", Render(Think, new ChatPrompt([User("u")], [], new ThinkSetting(true, true, ""))));
        Assert.Equal("true true [max]", Render(Think, new ChatPrompt([User("u")], [], new ThinkSetting(true, true, "max"))));
    }

    [Fact]
    public void Chat_TemplateThatFails_SaysWhereInGosWords()
    {
        var error = Assert.Throws<TemplateException>(() => Render("{{ range .Messages }}{{ .Nope }}{{ end }}", User("u")));
        Assert.Equal("template: :1:24: executing \"\" at <.Nope>: can't evaluate field Nope in type *template.templateMessage", error.Message);
    }

    [Fact]
    public async Task Chat_OneTemplateOnManyThreads_GivesEachItsOwn()
    {
        var template = PromptTemplate.Parse("{{ if .System }}{{ .System }}{{ end }}{{ .Prompt }}:{{ .Response }}");
        var tasks = Enumerable.Range(0, 64).Select(i => Task.Run(() => PromptRenderer.Chat(template, new ChatPrompt([User($"u{i}"), Assistant("a"), User($"v{i}")], [], Unset), TimeProvider.System).Text));
        Assert.Equal(Enumerable.Range(0, 64).Select(static i => $"u{i}:av{i}:"), await Task.WhenAll(tasks));
    }
}
