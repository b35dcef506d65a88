using Inference.Errors;
using Inference.Runtime;
using Inference.Services;
using Inference.TestKit;
using Inference.V1;
using Microsoft.Extensions.DependencyInjection;

namespace Inference.UnitTests.Services;

/// <summary>Generate and Chat over the real loader and store; the engine recites.</summary>
public sealed class GenerationTests : IAsyncDisposable
{
    private const string Plain = "{{ range .Messages }}{{ .Role }}:{{ .Content }};{{ end }}";

    private readonly ScriptedEngine _engine = new(Script.Of("Hel", "lo"));
    private readonly ScriptedInference _inference;
    private readonly CollectedOutput _output = new();
    private readonly CallInfo _call = new("r-1", TimeProvider.System.GetUtcNow());

    public GenerationTests()
    {
        _inference = new ScriptedInference(_engine);
        _inference.Store.Add("m", new ScriptedModel { Template = Plain });
    }

    public async ValueTask DisposeAsync()
    {
        Assert.Equal(0, _engine.Active); // no slot is left behind, whatever happened
        await _inference.DisposeAsync();
    }

    [Fact]
    public async Task Generate_Streams_StartTextFinish()
    {
        await GenerateAsync(new() { Model = "m", Prompt = "hi" });

        Assert.Equal("Start Text Text Finish", _output.Shape);
        Assert.Equal("Hello", _output.Text);
        var start = _output.Start!;
        Assert.Equal(("r-1", "registry.ollama.ai/library/m:latest", 4096, 8, 0), (start.RequestId, start.Model, start.ContextLength, start.PromptTokens, start.CachedPromptTokens));
        Assert.Matches("^sha256:[0-9a-f]{64}$", start.Digest);
        Assert.Equal(_engine.Submitted.Single().Sampling.Seed, start.Seed);
        var finish = _output.Finish!;
        Assert.Equal(FinishReason.Stop, finish.Reason);
        Assert.Equal(new Usage { PromptTokens = 8, CompletionTokens = 2 }, finish.Usage);
        Assert.Null(finish.Answer);
        Assert.True(finish.Timings.TotalDuration.ToTimeSpan() >= finish.Timings.FirstTokenDuration.ToTimeSpan());
        Assert.True(finish.Timings.LoadDuration.ToTimeSpan() > TimeSpan.Zero);
    }

    [Fact]
    public async Task Generate_ReaderBehind_GetsWhatIsReadyAsOneText()
    {
        _engine.Then(Script.Of("a", "b", "c") with { Bursts = true });
        await GenerateAsync(new() { Model = "m", Prompt = "1" });
        var second = new CollectedOutput();
        await _inference.Generation.GenerateAsync(new() { Model = "m", Prompt = "2" }, _call, second, default);

        Assert.Equal("Start Text Finish", second.Shape);
        Assert.Equal(3, second.Finish!.Usage.CompletionTokens);
    }

    [Fact]
    public async Task Generate_EmptyFirstPiece_StartsBeforeTheText()
    {
        _engine.Then(Script.Of("", "x"));
        await GenerateAsync(new() { Model = "m", Prompt = "1" });
        var second = new CollectedOutput();
        await _inference.Generation.GenerateAsync(new() { Model = "m", Prompt = "2" }, _call, second, default);

        Assert.Equal("Start Text Finish", second.Shape);
    }

    [Fact]
    public async Task Generate_NothingToSay_StillOpensAndCloses()
    {
        await using var inference = Scripted(Script.Of());
        await inference.Generation.GenerateAsync(new() { Model = "m", Prompt = "x", Options = new() { NumPredict = 0 } }, _call, _output, default);

        Assert.Equal("Start Finish", _output.Shape);
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
        await inference.Generation.GenerateAsync(new() { Model = "m", Prompt = "x" }, _call, _output, default);

        Assert.Equal((expected, reason is StopReason.StopSequence ? "END" : ""), (_output.Finish!.Reason, _output.Finish.StopSequence));
    }

    [Fact]
    public async Task Generate_Aggregate_IsInTheFinish()
    {
        await GenerateAsync(new() { Model = "m", Prompt = "hi", StreamOptions = new() { Aggregate = true } });

        Assert.Equal("Start Finish", _output.Shape);
        Assert.Equal(new ChatMessage { Role = Role.Assistant, Content = { new ContentPart { Text = "Hello" } } }, _output.Finish!.Answer);
    }

    [Fact]
    public async Task Generate_Logprobs_TravelWithTheText()
    {
        static Piece Token(string text, int id) => new(text, 1, [new TokenLogprobs(id, [0xc3], -0.5, [new TokenLogprobs(id, [65], -0.5, []), new TokenLogprobs(9, [66], -2, [])])]);
        await using var inference = Scripted(new Script { Pieces = [Token("", 1), Token("é", 2)] });
        await inference.Generation.GenerateAsync(new() { Model = "m", Prompt = "x", Logprobs = new() { Top = 2 } }, _call, _output, default);

        Assert.Equal("Start Text Finish", _output.Shape);
        var tokens = _output.Messages[1].Logprobs.Tokens;
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
        _inference.Store.Add("s", new ScriptedModel
        {
            Template = Plain, System = "SYS", Messages = """[{"role":"user","content":"q"},{"role":"assistant","content":"a"}]""",
        });
        await GenerateAsync(new() { Model = "s", Prompt = "hi" });
        await GenerateAsync(new() { Model = "s", Prompt = "hi", System = "OWN" });
        await GenerateAsync(new() { Model = "s", Prompt = "hi", System = "" });
        await GenerateAsync(new() { Model = "s", Prompt = "hi", Context = { 'x', 'y' } });

        Assert.Equal(
            ["system:SYS;user:q;assistant:a;user:hi;", "system:OWN;user:q;assistant:a;user:hi;", "user:q;assistant:a;user:hi;", "xysystem:SYS;user:hi;"],
            _engine.Submitted.Select(static s => Text(s.Prompt)));
    }

    [Fact]
    public async Task Generate_ReturnContext_IsPromptAndAnswer()
    {
        await GenerateAsync(new() { Model = "m", Prompt = "hi", ReturnContext = true });

        Assert.Equal("user:hi;Hello", Text(_output.Finish!.Context));
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
        _inference.Store.Add("bare", new ScriptedModel());
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
        Assert.Empty(_output.Messages);
        Assert.Empty(_engine.Submitted);
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
        _inference.Store.Add("p", new ScriptedModel { Template = Plain, Parameters = """{"temperature":0.25,"stop":["END"],"num_ctx":128,"mirostat":1,"top_p":9}""" });
        await GenerateAsync(new() { Model = "p", Prompt = "hi" });

        var spec = _engine.Submitted.Single();
        Assert.Equal((0.25f, 1f, 1280, "END"), (spec.Sampling.Temperature, spec.Sampling.TopP, spec.MaxTokens, spec.Stop.Single()));
        Assert.Equal([WarningReason.OptionUnknown, WarningReason.OptionClamped], _output.Start!.Warnings.Select(static w => w.Reason));
        Assert.Equal(_output.Start.Warnings, _output.Finish!.Warnings);
    }

    [Fact]
    public async Task Generate_StrictWithAWarning_FailsWithItsKeys()
    {
        _inference.Store.Add("p", new ScriptedModel { Template = Plain, Parameters = """{"mirostat":1}""" });

        var error = await FailsAsync(() => GenerateAsync(new() { Model = "p", Prompt = "hi", Strict = true }));

        Assert.Equal((Catalogue.StrictViolation, "OPTION_UNKNOWN", "mirostat"), (error.Kind, error.Facts["warning"], error.Facts["option"]));
        Assert.Empty(_engine.Submitted);
    }

    [Fact]
    public async Task Generate_StoredParameterOfWrongType_IsTheModelsFault()
    {
        _inference.Store.Add("p", new ScriptedModel { Template = Plain, Parameters = """{"top_k":"many"}""" });

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
        var warning = Assert.Single(_output.Start!.Warnings);
        Assert.Equal((WarningReason.PromptTruncated, "0", "71", "64"), (warning.Reason, warning.Metadata["messages_dropped"], warning.Metadata["tokens_dropped"], warning.Metadata["context_length"]));
    }

    [Fact]
    public async Task Generate_ContextAskedBeyondTheModel_IsReducedAndTold()
    {
        await GenerateAsync(new() { Model = "m", Prompt = "x", LoadOptions = new() { NumCtx = 100_000 } });

        Assert.Equal(WarningReason.ContextReduced, Assert.Single(_output.Start!.Warnings).Reason);
    }

    [Fact]
    public async Task Generate_FailsMidway_ClosesWithTheUsageFirst()
    {
        await using var inference = Scripted(Script.Of("a", "b") with { Failure = Catalogue.EngineFailed.For("m", "output") });

        var error = await FailsAsync(() => inference.Generation.GenerateAsync(new() { Model = "m", Prompt = "x", ReturnContext = true }, _call, _output, default));

        Assert.Equal(Catalogue.EngineFailed, error.Kind);
        Assert.Equal("Start Text Text Finish", _output.Shape);
        Assert.Equal((FinishReason.Error, 2), (_output.Finish!.Reason, _output.Finish.Usage.CompletionTokens));
    }

    [Fact]
    public async Task Generate_FailsBeforeTheFirstToken_SendsNothing()
    {
        await using var inference = Scripted(new Script { Failure = Catalogue.EngineFailed.For("m", "prompt") });

        Assert.Equal(Catalogue.EngineFailed, (await FailsAsync(() => inference.Generation.GenerateAsync(new() { Model = "m", Prompt = "x" }, _call, _output, default))).Kind);
        Assert.Empty(_output.Messages);
    }

    [Fact]
    public async Task Generate_DoorBreaks_FreesTheSlot()
    {
        await using var inference = Scripted(Script.Of("a") with { Hangs = true });
        _output.OnMessage = static m => m.EventCase is GenerateResponse.EventOneofCase.Text ? throw new IOException("gone") : Task.CompletedTask;

        await Assert.ThrowsAsync<IOException>(() => inference.Generation.GenerateAsync(new() { Model = "m", Prompt = "x" }, _call, _output, default));

        Assert.Equal(0, inference.Engine.Active);
    }

    [Theory]
    [InlineData(GenerationPhase.Prompt, "prompt")]
    [InlineData(GenerationPhase.Queue, "queue")]
    public async Task Generate_CancelledBeforeTheFirstToken_KnowsThePhase(GenerationPhase where, string phase)
    {
        using var cancel = new CancellationTokenSource();
        var script = new Script { Gate = new(), WaitsIn = where, Result = r => where is GenerationPhase.Queue ? r with { PromptTime = TimeSpan.Zero } : r };
        await using var inference = Scripted(script);
        inference.Engine.Admit = _ => cancel.CancelAfter(TimeSpan.Zero);

        var thrown = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => inference.Generation.GenerateAsync(new() { Model = "m", Prompt = "x" }, _call, _output, cancel.Token));

        var error = Catalogue.From(thrown, "r");
        Assert.Equal((Catalogue.RequestCancelled, phase), (error.Kind, error.Facts["phase"]));
        Assert.Empty(_output.Messages);
        Assert.Equal(0, inference.Engine.Active);
    }

    [Fact]
    public async Task Generate_CancelledMidway_WritesNothingMore()
    {
        using var cancel = new CancellationTokenSource();
        await using var inference = Scripted(Script.Of("a") with { Hangs = true });
        _output.OnMessage = async m => await (m.Text.Length > 0 ? cancel.CancelAsync() : Task.CompletedTask);

        var thrown = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => inference.Generation.GenerateAsync(new() { Model = "m", Prompt = "x" }, _call, _output, cancel.Token));

        Assert.Equal("output", Catalogue.From(thrown, "r").Facts["phase"]);
        Assert.Equal("Start Text", _output.Shape);
    }

    [Fact]
    public async Task Generate_DeadlineMidway_ClosesShortlyBeforeAndTellsThePhase()
    {
        var time = new ManualTime();
        await using var inference = Scripted(Script.Of("a") with { Hangs = true }, time);
        _output.OnMessage = m =>
        {
            time.Advance(m.Text.Length > 0 ? TimeSpan.FromSeconds(9.85) : TimeSpan.Zero);
            return Task.CompletedTask;
        };

        var call = new CallInfo("r", time.GetUtcNow(), time.GetUtcNow().AddSeconds(10));
        var error = await FailsAsync(() => inference.Generation.GenerateAsync(new() { Model = "m", Prompt = "x" }, call, _output, default));

        Assert.Equal((Catalogue.DeadlineExceeded, "output"), (error.Kind, error.Facts["phase"]));
        Assert.Equal("Start Text Finish", _output.Shape);
        Assert.Equal(FinishReason.Error, _output.Finish!.Reason);
        Assert.Equal(9.85, _output.Finish.Timings.TotalDuration.ToTimeSpan().TotalSeconds);
    }

    [Fact]
    public async Task Generate_DeadlineOverOnArrival_DoesNotBegin()
    {
        var now = TimeProvider.System.GetUtcNow();

        var error = await FailsAsync(() => _inference.Generation.GenerateAsync(new() { Model = "m", Prompt = "x" }, new CallInfo("r", now, now.AddSeconds(-1)), _output, default));

        Assert.Equal((Catalogue.DeadlineExceeded, "load"), (error.Kind, error.Facts["phase"]));
        Assert.Empty(_engine.Submitted);
    }

    [Fact]
    public async Task Generate_ServerStopping_IsRefused()
    {
        _inference.Lifetime.StopApplication();

        Assert.Equal(Catalogue.ServerDraining, (await FailsAsync(() => GenerateAsync(new() { Model = "m", Prompt = "x" }))).Kind);
    }

    [Fact]
    public async Task Generate_OutlastsTheDrain_EndsWithAStatusASecondBefore()
    {
        var time = new ManualTime();
        await using var inference = Scripted(Script.Of("a", "b") with { Hangs = true }, time);
        _output.OnMessage = m =>
        {
            if (m.Text == "a")
            {
                inference.Lifetime.StopApplication();
                time.Advance(TimeSpan.FromSeconds(28.9));
            }

            time.Advance(TimeSpan.FromSeconds(m.Text == "b" ? 0.1 : 0));
            return Task.CompletedTask;
        };

        var call = new CallInfo("r", time.GetUtcNow());
        var error = await FailsAsync(() => inference.Generation.GenerateAsync(new() { Model = "m", Prompt = "x" }, call, _output, default));

        Assert.Equal(Catalogue.ServerDraining, error.Kind);
        Assert.Equal("Start Text Text Finish", _output.Shape);
    }

    [Fact]
    public async Task Generate_QueueFull_IsSaidAtOnce()
    {
        _engine.Admit = static _ => throw Catalogue.ServerBusy.For(512, 512);

        Assert.Equal(Catalogue.ServerBusy, (await FailsAsync(() => GenerateAsync(new() { Model = "m", Prompt = "x" }))).Kind);
    }

    [Fact]
    public async Task Generate_Progress_TellsLoadQueueAndPrompt()
    {
        var script = Script.Of("x") with { Gate = new(), WaitsIn = GenerationPhase.Queue, QueuePosition = 3 };
        await using var inference = Scripted(script);
        var loading = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        inference.Engine.OnLoad = progress =>
        {
            progress(0.5f);
            loading.Task.GetAwaiter().GetResult(); // on the loader's own thread
        };
        _output.OnMessage = m =>
        {
            if (m.Progress?.Load is not null)
            {
                loading.TrySetResult();
            }

            if (m.Progress?.Queue is not null)
            {
                script.Gate!.TrySetResult();
            }

            return Task.CompletedTask;
        };

        await inference.Generation.GenerateAsync(new() { Model = "m", Prompt = "x", StreamOptions = new() { Progress = true } }, _call, _output, default);

        Assert.Equal("Progress Progress Start Text Finish", _output.Shape);
        Assert.Equal(new LoadProgress { Model = "registry.ollama.ai/library/m:latest", Fraction = 0.5f }, _output.Messages[0].Progress.Load);
        Assert.Equal(3, _output.Messages[1].Progress.Queue.Position);
    }

    [Fact]
    public async Task Generate_Shifted_IsTold()
    {
        await using var inference = Scripted(Script.Of("x") with { Result = static r => r with { Shifts = 2, TokensDropped = 60 } });
        await inference.Generation.GenerateAsync(new() { Model = "m", Prompt = "x", Shift = true, Options = new() { NumKeep = -1 } }, _call, _output, default);

        var warning = Assert.Single(_output.Finish!.Warnings);
        Assert.Equal((WarningReason.ContextShifted, "2", "60"), (warning.Reason, warning.Metadata["shifts"], warning.Metadata["tokens_dropped"]));
        var spec = inference.Engine.Submitted.Single();
        Assert.Equal((true, spec.Prompt.Length), (spec.Shift, spec.KeepTokens));
    }

    [Fact]
    public async Task Generate_ToolCallDeltas_AreIgnoredAndTold()
    {
        await GenerateAsync(new() { Model = "m", Prompt = "x", StreamOptions = new() { ToolCallDeltas = true } });

        Assert.Equal(WarningReason.OptionIgnored, Assert.Single(_output.Start!.Warnings).Reason);
    }

    [Fact]
    public async Task Generate_FormatWithoutThinking_ConstrainsFromTheFirstToken()
    {
        await GenerateAsync(new() { Model = "m", Prompt = "x", Format = new() { Choice = new() { Choices = { "a" } } } });

        Assert.Equal("root ::= \"a\"", _engine.Submitted.Single().Sampling.Grammar);
    }

    [Fact]
    public async Task Chat_StoredSystem_YieldsToTheRequests()
    {
        _inference.Store.Add("s", new ScriptedModel { Template = Plain, System = "SYS", Messages = """[{"role":"assistant","content":"a"}]""" });
        await ChatAsync(new() { Model = "s", Messages = { User("hi") } });
        await ChatAsync(new() { Model = "s", Messages = { new ChatMessage { Role = Role.System, Content = { new ContentPart { Text = "OWN" } } }, User("hi") } });

        Assert.Equal(["system:SYS;assistant:a;user:hi;", "assistant:a;system:OWN;user:hi;"], _engine.Submitted.Select(static s => Text(s.Prompt)));
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
        Assert.Equal("1", Assert.Single(_output.Start!.Warnings).Metadata["messages_dropped"]);
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
    public async Task Chat_LenientDoor_PassesWhatItsDialectAllows() => await _inference.Generation.ChatAsync(
        new() { Model = "m", Messages = { new ChatMessage { CustomRole = "", Content = { new ContentPart { Text = "x" } } }, new ChatMessage() }, Options = new() { Stop = new() { Sequences = { "" } } } },
        _call with { Lenient = true }, _output, default);

    [Fact]
    public async Task Chat_OnlyAJinjaTemplate_SaysWhatIsMissing_AndRawWorks()
    {
        _inference.Store.Add("j", new ScriptedModel { Metadata = new Dictionary<string, object> { ["tokenizer.chat_template"] = "{% for m in messages %}{% endfor %}" } });

        var error = await FailsAsync(() => ChatAsync(new() { Model = "j", Messages = { User("x") } }));
        await GenerateAsync(new() { Model = "j", Prompt = "x", Raw = true });

        Assert.Equal(Catalogue.FeatureUnsupported, error.Kind);
        Assert.Contains("Jinja", error.Message, StringComparison.Ordinal);
        Assert.Equal("x", Prompt());
    }

    [Fact]
    public async Task Chat_TemplateFails_IsTheModelsFault()
    {
        _inference.Store.Add("t", new ScriptedModel { Template = "{{ range .Messages }}{{ index .Content 999 }}{{ end }}" });

        Assert.Equal(Catalogue.TemplateFailed, (await FailsAsync(() => ChatAsync(new() { Model = "t", Messages = { User("x") } }))).Kind);
    }

    [Fact]
    public async Task Models_MissingWeights_AreDamageAndNamed()
    {
        _inference.Store.RemoveBlob(_inference.Store.Add("w", new ScriptedModel { Template = Plain }));

        var error = await FailsAsync(() => GenerateAsync(new() { Model = "w", Prompt = "x" }));

        Assert.Equal(Catalogue.ModelCorrupt, error.Kind);
        Assert.Equal(new OllamaForm(400, "\"w\" does not support generate"), error.ToOllama(OllamaRoute.Generate));
        Assert.Equal(404, error.ToOllama(OllamaRoute.Embed).Status);
    }

    [Theory]
    [InlineData("https://ollama.com:443", "REMOTE_DISABLED")]
    [InlineData("https://elsewhere.example", "REMOTE_MODEL_UNSUPPORTED")]
    public async Task Models_Remote_AreNotRun(string host, string reason)
    {
        _inference.Store.Add("r", new ScriptedModel { HasWeights = false, Config = $$"""{"model_format":"gguf","remote_host":"{{host}}","remote_model":"big"}""" });

        Assert.Equal(reason, (await FailsAsync(() => GenerateAsync(new() { Model = "r", Prompt = "x" }))).Kind.Reason);
        Assert.Equal(Catalogue.ModelNotFound, (await FailsAsync(() => GenerateAsync(new() { Model = "r:local", Prompt = "x" }))).Kind);
    }

    [Fact]
    public async Task RenderPrompt_ShowsCountsAndWhatWouldBeDropped()
    {
        var response = await _inference.Generation.RenderPromptAsync(
            new()
            {
                WithTokens = true,
                Chat = new() { Model = "m", Truncate = true, LoadOptions = new() { NumCtx = 12 }, Messages = { User("0123456789"), new ChatMessage { Role = Role.Assistant }, User("b") } },
            },
            _call, default);

        Assert.Equal("user:b;", response.Prompt);
        Assert.Equal((7, 12, "user:b;"), (response.PromptTokens, response.ContextLength, Text(response.Tokens)));
        Assert.Equal("2", Assert.Single(response.Warnings).Metadata["messages_dropped"]);
        Assert.Empty(_inference.Models.ListRunning().Models);
    }

    [Fact]
    public async Task RenderPrompt_TooLong_IsToldByTheCounts()
    {
        var response = await _inference.Generation.RenderPromptAsync(
            new() { Generate = new() { Model = "m", Prompt = "x", Context = { 'a', 'b' }, LoadOptions = new() { NumCtx = 4 } } }, _call, default);

        Assert.Equal(("abuser:x;", 9, 4), (response.Prompt, response.PromptTokens, response.ContextLength));
        Assert.Empty(response.Warnings);
    }

    [Fact]
    public async Task TokenizeAndDetokenize_AreEachOthersWayBack()
    {
        var tokens = await _inference.Generation.TokenizeAsync(new() { Model = "m", Text = "aé", WithPieces = true }, default);
        var text = await _inference.Generation.DetokenizeAsync(new() { Model = "m", Tokens = { tokens.Tokens } }, default);

        Assert.Equal([0x61, 0xe9], tokens.Tokens);
        Assert.Equal("aé", string.Concat(tokens.Pieces.Select(static p => p.ToStringUtf8())));
        Assert.Equal("aé", text.Text);
        Assert.Equal(Catalogue.TokenOutOfRange, (await FailsAsync(() => _inference.Generation.DetokenizeAsync(new() { Model = "m", Tokens = { -1 } }, default))).Kind);
    }

    private static ChatMessage User(string text) => new() { Role = Role.User, Content = { new ContentPart { Text = text } } };

    private static string Text(IEnumerable<int> tokens) => string.Concat(tokens.Select(char.ConvertFromUtf32));

    private static async Task<Error> FailsAsync(Func<Task> call) => (await Assert.ThrowsAsync<InferenceException>(call)).Error;

    private string Prompt() => Text(_engine.Submitted.Last().Prompt);

    private Task GenerateAsync(GenerateRequest request) => _inference.Generation.GenerateAsync(request, _call, _output, TestContext.Current.CancellationToken);

    private Task ChatAsync(ChatRequest request) => _inference.Generation.ChatAsync(request, _call, _output, TestContext.Current.CancellationToken);

    private static ScriptedInference Scripted(Script script, ManualTime? time = null)
    {
        var inference = new ScriptedInference(new ScriptedEngine(script), services =>
        {
            if (time is not null)
            {
                services.AddSingleton<TimeProvider>(time);
            }
        });
        inference.Store.Add("m", new ScriptedModel { Template = Plain });
        return inference;
    }
}
