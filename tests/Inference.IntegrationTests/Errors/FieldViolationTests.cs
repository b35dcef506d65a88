using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Inference.TestKit;
using Inference.V1;

namespace Inference.IntegrationTests.Errors;

/// <summary>A request with many faults gets all of them told at once, by their paths in proto names, over gRPC, gRPC-Web and REST alike.</summary>
public sealed class FieldViolationTests : IAsyncLifetime
{
    private const string Generate = "inference.v1.InferenceService/Generate", Chat = "inference.v1.InferenceService/Chat", Embed = "inference.v1.InferenceService/Embed",
        Rerank = "inference.v1.InferenceService/Rerank", Tokenize = "inference.v1.InferenceService/Tokenize", Detokenize = "inference.v1.InferenceService/Detokenize",
        RenderPrompt = "inference.v1.InferenceService/RenderPrompt", Load = "inference.v1.ModelService/LoadModel", Unload = "inference.v1.ModelService/UnloadModel",
        List = "inference.v1.ModelService/ListModels", Get = "inference.v1.ModelService/GetModel", Delete = "inference.v1.ModelService/DeleteModel",
        Copy = "inference.v1.ModelService/CopyModel", Pull = "inference.v1.ModelService/PullModel", Push = "inference.v1.ModelService/PushModel",
        Create = "inference.v1.ModelService/CreateModel", GetBlob = "inference.v1.ModelService/GetBlob";

    private static readonly Duration Endless = new() { Seconds = long.MaxValue, Nanos = -1 };

    private static readonly LoadOptions BadLoad = new()
    {
        NumCtx = 3, NumBatch = -1, NumGpu = -2, MainGpu = -1, NumThread = -1, DraftNumPredict = -1, NumParallel = 0, KvCacheType = (KvCacheType)99,
    };

    private static readonly string[] BadLoadFields =
    [
        "load_options.num_ctx", "load_options.num_batch", "load_options.num_gpu", "load_options.main_gpu", "load_options.num_thread",
        "load_options.draft_num_predict", "load_options.num_parallel", "load_options.kv_cache_type",
    ];

    private static readonly SamplingOptions BadSampling = new()
    {
        Temperature = -1, TopK = -1, TopP = 2, MinP = float.NaN, TypicalP = -1, RepeatLastN = -2, RepeatPenalty = 0, PresencePenalty = 3, FrequencyPenalty = -3, Seed = -2,
        NumPredict = -2, NumKeep = -2, TopNSigma = -1, Stop = new() { Sequences = { "a", "" } }, LogitBias = { [-1] = 0, [5] = 101 },
        Xtc = new() { Probability = 2, Threshold = 1 }, Dry = new() { Multiplier = -1, Base = 0, AllowedLength = -1, PenaltyLastN = -2, SequenceBreakers = { "" } },
    };

    private static readonly string[] BadSamplingFields =
    [
        "options.temperature", "options.top_k", "options.top_p", "options.min_p", "options.typical_p", "options.repeat_last_n", "options.repeat_penalty",
        "options.presence_penalty", "options.frequency_penalty", "options.seed", "options.num_predict", "options.num_keep", "options.top_n_sigma",
        "options.stop.sequences[1]", "options.logit_bias[-1]", "options.logit_bias[5]", "options.xtc.probability", "options.xtc.threshold",
        "options.dry.multiplier", "options.dry.base", "options.dry.allowed_length", "options.dry.penalty_last_n", "options.dry.sequence_breakers",
    ];

    private static readonly Dictionary<string, (string Rpc, string? Path, IMessage Request, string[] Fields)> Cases = new()
    {
        ["generate: empty"] = (Generate, "generate", new GenerateRequest(), ["model", "prompt"]),
        ["generate: sampling"] = (Generate, "generate", new GenerateRequest { Model = "m", Prompt = "x", Options = BadSampling }, BadSamplingFields),
        ["generate: loading"] = (Generate, "generate", new GenerateRequest { Model = "m", Prompt = "x", LoadOptions = BadLoad }, BadLoadFields),
        ["generate: the rest"] = (Generate, "generate",
            new GenerateRequest
            {
                Raw = true, ReturnContext = true, Suffix = "x", Media = { new Media(), new Media() }, KeepAlive = Endless, Format = new(), Logprobs = new() { Top = 21 },
                Thinking = new() { Level = (ThinkingLevel)99, BudgetTokens = 0 }, Priority = (Priority)99, LoraAdapters = { new LoraAdapter { Adapter = "a" }, new LoraAdapter() },
            },
            ["model", "raw", "raw", "media[0].data", "media[1].data", "format.kind", "keep_alive", "logprobs.top", "thinking.budget_tokens", "thinking.level", "priority", "lora_adapters[1].adapter"]),
        ["generate: choices"] = (Generate, "generate", new GenerateRequest { Format = new() { Choice = new() { Choices = { "a", "", "a" } } } }, ["model", "prompt", "format.choice.choices[1]", "format.choice.choices[2]"]),
        ["generate: context"] = (Generate, "generate", new GenerateRequest { Model = "m", Prompt = "x", Context = { 'a', -1, 0x110000 } }, ["context[1]", "context[2]"]),
        ["generate: biased"] = (Generate, "generate", new GenerateRequest { Model = "m", Prompt = "x", Options = new() { LogitBias = { [0x110000] = 1, [0x110001] = 1 } } }, ["options.logit_bias[1114112]", "options.logit_bias[1114113]"]),
        ["generate: raw"] = (Generate, "generate", new GenerateRequest { Model = "m", Prompt = "x", Raw = true, Template = "x" }, ["raw"]),
        ["generate: too long"] = (Generate, "generate", new GenerateRequest { Model = "m", Prompt = new string('x', 5000) }, ["prompt"]),
        ["generate: name"] = (Generate, "generate", new GenerateRequest { Model = "a b", Prompt = "x" }, ["model"]),
        ["chat: empty"] = (Chat, "chat", new ChatRequest(), ["model", "messages"]),
        ["chat: messages"] = (Chat, "chat",
            new ChatRequest
            {
                Messages =
                {
                    new ChatMessage(),
                    new ChatMessage { Role = (Role)99, Content = { new ContentPart(), new ContentPart { Media = new() } } },
                    new ChatMessage { Role = Role.Assistant, ToolCalls = { new ToolCall(), new ToolCall { Name = "f", ArgumentsJson = "[]" } } },
                },
            },
            ["model", "messages[0].role", "messages[1].role", "messages[1].content[0].kind", "messages[1].content[1].media.data", "messages[2].tool_calls[0].name", "messages[2].tool_calls[0].arguments_json", "messages[2].tool_calls[1].arguments_json"]),
        ["chat: tools"] = (Chat, "chat",
            new ChatRequest { Tools = { new Tool(), new Tool { Function = new() }, new Tool { Function = new() { Name = "a b", ParametersJsonSchema = "5" } } }, ToolChoice = new() { Function = "g" } },
            ["model", "messages", "tools[0].function", "tools[1].function.name", "tools[2].function.name", "tools[2].function.parameters_json_schema", "tool_choice.function"]),
        ["chat: choice"] = (Chat, "chat", new ChatRequest { ToolChoice = new() { Mode = ToolChoiceMode.Required }, Options = BadSampling }, ["model", "messages", "tools", .. BadSamplingFields]),
        ["chat: too long"] = (Chat, "chat", new ChatRequest { Model = "m", Messages = { User(new string('x', 5000)) } }, ["messages"]),
        ["embed: empty"] = (Embed, "embed", new EmbedRequest(), ["model", "inputs"]),
        ["embed: all"] = (Embed, "embed", new EmbedRequest { Dimensions = 0, KeepAlive = Endless, Priority = (Priority)99, LoadOptions = BadLoad }, ["model", "inputs", "dimensions", .. BadLoadFields, "keep_alive", "priority"]),
        ["embed: too long"] = (Embed, "embed", new EmbedRequest { Model = "e", Inputs = { "a", new string('x', 5000) } }, ["inputs[1]"]),
        ["rerank"] = (Rerank, "rerank", new RerankRequest { TopN = 0, KeepAlive = Endless, Priority = (Priority)99, LoadOptions = BadLoad }, ["model", "query", "documents", "top_n", .. BadLoadFields, "keep_alive", "priority"]),
        ["tokenize"] = (Tokenize, "tokenize", new TokenizeRequest(), ["model"]),
        ["detokenize: empty"] = (Detokenize, "detokenize", new DetokenizeRequest(), ["model"]),
        ["detokenize"] = (Detokenize, "detokenize", new DetokenizeRequest { Model = "m", Tokens = { 'a', -1, 'b', int.MaxValue } }, ["tokens[1]", "tokens[3]"]),
        ["render: empty"] = (RenderPrompt, "render-prompt", new RenderPromptRequest(), ["request"]),
        ["render: generate"] = (RenderPrompt, "render-prompt", new RenderPromptRequest { Generate = new() { Options = BadSampling } }, ["generate.model", "generate.prompt", .. BadSamplingFields.Select(static f => $"generate.{f}")]),
        ["render: raw"] = (RenderPrompt, "render-prompt", new RenderPromptRequest { Generate = new() { Model = "m", Prompt = "x", Raw = true, System = "s" } }, ["generate.raw"]),
        ["render: chat"] = (RenderPrompt, "render-prompt", new RenderPromptRequest { Chat = new() { Messages = { new ChatMessage() } } }, ["chat.model", "chat.messages[0].role"]),
        ["load"] = (Load, "models:load", new LoadModelRequest { LoadOptions = BadLoad, KeepAlive = Endless, Priority = (Priority)99, RequiredCapabilities = { Capability.Tools, Capability.Unspecified, (Capability)99 } },
            ["model", .. BadLoadFields, "keep_alive", "priority", "required_capabilities[1]", "required_capabilities[2]"]),
        ["unload"] = (Unload, "models:unload", new UnloadModelRequest(), ["model"]),
        ["list"] = (List, null, new ListModelsRequest { PageSize = -1, PageToken = "nope" }, ["page_size", "page_token"]),
        ["get"] = (Get, null, new GetModelRequest { View = (ModelView)99 }, ["model", "view"]),
        ["get: empty"] = (Get, null, new GetModelRequest(), ["model"]),
        ["delete"] = (Delete, null, new DeleteModelRequest(), ["model"]),
        ["copy"] = (Copy, "models:copy", new CopyModelRequest(), ["source", "destination"]),
        ["pull"] = (Pull, "models:pull", new PullModelRequest(), ["model"]),
        ["push"] = (Push, "models:push", new PushModelRequest(), ["model"]),
        ["create"] = (Create, "models", new CreateModelRequest(), ["model"]),
        ["blob"] = (GetBlob, null, new GetBlobRequest(), ["digest"]),
    };

    private ScriptedServer _server = null!;

    public static TheoryData<string> Names => [.. Cases.Keys];

    public async ValueTask InitializeAsync() => _server = await ScriptedServer.StartAsync(new()
    {
        ["m"] = (new ScriptedEngine("ok"), new ScriptedModel()),
        ["e"] = (new ScriptedEngine("ok"), new ScriptedModel { Metadata = new Dictionary<string, object> { ["llama.pooling_type"] = 1u } }),
    });

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Violations_AllAtOnce_OverEveryDoor(string name)
    {
        var (rpc, rest, request, fields) = Cases[name];
        var endings = new List<Ending> { await _server.Host.GrpcAsync($"/{rpc}", request.Frame()), await _server.Host.WebAsync($"/{rpc}", request.Frame()) };
        if (rest is not null)
        {
            endings.Add(await _server.Host.RestAsync("POST", $"/inference/v1/{rest}", JsonFormatter.Default.Format(Sendable(request))));
        }

        foreach (var ending in endings)
        {
            Assert.Equal(3, ending.Checked().Status!.Code);
            Assert.Equal(ReferenceEquals(ending, endings[0]) || ReferenceEquals(ending, endings[1]) ? fields : fields.Where(static f => f is not "keep_alive"), ending.Fields);
            Assert.True(ending.Status!.CalculateSize() <= 4096);
        }

        if (endings[0].Info.Metadata.TryGetValue("field", out var first))
        {
            Assert.Equal(fields[0], first);
        }

        Assert.Equal(endings[0].Status, endings[1].Status);
    }

    [Fact]
    public void Cases_CoverEveryRequest_ThatCanBeWrong()
    {
        string[] exempt = ["ListRunningModels", "GetServerInfo", "UploadBlob"]; // nothing to say, nothing to say, and a stream with tests of its own
        var methods = new[] { InferenceService.Descriptor, ModelService.Descriptor, ServerService.Descriptor }.SelectMany(static s => s.Methods.Select(m => $"{s.FullName}/{m.Name}"));

        Assert.Equal(methods.Where(m => !exempt.Contains(m.Split('/')[1])).Order(), Cases.Values.Select(static c => c.Rpc).Distinct().Order());
    }

    // A duration without end has no form in JSON; there it is refused when it is read.
    private static IMessage Sendable(IMessage request)
    {
        var copy = request.Descriptor.Parser.ParseFrom(request.ToByteArray());
        if (copy.Descriptor.FindFieldByName("keep_alive") is { } field && field.Accessor.GetValue(copy) is not null)
        {
            field.Accessor.Clear(copy);
        }

        return copy;
    }

    private static ChatMessage User(string text) => new() { Role = Role.User, Content = { new ContentPart { Text = text } } };
}
