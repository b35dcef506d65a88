using Inference.Runtime;
using Inference.Services;
using Inference.Services.Requests;
using Inference.TestKit;
using Inference.V1;

namespace Inference.UnitTests.Services.Output;

/// <summary>Answers that think, call tools and keep to a format, with the embedded model's template.</summary>
public sealed class ThinkingAndToolsTests : IAsyncDisposable
{
    private static readonly Tool Weather = new() { Function = new() { Name = "get_weather", ParametersJsonSchema = """{"type":"object","properties":{"city":{"type":"string"}}}""" } };

    private readonly List<ScriptedInference> _hosts = [];
    private readonly CollectedOutput _output = new();

    private ScriptedEngine _engine = new();

    public async ValueTask DisposeAsync()
    {
        Assert.Equal(0, _engine.Active);
        foreach (var host in _hosts)
        {
            await host.DisposeAsync();
        }

    }

    [Fact]
    public async Task Chat_ThinksByDefault_AndTheTagsStayOut()
    {
        await ChatAsync(new(), Script.Of("let", " me", " see", "\n</think>", "\n\n", "It", " is."));

        Assert.EndsWith("<think>\n", Text(_engine.Submitted.Single().Prompt));
        Assert.Equal(("let me see\n", "It is."), (_output.Thinking, _output.Text));
        Assert.Equal((7, 4), (_output.Finish!.Usage.CompletionTokens, _output.Finish.Usage.ThinkingTokens));
        Assert.True(_engine.Submitted.Single().RenderSpecial);
    }

    [Fact]
    public async Task Chat_ThinkingOff_IsPlainText()
    {
        await ChatAsync(new() { Thinking = new() { Enabled = false } }, "<think>x</think>y");

        Assert.DoesNotContain("<think>", Text(_engine.Submitted.Single().Prompt));
        Assert.Equal(("", "<think>x</think>y"), (_output.Thinking, _output.Text));
    }

    [Fact]
    public async Task Chat_Aggregate_HoldsAllParts()
    {
        await ChatAsync(new() { Tools = { Weather }, StreamOptions = new() { Aggregate = true } }, "hm\n</think>\n\nSure. <tool_call>\n{\"name\": \"get_weather\", \"arguments\": {\"city\": \"Paris\"}}\n</tool_call>");

        Assert.Equal("Start Finish", _output.Shape);
        var answer = _output.Finish!.Answer;
        Assert.Equal((Role.Assistant, "hm\n"), (answer.Role, answer.Thinking));
        Assert.StartsWith("Sure.", answer.Content.Single().Text);
        Assert.Equal(("get_weather", """{"city":"Paris"}""", 0), (answer.ToolCalls.Single().Name, answer.ToolCalls.Single().ArgumentsJson.Replace(" ", ""), answer.ToolCalls.Single().Index));
    }

    [Fact]
    public async Task Chat_ToolCalls_AreCompleteNumberedAndNamed()
    {
        await ChatAsync(
            new() { Tools = { Weather }, Thinking = new() { Enabled = false } },
            Script.Of("<tool_call>\n{\"name\": \"get_", "weather\", \"arguments\": {\"city\": \"Paris\"}}\n</tool_call>", "\n<tool_call>\n{\"name\": \"get_weather\", \"arguments\": {\"city\": \"Rome\"}}\n</tool_call>"));

        Assert.Equal(FinishReason.ToolCalls, _output.Finish!.Reason);
        Assert.Equal([0, 1], _output.ToolCalls.Select(static c => c.Index));
        Assert.Equal(2, _output.ToolCalls.Select(static c => c.Id).Distinct().Count());
        Assert.All(_output.ToolCalls, static c => Assert.Matches("^call_[a-z0-9]{8}$", c.Id));
        Assert.Equal("", _output.Text.Trim());
    }

    [Fact]
    public async Task Chat_NoParallelCalls_EndsAfterTheFirst()
    {
        await ChatAsync(
            new() { Tools = { Weather }, Thinking = new() { Enabled = false }, ParallelToolCalls = false },
            Script.Of("<tool_call>\n{\"name\": \"get_weather\", \"arguments\": {}}\n</tool_call>", "\n<tool_call>\n{\"name\": \"get_weather\", \"arguments\": {}}\n</tool_call>") with { Hangs = true });

        Assert.Single(_output.ToolCalls);
        Assert.Equal(FinishReason.ToolCalls, _output.Finish!.Reason);
    }

    [Fact]
    public async Task Chat_ToolChoiceNone_LeavesThemOutOfThePrompt()
    {
        await ChatAsync(new() { Tools = { Weather }, ToolChoice = new() { Mode = ToolChoiceMode.None } }, "x");

        Assert.DoesNotContain("get_weather", Text(_engine.Submitted.Single().Prompt));
    }

    [Fact]
    public async Task Chat_FormatWhileThinking_BeginsWithTheText()
    {
        await ChatAsync(
            new() { Format = new() { Json = new() }, Options = new() { NumPredict = 100 } },
            Script.Of("hm", "\n</think>", "\n\n", "Sure", "!") with { Hangs = true },
            Script.Of("{", "}"));

        var (free, bound) = (_engine.Submitted.First(), _engine.Submitted.Last());
        Assert.Equal((null, Grammars.JsonObject), (free.Sampling.Grammar, bound.Sampling.Grammar));
        Assert.Equal(Text(free.Prompt) + "hm\n</think>\n\n", Text(bound.Prompt));
        Assert.Equal(("hm\n", "{}"), (_output.Thinking, _output.Text));
        Assert.Equal(100 - "hm\n</think>\n\n".Length, bound.MaxTokens);
        Assert.Equal("hm\n</think>\n\n".Length + 2, _output.Finish!.Usage.CompletionTokens); // what was thrown away is not counted
        Assert.Equal(free.Prompt.Length, _output.Finish.Usage.PromptTokens);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Chat_FormatWhileThinking_LogprobsAreOfWhatIsKept(bool aggregate)
    {
        static Piece Token(string text, int id) => new(text, 1, [new TokenLogprobs(id, [65], -1, [])]);
        await ChatAsync(
            new() { Format = new() { Json = new() }, Logprobs = new(), StreamOptions = new() { Aggregate = aggregate } },
            new Script { Pieces = [Token("hm", 1), Token("\n</think>", 2), Token("\n\n", 3), Token("Sure", 4)], Hangs = true },
            new Script { Pieces = [Token("{}", 5)] });

        var tokens = aggregate ? _output.Finish!.Logprobs.Tokens : _output.Messages.SelectMany(static m => m.Logprobs?.Tokens ?? []);
        Assert.Equal([1, 2, 5], tokens.Select(static t => t.Id).Where(static id => id != 3));
    }

    [Fact]
    public async Task Chat_FormatAndTools_ACallIsNotConstrained()
    {
        await ChatAsync(
            new() { Format = new() { Json = new() }, Tools = { Weather }, Thinking = new() { Enabled = false } },
            "<tool_call>\n{\"name\": \"get_weather\", \"arguments\": {}}\n</tool_call>");

        Assert.Null(_engine.Submitted.Single().Sampling.Grammar);
        Assert.Single(_output.ToolCalls);
    }

    [Fact]
    public async Task Chat_FormatAndTools_ATextIsConstrainedFromItsBeginning()
    {
        await ChatAsync(
            new() { Format = new() { Json = new() }, Tools = { Weather }, Thinking = new() { Enabled = false } },
            Script.Of("\n", "Well") with { Hangs = true }, "{}");

        Assert.Equal("{}", _output.Text);
        Assert.Equal(_engine.Submitted.First().Prompt, _engine.Submitted.Last().Prompt);
    }

    [Fact]
    public async Task Chat_Budget_ClosesTheThinkingAndGoesOn()
    {
        await ChatAsync(
            new() { Thinking = new() { Enabled = true, BudgetTokens = 3 } },
            Script.Of("one", " two", " three", " four") with { Hangs = true },
            Script.Of("Answer."));

        Assert.Equal(("one two three", "Answer."), (_output.Thinking, _output.Text));
        Assert.EndsWith("<think>\none two three\n</think>\n\n", Text(_engine.Submitted.Last().Prompt));
        Assert.Equal(3, _output.Finish!.Usage.ThinkingTokens);
        Assert.Equal("Start Thinking Thinking Thinking Text Finish", _output.Shape);
    }

    [Fact]
    public async Task Chat_BudgetAndFormat_BothHold()
    {
        await ChatAsync(
            new() { Thinking = new() { BudgetTokens = 1 }, Format = new() { Choice = new() { Choices = { "yes" } } } },
            Script.Of("one", " two") with { Hangs = true }, "yes");

        Assert.Equal(("one", "yes", "root ::= \"yes\""), (_output.Thinking, _output.Text, _engine.Submitted.Last().Sampling.Grammar));
    }

    [Fact]
    public async Task Chat_SecondRunFails_StillCloses()
    {
        await Assert.ThrowsAsync<Inference.Errors.InferenceException>(() => ChatAsync(
            new() { Thinking = new() { BudgetTokens = 1 } }, Script.Of("one", " two") with { Hangs = true },
            new Script { Failure = Inference.Errors.Catalogue.EngineFailed.For("m", "output") }));

        Assert.Equal(FinishReason.Error, _output.Finish!.Reason);
    }

    [Fact]
    public async Task Chat_CallThatIsNone_IsTold()
    {
        await ChatAsync(new() { Tools = { Weather }, Thinking = new() { Enabled = false } }, "<tool_call>\n{\"name\": \"get_weather\", \"argu");

        Assert.Equal(WarningReason.ToolCallUnparsed, Assert.Single(_output.Finish!.Warnings).Reason);
        Assert.Equal(FinishReason.Stop, _output.Finish.Reason);
    }

    [Fact]
    public async Task Generate_Thinks_AsChatDoes()
    {
        var inference = Host(Script.Of("hm\n</think>\n\nyes"));
        await inference.Generation.GenerateAsync(new() { Model = "toy", Prompt = "x" }, new CallInfo("r", TimeProvider.System.GetUtcNow()), _output, default);

        Assert.Equal(("hm\n", "yes"), (_output.Thinking, _output.Text));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Chat_Thinks_LogprobsOfTagsAreLeftOut(bool aggregate)
    {
        static Piece Token(string text, int id) => new(text, 1, [new TokenLogprobs(id, [65], -1, [])]);
        await ChatAsync(
            new() { Logprobs = new(), StreamOptions = new() { Aggregate = aggregate } },
            new Script { Pieces = [Token("hm", 1), Token(" <", 2), Token("a", 3), Token("</", 4), Token("think>", 5), Token("\n\n", 6), Token("ok", 7)] });

        var tokens = aggregate ? _output.Finish!.Logprobs.Tokens : _output.Messages.SelectMany(static m => m.Logprobs?.Tokens ?? []);
        Assert.Equal([1, 2, 3, 7], tokens.Select(static t => t.Id));
    }

    private async Task ChatAsync(ChatRequest request, params Script[] scripts)
    {
        request.Model = "toy";
        request.Messages.Add(new ChatMessage { Role = Role.User, Content = { new ContentPart { Text = "What is the weather in Paris?" } } });
        await Host(scripts).Generation.ChatAsync(request, new CallInfo("r", TimeProvider.System.GetUtcNow()), _output, default);
    }

    private ScriptedInference Host(params Script[] scripts)
    {
        _engine = new ScriptedEngine(scripts);
        var host = new ScriptedInference(_engine);
        host.Store.Add("toy", new ScriptedModel { Template = File.ReadAllText(Path.Combine(Places.EmbeddedStore, "template.gotmpl")) });
        _hosts.Add(host);
        return host;
    }

    private static string Text(IEnumerable<int> tokens) => string.Concat(tokens.Select(char.ConvertFromUtf32));
}
