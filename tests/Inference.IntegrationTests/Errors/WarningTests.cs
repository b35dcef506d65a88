using System.Diagnostics.Metrics;
using System.Text;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Grpc.Core;
using Inference.Services;
using Inference.TestKit;
using Inference.V1;
using Microsoft.Extensions.DependencyInjection;

namespace Inference.IntegrationTests.Errors;

/// <summary>
/// Every warning where it can occur: in the messages of a gRPC call, in the messages and the header of a transcoded one, in the header of an
/// Ollama route, and in the metric; with <c>strict</c> it is the error, if it is known before the output.
/// </summary>
public sealed class WarningTests : IAsyncLifetime
{
    private static readonly string Long = new('x', 5000);

    private static readonly Dictionary<string, Case> Cases = new()
    {
        ["prompt truncated"] = new(WarningReason.PromptTruncated, new GenerateRequest { Model = "m", Prompt = Long, Truncate = true }, $$"""generate {"model":"m","prompt":"{{Long}}"}"""),
        ["messages left out"] = new(WarningReason.PromptTruncated, new ChatRequest { Model = "m", Messages = { User(Long), User("x") }, Truncate = true }, $$"""chat {"model":"m","messages":[{"role":"user","content":"{{Long}}"},{"role":"user","content":"x"}]}"""),
        ["prompt shown truncated"] = new(WarningReason.PromptTruncated, new RenderPromptRequest { Generate = new() { Model = "m", Prompt = Long, Truncate = true } }) { IsNeverStrict = true },
        ["input truncated"] = new(WarningReason.InputTruncated, new EmbedRequest { Model = "e", Inputs = { Long }, Truncate = true }, $$"""embed {"model":"e","input":"{{Long}}"}"""),
        ["context shifted"] = new(WarningReason.ContextShifted, new GenerateRequest { Model = "shifts", Prompt = "x", Shift = true }, """generate {"model":"shifts","prompt":"x","stream":false}""") { IsLate = true },
        ["context reduced"] = new(WarningReason.ContextReduced, new GenerateRequest { Model = "m", Prompt = "x", LoadOptions = new() { NumCtx = 1 << 20 } }, """generate {"model":"m","prompt":"x","options":{"num_ctx":1048576}}"""),
        ["context reduced, loading"] = new(WarningReason.ContextReduced, new LoadModelRequest { Model = "m", LoadOptions = new() { NumCtx = 1 << 20 } }, """generate {"model":"m","options":{"num_ctx":1048576}}"""),
        ["context reduced, shown"] = new(WarningReason.ContextReduced, new RenderPromptRequest { Chat = new() { Model = "m", Messages = { User("x") }, LoadOptions = new() { NumCtx = 1 << 20 } } }) { IsNeverStrict = true },
        ["stored option unknown"] = new(WarningReason.OptionUnknown, new ChatRequest { Model = "odd", Messages = { User("x") } }, """chat {"model":"odd","messages":[{"role":"user","content":"x"}]}"""),
        ["option unknown"] = new(WarningReason.OptionUnknown, Request: null, """chat {"model":"m","messages":[{"role":"user","content":"x"}],"options":{"nope":1}}"""),
        ["deltas"] = new(WarningReason.OptionIgnored, new ChatRequest { Model = "m", Messages = { User("x") }, StreamOptions = new() { ToolCallDeltas = true } }),
        ["priority of a load"] = new(WarningReason.OptionIgnored, new LoadModelRequest { Model = "m", Priority = Priority.High }),
        ["priority of vectors"] = new(WarningReason.OptionIgnored, new EmbedRequest { Model = "e", Inputs = { "x" }, Priority = Priority.Low }),
        ["cache of vectors"] = new(WarningReason.OptionIgnored, new EmbedRequest { Model = "e", Inputs = { "x" }, LoadOptions = new() { KvCacheType = KvCacheType.F32 } }),
        ["parallel vectors"] = new(WarningReason.OptionIgnored, new EmbedRequest { Model = "e", Inputs = { "x" }, LoadOptions = new() { NumParallel = 3 } }),
        ["budget without thinking"] = new(WarningReason.OptionIgnored, new GenerateRequest { Model = "m", Prompt = "x", Thinking = new() { BudgetTokens = 5 } }),
        ["system with a suffix"] = new(WarningReason.OptionIgnored, new GenerateRequest { Model = "gap", Prompt = "x", Suffix = "y", System = "s" }, """generate {"model":"gap","prompt":"x","suffix":"y","system":"s"}"""),
        ["context with a suffix"] = new(WarningReason.OptionIgnored, new GenerateRequest { Model = "gap", Prompt = "x", Suffix = "y", Context = { 'a' } }, """generate {"model":"gap","prompt":"x","suffix":"y","context":[97]}"""),
        ["accelerator that is not there"] = new(WarningReason.OptionIgnored, new GenerateRequest { Model = "m", Prompt = "x", LoadOptions = new() { MainGpu = 1 } }, """generate {"model":"m","prompt":"x","options":{"main_gpu":1}}"""),
        ["stored options clamped"] = new(WarningReason.OptionClamped, new GenerateRequest { Model = "clamped", Prompt = "x" }, """generate {"model":"clamped","prompt":"x"}"""),
        ["option clamped"] = new(WarningReason.OptionClamped, Request: null, """generate {"model":"m","prompt":"x","options":{"top_p":5}}"""),
        ["tokens clamped"] = new(WarningReason.OptionClamped, new GenerateRequest { Model = "m", Prompt = "x", Options = new() { NumPredict = 1 << 30 } }, """generate {"model":"m","prompt":"x","options":{"num_predict":1073741824}}"""),
        ["threads clamped"] = new(WarningReason.OptionClamped, new LoadModelRequest { Model = "m", LoadOptions = new() { NumThread = 100_000 } }, """generate {"model":"m","options":{"num_thread":100000}}"""),
        ["batch clamped"] = new(WarningReason.OptionClamped, new GenerateRequest { Model = "m", Prompt = "x", LoadOptions = new() { NumBatch = 1 << 20 } }, """chat {"model":"m","messages":[{"role":"user","content":"x"}],"options":{"num_batch":1048576}}"""),
        ["dimensions clamped"] = new(WarningReason.OptionClamped, new EmbedRequest { Model = "e", Inputs = { "x" }, Dimensions = 100 }, """embed {"model":"e","input":"x","dimensions":100}"""),
        ["no tool call"] = new(WarningReason.ToolCallUnparsed, new ChatRequest { Model = "calls", Messages = { User("x") }, Thinking = new() { Enabled = false }, Tools = { new Tool { Function = new() { Name = "f" } } } }, """chat {"model":"calls","messages":[{"role":"user","content":"x"}],"think":false,"tools":[{"type":"function","function":{"name":"f"}}],"stream":false}""") { IsLate = true },
        ["on the CPU"] = new(WarningReason.OffloadReduced, new LoadModelRequest { Model = "m", LoadOptions = new() { NumGpu = 99 } }, """generate {"model":"m","prompt":"x","options":{"num_gpu":99}}"""),
        ["no draft"] = new(WarningReason.DraftDisabled, new GenerateRequest { Model = "m", Prompt = "x", LoadOptions = new() { DraftNumPredict = 4 } }, """generate {"model":"m","prompt":"x","options":{"draft_num_predict":4}}"""),
        ["stored draft"] = new(WarningReason.DraftDisabled, new GenerateRequest { Model = "drafts", Prompt = "x" }, """generate {"model":"drafts","prompt":"x"}"""),
    };

    private readonly HashSet<string> _counted = [];
    private readonly MeterListener _meters = new();
    private ScriptedServer _server = null!;

    public static TheoryData<string> Names => [.. Cases.Keys];

    /// <summary>What is told here over gRPC and transcoded.</summary>
    internal static IEnumerable<WarningReason> ToldByTheContract => Cases.Values.Where(static c => c.Request is not null).Select(static c => c.Reason);

    /// <summary>What is told here on Ollama's routes.</summary>
    internal static IEnumerable<WarningReason> ToldByOllama => Cases.Values.Where(static c => c.Ollama is not null).Select(static c => c.Reason);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var shifts = Script.Of("a") with { Result = static r => r with { Shifts = 2, TokensDropped = 10 } };
        _server = await ScriptedServer.StartAsync(new()
        {
            ["m"] = (new ScriptedEngine("ok"), new ScriptedModel()),
            ["e"] = (new ScriptedEngine(), new ScriptedModel { Metadata = new Dictionary<string, object> { ["llama.pooling_type"] = 1u } }),
            ["shifts"] = (new ScriptedEngine(shifts), new ScriptedModel()),
            ["odd"] = (new ScriptedEngine("ok"), new ScriptedModel { Parameters = """{"mirostat":1}""" }),
            ["clamped"] = (new ScriptedEngine("ok"), new ScriptedModel { Parameters = """{"num_predict":-5}""" }),
            ["drafts"] = (new ScriptedEngine("ok"), new ScriptedModel { Parameters = """{"draft_num_predict":4}""" }),
            ["gap"] = (new ScriptedEngine("ok"), new ScriptedModel { Template = "{{ .Prompt }}{{ .Suffix }}" }),
            ["calls"] = (new ScriptedEngine("<tool_call>\n{\"name\": \"f\", \"argu"), new ScriptedModel { Template = ToolTemplate() }),
        });
        var factory = _server.Host.App.Services.GetRequiredService<IMeterFactory>();
        _meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "inference.warnings" && ReferenceEquals(instrument.Meter.Scope, factory))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _meters.SetMeasurementEventCallback<long>((_, _, tags, _) =>
        {
            lock (_counted)
            {
                _counted.Add($"{tags[0].Value}");
            }
        });
        _meters.Start();
    }

    public ValueTask DisposeAsync()
    {
        _meters.Dispose();
        return _server.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Warning_IsToldOverEveryDoor(string name)
    {
        var (reason, request, ollama) = Cases[name];
        var word = WarningCatalogue.NameOf(reason);
        if (request is not null)
        {
            Assert.Contains(reason, await WarningsAsync(request));
            Assert.Contains($"{reason}", Counted());

            using var rest = await PostAsync($"/inference/v1/{PathOf(request)}", JsonFormatter.Default.Format(request));
            Assert.Equal(200, (int)rest.StatusCode);
            Assert.Contains($"WARNING_REASON_{word}", request is EmbedRequest or LoadModelRequest or RenderPromptRequest || Cases[name].IsLate ? await rest.Content.ReadAsStringAsync(Ct) : (await rest.Content.ReadAsStringAsync(Ct)).Split('\n')[0], StringComparison.Ordinal);
            Assert.Equal(!Cases[name].IsLate, HeadersOf(rest).Any(h => h.StartsWith($"{word}: ", StringComparison.Ordinal)));
        }

        if (ollama is not null)
        {
            Counted();
            var (path, body) = (ollama[..ollama.IndexOf(' ', StringComparison.Ordinal)], ollama[ollama.IndexOf(' ', StringComparison.Ordinal)..]);
            using var response = await PostAsync($"/api/{path}", body);
            Assert.Equal(200, (int)response.StatusCode);
            Assert.Contains(HeadersOf(response), h => h.StartsWith($"{word}: ", StringComparison.Ordinal));
            Assert.Contains($"{reason}", Counted());
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Strict_IsTheError_IfItIsKnownInTime(string name)
    {
        if (Cases[name] is not { Request: { } request, IsNeverStrict: false } c)
        {
            return;
        }

        var strict = request.Descriptor.Parser.ParseFrom(request.ToByteArray());
        strict.Descriptor.FindFieldByName("strict").Accessor.SetValue(strict, true);
        var endings = new[]
        {
            await _server.Host.GrpcAsync($"/{RpcOf(strict)}", strict.Frame()),
            await _server.Host.RestAsync("POST", $"/inference/v1/{PathOf(strict)}", JsonFormatter.Default.Format(strict)),
        };
        foreach (var ending in endings)
        {
            if (c.IsLate)
            {
                Assert.Null(ending.Status);
                continue;
            }

            Assert.Equal(("STRICT_VIOLATION", 9, WarningCatalogue.NameOf(c.Reason)), (ending.Checked().Reason, ending.Status!.Code, ending.Info.Metadata["warning"]));
        }
    }

    // The embedded model's, which teaches how tools are called.
    private static string ToolTemplate()
    {
        var manifest = JsonNode.Parse(File.ReadAllText(Path.Combine(Places.EmbeddedStore, "manifests/registry.ollama.ai/library", ServerHost.Model, "latest")))!;
        var layer = manifest["layers"]!.AsArray().Single(static l => (string?)l!["mediaType"] == "application/vnd.ollama.image.template")!;
        return File.ReadAllText(Path.Combine(Places.EmbeddedStore, "blobs", ((string)layer["digest"]!).Replace(':', '-')));
    }

    private HashSet<string> Counted()
    {
        lock (_counted)
        {
            HashSet<string> counted = [.. _counted];
            _counted.Clear();
            return counted;
        }
    }

    private async Task<WarningReason[]> WarningsAsync(IMessage request)
    {
        IEnumerable<Warning> warnings = request switch
        {
            GenerateRequest generate => (await _server.Host.Inference.Generate(generate, cancellationToken: Ct).ResponseStream.ReadAllAsync(Ct).LastAsync(Ct)).Finish.Warnings,
            ChatRequest chat => (await _server.Host.Inference.Chat(chat, cancellationToken: Ct).ResponseStream.ReadAllAsync(Ct).LastAsync(Ct)).Finish.Warnings,
            EmbedRequest embed => (await _server.Host.Inference.Embed(embed, cancellationToken: Ct).ResponseStream.ReadAllAsync(Ct).LastAsync(Ct)).Finish.Warnings,
            LoadModelRequest load => (await _server.Host.Models.LoadModelAsync(load, cancellationToken: Ct)).Warnings,
            RenderPromptRequest render => (await _server.Host.Inference.RenderPromptAsync(render, cancellationToken: Ct)).Warnings,
            _ => throw new ArgumentOutOfRangeException(nameof(request)),
        };
        return [.. warnings.Select(static w => w.Reason)];
    }

    private async Task<HttpResponseMessage> PostAsync(string path, string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        return await _server.Host.Http.PostAsync(path, content, Ct);
    }

    private static string[] HeadersOf(HttpResponseMessage response) => response.Headers.TryGetValues(WarningHeader.Name, out var values) ? [.. values] : [];

    private static string PathOf(IMessage request) => request switch
    {
        GenerateRequest => "generate",
        ChatRequest => "chat",
        EmbedRequest => "embed",
        LoadModelRequest => "models:load",
        _ => "render-prompt",
    };

    private static string RpcOf(IMessage request) =>
        $"inference.v1.{(request is LoadModelRequest ? "ModelService" : "InferenceService")}/{request.Descriptor.Name[..^"Request".Length]}";

    private static ChatMessage User(string text) => new() { Role = Role.User, Content = { new ContentPart { Text = text } } };

    /// <summary>A request that is answered with a warning.</summary>
    /// <param name="Reason">Which.</param>
    /// <param name="Request">Over gRPC and transcoded; null where the contract has no such request.</param>
    /// <param name="Ollama">Route and body; null where that dialect has no such request.</param>
    private sealed record Case(WarningReason Reason, IMessage? Request, string? Ollama = null)
    {
        /// <summary>It is known at the end only.</summary>
        public bool IsLate { get; init; }

        /// <summary>The call only shows it.</summary>
        public bool IsNeverStrict { get; init; }
    }
}
