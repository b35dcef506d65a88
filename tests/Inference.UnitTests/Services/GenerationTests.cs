using Inference.Errors;
using Inference.Runtime;
using Inference.TestKit;
using Inference.V1;

namespace Inference.UnitTests.Services;

/// <summary>What Generate makes of a request, and what it streams.</summary>
public sealed class GenerationTests : GenerationScene
{
    [Fact]
    public async Task Generate_Streams_StartTextFinish()
    {
        await GenerateAsync(new() { Model = "m", Prompt = "hi" });

        Assert.Equal("Start Text Text Finish", Collected.Shape);
        Assert.Equal("Hello", Collected.Text);
        var start = Collected.Start!;
        Assert.Equal(("r-1", "registry.ollama.ai/library/m:latest", 4096, 8, 0), (start.RequestId, start.Model, start.ContextLength, start.PromptTokens, start.CachedPromptTokens));
        Assert.Matches("^sha256:[0-9a-f]{64}$", start.Digest);
        Assert.Equal(Engine.Submitted.Single().Sampling.Seed, start.Seed);
        var finish = Collected.Finish!;
        Assert.Equal(FinishReason.Stop, finish.Reason);
        Assert.Equal(new Usage { PromptTokens = 8, CompletionTokens = 2 }, finish.Usage);
        Assert.Null(finish.Answer);
        Assert.True(finish.Timings.TotalDuration.ToTimeSpan() >= finish.Timings.FirstTokenDuration.ToTimeSpan());
        Assert.True(finish.Timings.LoadDuration.ToTimeSpan() > TimeSpan.Zero);
    }

    [Fact]
    public async Task Generate_ReaderBehind_GetsWhatIsReadyAsOneText()
    {
        Engine.Then(Script.Of("a", "b", "c") with { Bursts = true });
        await GenerateAsync(new() { Model = "m", Prompt = "1" });
        var second = new CollectedOutput();
        await Stage.Generation.GenerateAsync(new() { Model = "m", Prompt = "2" }, Call, second, default);

        Assert.Equal("Start Text Finish", second.Shape);
        Assert.Equal(3, second.Finish!.Usage.CompletionTokens);
    }

    [Fact]
    public async Task Generate_EmptyFirstPiece_StartsBeforeTheText()
    {
        Engine.Then(Script.Of("", "x"));
        await GenerateAsync(new() { Model = "m", Prompt = "1" });
        var second = new CollectedOutput();
        await Stage.Generation.GenerateAsync(new() { Model = "m", Prompt = "2" }, Call, second, default);

        Assert.Equal("Start Text Finish", second.Shape);
    }

    [Fact]
    public async Task Generate_NothingToSay_StillOpensAndCloses()
    {
        await using var inference = Scripted(Script.Of());
        await inference.Generation.GenerateAsync(new() { Model = "m", Prompt = "x", Options = new() { NumPredict = 0 } }, Call, Collected, default);

        Assert.Equal("Start Finish", Collected.Shape);
        Assert.Equal(0, inference.Engine.Submitted.Single().MaxTokens);
    }

    [Theory]
    [InlineData(StopReason.EndOfText, FinishReason.Stop)]
    [InlineData(StopReason.StopSequence, FinishReason.StopSequence)]
    [InlineData(StopReason.MaxTokens, FinishReason.MaxTokens)]
    [InlineData(StopReason.ContextFull, FinishReason.ContextFull)]
    [InlineData(StopReason.Repetition, FinishReason.Repetition)]
    public async Task Generate_EachEnd_HasItsReason(StopReason reason, FinishReason expected)
    {
        await using var inference = Scripted(Script.Of("x") with { Reason = reason, StopSequence = "END" });
        await inference.Generation.GenerateAsync(new() { Model = "m", Prompt = "x" }, Call, Collected, default);

        Assert.Equal((expected, reason is StopReason.StopSequence ? "END" : ""), (Collected.Finish!.Reason, Collected.Finish.StopSequence));
    }

    [Fact]
    public async Task Generate_Aggregate_IsInTheFinish()
    {
        await GenerateAsync(new() { Model = "m", Prompt = "hi", StreamOptions = new() { Aggregate = true } });

        Assert.Equal("Start Finish", Collected.Shape);
        Assert.Equal(new ChatMessage { Role = Role.Assistant, Content = { new ContentPart { Text = "Hello" } } }, Collected.Finish!.Answer);
    }

    [Fact]
    public async Task Generate_Logprobs_TravelWithTheText()
    {
        static Piece Token(string text, int id) => new(text, 1, [new TokenLogprobs(id, [0xc3], -0.5, [new TokenLogprobs(id, [65], -0.5, []), new TokenLogprobs(9, [66], -2, [])])]);
        await using var inference = Scripted(new Script { Pieces = [Token("", 1), Token("é", 2)] });
        await inference.Generation.GenerateAsync(new() { Model = "m", Prompt = "x", Logprobs = new() { Top = 2 } }, Call, Collected, default);

        Assert.Equal("Start Text Finish", Collected.Shape);
        var tokens = Collected.Messages[1].Logprobs.Tokens;
        Assert.Equal([1, 2], tokens.Select(static t => t.Id)); // the first was held back with its text
        Assert.Equal((2, "\uFFFD", -0.5), (tokens[0].Top.Count, tokens[0].Text, tokens[0].Logprob));
        Assert.Equal("B", tokens[0].Top[1].Text);
        Assert.Equal(2, inference.Engine.Submitted.Single().TopLogprobs);
    }

    [Fact]
    public async Task Generate_Raw_IsThePromptItself()
    {
        await GenerateAsync(new() { Model = "m", Prompt = "a b", Raw = true });

        Assert.Equal("a b", Prompt());
    }

    [Fact]
    public async Task Generate_SystemAndMessages_ComeBeforeThePrompt()
    {
        Stage.Store.Add("s", new ScriptedModel
        {
            Template = Plain, System = "SYS", Messages = """[{"role":"user","content":"q"},{"role":"assistant","content":"a"}]""",
        });
        await GenerateAsync(new() { Model = "s", Prompt = "hi" });
        await GenerateAsync(new() { Model = "s", Prompt = "hi", System = "OWN" });
        await GenerateAsync(new() { Model = "s", Prompt = "hi", System = "" });
        await GenerateAsync(new() { Model = "s", Prompt = "hi", Context = { 'x', 'y' } });

        Assert.Equal(
            ["system:SYS;user:q;assistant:a;user:hi;", "system:OWN;user:q;assistant:a;user:hi;", "user:q;assistant:a;user:hi;", "xysystem:SYS;user:hi;"],
            Engine.Submitted.Select(static s => Text(s.Prompt)));
    }

    [Fact]
    public async Task Generate_ReturnContext_IsPromptAndAnswer()
    {
        await GenerateAsync(new() { Model = "m", Prompt = "hi", ReturnContext = true });

        Assert.Equal("user:hi;Hello", Text(Collected.Finish!.Context));
    }

    [Fact]
    public async Task Generate_OwnTemplate_ReplacesTheStored()
    {
        await GenerateAsync(new() { Model = "m", Prompt = "hi", Template = "<{{ .Prompt }}>" });

        Assert.Equal("<hi>", Prompt());
    }

    [Fact]
    public async Task Generate_ModelWithoutTemplate_ReadsThePrompt()
    {
        Stage.Store.Add("bare", new ScriptedModel());
        await GenerateAsync(new() { Model = "bare", Prompt = "hi" });

        Assert.Equal("hi", Prompt());
    }

    public static TheoryData<string, GenerateRequest> Refused => new()
    {
        { "FIELD_REQUIRED", new() { Prompt = "x" } },
        { "FIELD_REQUIRED", new() { Model = "m" } },
        { "FIELD_CONFLICT", new() { Model = "m", Prompt = "x", Raw = true, ReturnContext = true } },
        { "FIELD_INVALID", new() { Model = "m", Prompt = "x", Logprobs = new() { Top = 21 } } },
        { "FIELD_INVALID", new() { Model = "m", Prompt = "x", Thinking = new() { BudgetTokens = 0 } } },
        { "FIELD_INVALID", new() { Model = "m", Prompt = "x", Priority = (Priority)9 } },
        { "MODEL_NAME_INVALID", new() { Model = "a b", Prompt = "x" } },
        { "MODEL_SOURCE_CONFLICT", new() { Model = "a:cloud:local", Prompt = "x" } },
        { "MODEL_NOT_FOUND", new() { Model = "nope", Prompt = "x" } },
        { "REMOTE_DISABLED", new() { Model = "m:cloud", Prompt = "x" } },
        { "RAW_MODE_CONFLICT", new() { Model = "m", Prompt = "x", Raw = true, System = "s" } },
        { "RAW_MODE_CONFLICT", new() { Model = "m", Prompt = "x", Raw = true, Context = { 1 } } },
        { "CAPABILITY_MISSING", new() { Model = "m", Prompt = "x", Suffix = "y" } },
        { "CAPABILITY_MISSING", new() { Model = "m", Prompt = "x", Thinking = new() { Enabled = true } } },
        { "CAPABILITY_MISSING", new() { Model = "m", Prompt = "x", Media = { new Media { Data = Google.Protobuf.ByteString.CopyFrom(1) } } } },
        { "FEATURE_UNSUPPORTED", new() { Model = "m", Prompt = "x", LoraAdapters = { new LoraAdapter { Adapter = "a" } } } },
        { "FEATURE_UNSUPPORTED", new() { Model = "m", Prompt = "x", Format = new() { JsonSchema = "{}" } } },
        { "TEMPLATE_INVALID", new() { Model = "m", Prompt = "x", Template = "{{ if }}" } },
        { "TOKEN_OUT_OF_RANGE", new() { Model = "m", Prompt = "x", Options = new() { LogitBias = { [int.MaxValue] = 1 } } } },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task Generate_Refused_BeforeAnythingIsSent(string reason, GenerateRequest request)
    {
        var error = await FailsAsync(() => GenerateAsync(request));

        Assert.Equal(reason, error.Kind.Reason);
        Assert.Empty(Collected.Messages);
        Assert.Empty(Engine.Submitted);
    }

    [Fact]
    public async Task Generate_SeveralFieldsWrong_AreReportedTogether()
    {
        var error = await FailsAsync(() => GenerateAsync(new() { Options = new() { TopP = 2 }, LoadOptions = new() { NumCtx = 1 }, KeepAlive = new() { Seconds = 1, Nanos = -5 } }));

        Assert.Equal(["model", "prompt", "options.top_p", "load_options.num_ctx", "keep_alive"], error.Violations.Select(static v => v.Field));
    }

    [Fact]
    public async Task Generate_StoredParameters_DecideAndAreTold()
    {
        Stage.Store.Add("p", new ScriptedModel { Template = Plain, Parameters = """{"temperature":0.25,"stop":["END"],"num_ctx":128,"mirostat":1,"top_p":9}""" });
        await GenerateAsync(new() { Model = "p", Prompt = "hi" });

        var spec = Engine.Submitted.Single();
        Assert.Equal((0.25f, 1f, 1280, "END"), (spec.Sampling.Temperature, spec.Sampling.TopP, spec.MaxTokens, spec.Stop.Single()));
        Assert.Equal([WarningReason.OptionUnknown, WarningReason.OptionClamped], Collected.Start!.Warnings.Select(static w => w.Reason));
        Assert.Equal(Collected.Start.Warnings, Collected.Finish!.Warnings);
    }

    [Fact]
    public async Task Generate_StrictWithAWarning_FailsWithItsKeys()
    {
        Stage.Store.Add("p", new ScriptedModel { Template = Plain, Parameters = """{"mirostat":1}""" });

        var error = await FailsAsync(() => GenerateAsync(new() { Model = "p", Prompt = "hi", Strict = true }));

        Assert.Equal((Catalogue.StrictViolation, "OPTION_UNKNOWN", "mirostat"), (error.Kind, error.Facts["warning"], error.Facts["option"]));
        Assert.Empty(Engine.Submitted);
    }

    [Fact]
    public async Task Generate_StoredParameterOfWrongType_IsTheModelsFault()
    {
        Stage.Store.Add("p", new ScriptedModel { Template = Plain, Parameters = """{"top_k":"many"}""" });

        Assert.Equal(Catalogue.ModelParameterInvalid, (await FailsAsync(() => GenerateAsync(new() { Model = "p", Prompt = "hi" }))).Kind);
    }

    [Fact]
    public async Task Generate_TooLong_SaysHowLong()
    {
        var error = await FailsAsync(() => GenerateAsync(new() { Model = "m", Prompt = new string('x', 100), LoadOptions = new() { NumCtx = 64 } }));

        Assert.Equal(("106", "64"), (error.Facts["prompt_tokens"], error.Facts["context_length"]));
    }

    [Fact]
    public async Task Generate_TooLongAndTruncate_CutsTheMiddleAndWarns()
    {
        await GenerateAsync(new() { Model = "m", Prompt = new string('x', 100), Truncate = true, LoadOptions = new() { NumCtx = 64 }, Options = new() { NumKeep = 5 } });

        Assert.Equal("user:" + new string('x', 29) + ";", Prompt());
        var warning = Assert.Single(Collected.Start!.Warnings);
        Assert.Equal((WarningReason.PromptTruncated, "0", "71", "64"), (warning.Reason, warning.Metadata["messages_dropped"], warning.Metadata["tokens_dropped"], warning.Metadata["context_length"]));
    }

    [Fact]
    public async Task Generate_ContextAskedBeyondTheModel_IsReducedAndTold()
    {
        await GenerateAsync(new() { Model = "m", Prompt = "x", LoadOptions = new() { NumCtx = 100_000 } });

        Assert.Equal(WarningReason.ContextReduced, Assert.Single(Collected.Start!.Warnings).Reason);
    }

    [Fact]
    public async Task Generate_Shifted_IsTold()
    {
        await using var inference = Scripted(Script.Of("x") with { Result = static r => r with { Shifts = 2, TokensDropped = 60 } });
        await inference.Generation.GenerateAsync(new() { Model = "m", Prompt = "x", Shift = true, Options = new() { NumKeep = -1 } }, Call, Collected, default);

        var warning = Assert.Single(Collected.Finish!.Warnings);
        Assert.Equal((WarningReason.ContextShifted, "2", "60"), (warning.Reason, warning.Metadata["shifts"], warning.Metadata["tokens_dropped"]));
        var spec = inference.Engine.Submitted.Single();
        Assert.Equal((true, spec.Prompt.Length), (spec.Shift, spec.KeepTokens));
    }

    [Fact]
    public async Task Generate_ToolCallDeltas_AreIgnoredAndTold()
    {
        await GenerateAsync(new() { Model = "m", Prompt = "x", StreamOptions = new() { ToolCallDeltas = true } });

        Assert.Equal(WarningReason.OptionIgnored, Assert.Single(Collected.Start!.Warnings).Reason);
    }

    [Fact]
    public async Task Generate_FormatWithoutThinking_ConstrainsFromTheFirstToken()
    {
        await GenerateAsync(new() { Model = "m", Prompt = "x", Format = new() { Choice = new() { Choices = { "a" } } } });

        Assert.Equal("root ::= \"a\"", Engine.Submitted.Single().Sampling.Grammar);
    }
}
