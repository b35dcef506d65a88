using Inference.Errors;
using Inference.TestKit;
using Inference.V1;

namespace Inference.UnitTests.Services;

/// <summary>Chat, and what goes with its prompt: rendering, counting, models that cannot.</summary>
public sealed class ChatTests : GenerationScene
{
    [Fact]
    public async Task Chat_StoredSystem_YieldsToTheRequests()
    {
        Stage.Store.Add("s", new ScriptedModel { Template = Plain, System = "SYS", Messages = """[{"role":"assistant","content":"a"}]""" });
        await ChatAsync(new() { Model = "s", Messages = { User("hi") } });
        await ChatAsync(new() { Model = "s", Messages = { new ChatMessage { Role = Role.System, Content = { new ContentPart { Text = "OWN" } } }, User("hi") } });

        Assert.Equal(["system:SYS;assistant:a;user:hi;", "assistant:a;system:OWN;user:hi;"], Engine.Submitted.Select(static s => Text(s.Prompt)));
    }

    [Fact]
    public async Task Chat_TooLongAndTruncate_DropsMessagesAndWarns()
    {
        await ChatAsync(new()
        {
            Model = "m", Truncate = true, LoadOptions = new() { NumCtx = 20 },
            Messages = { User("0123456789"), new ChatMessage { Role = Role.Assistant, Content = { new ContentPart { Text = "a" } } }, User("b") },
        });

        Assert.Equal("assistant:a;user:b;", Prompt());
        Assert.Equal("1", Assert.Single(Collected.Start!.Warnings).Metadata["messages_dropped"]);
    }

    public static TheoryData<string, string, ChatRequest> ChatRefused => new()
    {
        { "FIELD_REQUIRED", "messages", new() { Model = "m" } },
        { "FIELD_REQUIRED", "messages[0].role", new() { Model = "m", Messages = { new ChatMessage() } } },
        { "FIELD_INVALID", "messages[0].role", new() { Model = "m", Messages = { new ChatMessage { Role = (Role)77 } } } },
        { "FIELD_REQUIRED", "messages[0].content[0].kind", new() { Model = "m", Messages = { new ChatMessage { Role = Role.User, Content = { new ContentPart() } } } } },
        { "FIELD_REQUIRED", "messages[0].content[0].media.data", new() { Model = "m", Messages = { new ChatMessage { Role = Role.User, Content = { new ContentPart { Media = new() } } } } } },
        { "FIELD_INVALID", "messages[0].tool_calls[0].arguments_json", new() { Model = "m", Messages = { new ChatMessage { Role = Role.Assistant, ToolCalls = { new ToolCall { Name = "f", ArgumentsJson = "[1]" } } } } } },
        { "FIELD_REQUIRED", "tools[0].function", new() { Model = "m", Messages = { User("x") }, Tools = { new Tool() } } },
        { "FIELD_INVALID", "tools[0].function.name", new() { Model = "m", Messages = { User("x") }, Tools = { new Tool { Function = new() { Name = "a b" } } } } },
        { "FIELD_INVALID", "tools[0].function.parameters_json_schema", new() { Model = "m", Messages = { User("x") }, Tools = { new Tool { Function = new() { Name = "f", ParametersJsonSchema = "{" } } } } },
        { "FIELD_INVALID", "tool_choice.function", new() { Model = "m", Messages = { User("x") }, ToolChoice = new() { Function = "f" } } },
        { "FIELD_REQUIRED", "tools", new() { Model = "m", Messages = { User("x") }, ToolChoice = new() { Mode = ToolChoiceMode.Required } } },
        { "CAPABILITY_MISSING", "", new() { Model = "m", Messages = { User("x") }, Tools = { new Tool { Function = new() { Name = "f" } } } } },
        { "FEATURE_UNSUPPORTED", "", new() { Model = "m", Messages = { User("x") }, Tools = { new Tool { Function = new() { Name = "f" } } }, ToolChoice = new() { Mode = ToolChoiceMode.Required } } },
        { "FEATURE_UNSUPPORTED", "", new() { Model = "m", Messages = { User("x") }, Tools = { new Tool { Function = new() { Name = "f", Strict = true } } } } },
    };

    [Theory]
    [MemberData(nameof(ChatRefused))]
    public async Task Chat_Refused_NamesTheField(string reason, string field, ChatRequest request)
    {
        var error = await FailsAsync(() => ChatAsync(request));

        Assert.Equal((reason, field), (error.Kind.Reason, error.Facts["field"]));
    }

    [Fact]
    public async Task Chat_LenientDoor_PassesWhatItsDialectAllows() => await Stage.Generation.ChatAsync(
        new() { Model = "m", Messages = { new ChatMessage { CustomRole = "", Content = { new ContentPart { Text = "x" } } }, new ChatMessage() }, Options = new() { Stop = new() { Sequences = { "" } } } },
        Call with { Lenient = true }, Collected, default);

    [Fact]
    public async Task Chat_OnlyAJinjaTemplate_SaysWhatIsMissing_AndRawWorks()
    {
        Stage.Store.Add("j", new ScriptedModel { Metadata = new Dictionary<string, object> { ["tokenizer.chat_template"] = "{% for m in messages %}{% endfor %}" } });

        var error = await FailsAsync(() => ChatAsync(new() { Model = "j", Messages = { User("x") } }));
        await GenerateAsync(new() { Model = "j", Prompt = "x", Raw = true });

        Assert.Equal(Catalogue.FeatureUnsupported, error.Kind);
        Assert.Contains("Jinja", error.Message, StringComparison.Ordinal);
        Assert.Equal("x", Prompt());
    }

    [Fact]
    public async Task Chat_TemplateFails_IsTheModelsFault()
    {
        Stage.Store.Add("t", new ScriptedModel { Template = "{{ range .Messages }}{{ index .Content 999 }}{{ end }}" });

        Assert.Equal(Catalogue.TemplateFailed, (await FailsAsync(() => ChatAsync(new() { Model = "t", Messages = { User("x") } }))).Kind);
    }

    [Fact]
    public async Task Models_MissingWeights_AreDamageAndNamed()
    {
        Stage.Store.RemoveBlob(Stage.Store.Add("w", new ScriptedModel { Template = Plain }));

        var error = await FailsAsync(() => GenerateAsync(new() { Model = "w", Prompt = "x" }));

        Assert.Equal(Catalogue.ModelCorrupt, error.Kind);
        Assert.Equal(new OllamaForm(400, "\"w\" does not support generate"), error.ToOllama(OllamaRoute.Generate));
        Assert.Equal(404, error.ToOllama(OllamaRoute.Embed).Status);
    }

    [Theory]
    [InlineData("https://ollama.com:443")]
    [InlineData("https://elsewhere.example")]
    public async Task Models_Remote_AreNotRunWithoutTheCloud(string host)
    {
        Stage.Store.Add("r", new ScriptedModel { HasWeights = false, Config = $$"""{"model_format":"gguf","remote_host":"{{host}}","remote_model":"big"}""" });

        Assert.Equal(Catalogue.RemoteDisabled, (await FailsAsync(() => GenerateAsync(new() { Model = "r", Prompt = "x" }))).Kind);
        Assert.Equal(Catalogue.ModelNotFound, (await FailsAsync(() => GenerateAsync(new() { Model = "r:local", Prompt = "x" }))).Kind);
    }

    [Fact]
    public async Task RenderPrompt_ShowsCountsAndWhatWouldBeDropped()
    {
        var response = await Stage.Generation.RenderPromptAsync(
            new()
            {
                WithTokens = true,
                Chat = new() { Model = "m", Truncate = true, LoadOptions = new() { NumCtx = 12 }, Messages = { User("0123456789"), new ChatMessage { Role = Role.Assistant }, User("b") } },
            },
            Call, default);

        Assert.Equal("user:b;", response.Prompt);
        Assert.Equal((7, 12, "user:b;"), (response.PromptTokens, response.ContextLength, Text(response.Tokens)));
        Assert.Equal("2", Assert.Single(response.Warnings).Metadata["messages_dropped"]);
        Assert.Empty(Stage.Models.ListRunning().Models);
    }

    [Fact]
    public async Task RenderPrompt_TooLong_IsToldByTheCounts()
    {
        var response = await Stage.Generation.RenderPromptAsync(
            new() { Generate = new() { Model = "m", Prompt = "x", Context = { 'a', 'b' }, LoadOptions = new() { NumCtx = 4 } } }, Call, default);

        Assert.Equal(("abuser:x;", 9, 4), (response.Prompt, response.PromptTokens, response.ContextLength));
        Assert.Empty(response.Warnings);
    }

    [Fact]
    public async Task TokenizeAndDetokenize_AreEachOthersWayBack()
    {
        var tokens = await Stage.Generation.TokenizeAsync(new() { Model = "m", Text = "aé", WithPieces = true }, Call, default);
        var text = await Stage.Generation.DetokenizeAsync(new() { Model = "m", Tokens = { tokens.Tokens } }, Call, default);

        Assert.Equal([0x61, 0xe9], tokens.Tokens);
        Assert.Equal("aé", string.Concat(tokens.Pieces.Select(static p => p.ToStringUtf8())));
        Assert.Equal("aé", text.Text);
        Assert.Equal(Catalogue.TokenOutOfRange, (await FailsAsync(() => Stage.Generation.DetokenizeAsync(new() { Model = "m", Tokens = { -1 } }, Call, default))).Kind);
    }
}
