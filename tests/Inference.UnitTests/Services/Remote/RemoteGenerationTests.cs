using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Inference.Errors;
using Inference.TestKit;
using Inference.V1;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;

namespace Inference.UnitTests.Services.Remote;

public sealed class RemoteGenerationTests : RemoteScene
{
    private const string Lines = """
        {"model":"big","created_at":"2026-01-01T00:00:00Z","message":{"role":"assistant","content":"","thinking":"hm"},"done":false}
        {"model":"big","message":{"role":"assistant","content":"Hel"},"done":false,"logprobs":[{"token":"Hel","logprob":-0.5,"top_logprobs":[{"token":"Hi","logprob":-1}]}]}
        {"model":"big","message":{"role":"assistant","content":"lo","tool_calls":[{"id":"c1","function":{"index":0,"name":"f","arguments":{"b":1,"a":"x"}}}]},"done":false}
        {"model":"big","message":{"role":"assistant","content":""},"done":true,"done_reason":"stop","prompt_eval_count":7,"prompt_eval_duration":2000000000,"eval_count":3,"eval_duration":1500000001}

        """;

    [Fact]
    public async Task Chat_Stream_IsToldAsIfItWereOurs()
    {
        Answers = static _ => new MockAnswer(200, Lines, "application/x-ndjson");

        await ChatAsync(new() { Model = "r", Messages = { User("hi") }, Logprobs = new() { Top = 1 } });

        Assert.Equal("Start Thinking Text Text ToolCall Finish", Collected.Shape);
        Assert.Equal(("hm", "Hello"), (Collected.Thinking, Collected.Text));
        Assert.Equal(("c1", "f", """{"b":1,"a":"x"}"""), Collected.ToolCalls.Select(static c => (c.Id, c.Name, c.ArgumentsJson)).Single());
        Assert.Equal(("registry.ollama.ai/library/r:latest", "r-1"), (Collected.Start!.Model, Collected.Start.RequestId));
        var token = Collected.Messages.Select(static m => m.Logprobs).OfType<Logprobs>().Single().Tokens.Single();
        Assert.Equal(("Hel", -0.5, "Hi"), (token.Text, token.Logprob, token.Top.Single().Text));
        var finish = Collected.Finish!;
        Assert.Equal((FinishReason.ToolCalls, 7, 3), (finish.Reason, finish.Usage.PromptTokens, finish.Usage.CompletionTokens));
        Assert.Equal((2L, 1_500_000_001L), (finish.Timings.PromptDuration.Seconds, (finish.Timings.CompletionDuration.Seconds * 1_000_000_000) + finish.Timings.CompletionDuration.Nanos));
    }

    [Fact]
    public async Task Chat_Aggregated_ComesInOnePiece()
    {
        Answers = static _ => new MockAnswer(200, Lines, "application/x-ndjson");

        await ChatAsync(new() { Model = "r", Messages = { User("hi") }, StreamOptions = new() { Aggregate = true } });

        Assert.Equal("Start Finish", Collected.Shape);
        Assert.Equal(("Hello", "hm", "f"), (Collected.Finish!.Answer.Content.Single().Text, Collected.Finish.Answer.Thinking, Collected.Finish.Answer.ToolCalls.Single().Name));
    }

    [Fact]
    public async Task Chat_Request_IsInOllamasFormWithWhatIsStored()
    {
        AddRemote("s", Upstream.Url + "/", system: "be brief", parameters: """{"temperature":0.5,"top_k":3}""", messages: """[{"role":"user","content":"before"}]""");

        await ChatAsync(new()
        {
            Model = "s",
            Messages =
            {
                new ChatMessage { Role = Role.User, Content = { new ContentPart { Text = "hi" }, new ContentPart { Media = new Media { Data = ByteString.CopyFromUtf8("pic") } } } },
                new ChatMessage { Role = Role.Assistant, ToolCalls = { new ToolCall { Name = "f", ArgumentsJson = """{"a":1}""" } } },
                new ChatMessage { Role = Role.Tool, ToolName = "f", Content = { new ContentPart { Text = "2" } } },
            },
            Tools = { new Tool { Function = new FunctionTool { Name = "f", ParametersJsonSchema = """{"type":"object"}""" } } },
            Options = new() { Temperature = 0.25f, Stop = new() { Sequences = { "x" } } },
            LoadOptions = new() { NumCtx = 128 },
            Thinking = new() { Level = ThinkingLevel.High },
            Format = new() { JsonSchema = """{"type":"string"}""" },
            KeepAlive = new() { Seconds = 90 },
            Truncate = true,
        });

        var request = Upstream.Requests.Single();
        Assert.Equal(("POST", "/api/chat", ""), (request.Method, request.Path, request.Query));
        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse("""
                {"model":"big:20b","messages":[
                  {"role":"system","content":"be brief"},{"role":"user","content":"before"},{"role":"user","content":"hi","images":["cGlj"]},
                  {"role":"assistant","content":"","tool_calls":[{"function":{"index":0,"name":"f","arguments":{"a":1}}}]},{"role":"tool","content":"2","tool_name":"f"}],
                 "tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object"}}}],"format":{"type":"string"},"think":"high","keep_alive":"90.000000000s",
                 "stream":true,"truncate":true,"shift":false,"options":{"temperature":0.25,"num_ctx":128,"stop":["x"],"top_k":3}}
                """),
            JsonNode.Parse(request.Body)), request.Body);
    }

    [Fact]
    public async Task Generate_Request_AndContext()
    {
        Answers = static _ => new MockAnswer(200, """{"response":"x","done":true,"done_reason":"length","context":[1,2]}""");
        AddRemote("s", Upstream.Url, system: "be brief");

        await GenerateAsync(new() { Model = "s", Prompt = "hi", Context = { 9 }, ReturnContext = true });

        var body = JsonDocument.Parse(Upstream.Requests.Single().Body).RootElement;
        Assert.Equal(("big:20b", "hi", "be brief", "[9]"), (body.GetProperty("model").GetString(), body.GetProperty("prompt").GetString(), body.GetProperty("system").GetString(), body.GetProperty("context").GetRawText()));
        Assert.Equal((FinishReason.MaxTokens, "x"), (Collected.Finish!.Reason, Collected.Text));
        Assert.Equal([1, 2], Collected.Finish.Context);
    }

    [Fact]
    public async Task Cloud_Request_IsSignedForThisSecondAndPath()
    {
        await ChatAsync(new() { Model = "gpt:20b-cloud", Messages = { User("hi") } });

        var request = Upstream.Requests.Single();
        Assert.Equal("gpt:20b", request.Model);
        Assert.Matches(@"^\?ts=\d+$", request.Query);
        var parts = request.Headers["Authorization"].Split(':');
        Assert.Equal(Keys.PublicLine(), $"ssh-ed25519 {parts[0]}");
        var verifier = new Ed25519Signer();
        verifier.Init(forSigning: false, new Ed25519PublicKeyParameters(Convert.FromBase64String(parts[0])[^32..]));
        verifier.BlockUpdate(Encoding.UTF8.GetBytes($"POST,/api/chat{request.Query}"));
        Assert.True(verifier.VerifySignature(Convert.FromBase64String(parts[1])));
    }

    [Fact]
    public async Task StoredModel_OnAnotherHost_IsNotSigned()
    {
        await ChatAsync(new() { Model = "r", Messages = { User("hi") } });

        Assert.DoesNotContain("Authorization", Upstream.Requests.Single().Headers.Keys);
    }

    public static TheoryData<string, ChatRequest> Inexpressible => new()
    {
        { "format.gbnf", new() { Format = new() { Gbnf = "root ::= \"a\"" } } },
        { "format.choice", new() { Format = new() { Choice = new() { Choices = { "a" } } } } },
        { "lora_adapters", new() { LoraAdapters = { new LoraAdapter { Adapter = "a" } } } },
        { "thinking.budget_tokens", new() { Thinking = new() { BudgetTokens = 3 } } },
        { "options.logit_bias", new() { Options = new() { LogitBias = { [1] = 1 } } } },
        { "options.xtc", new() { Options = new() { Xtc = new() } } },
        { "parallel_tool_calls", new() { ParallelToolCalls = false } },
    };

    [Theory]
    [MemberData(nameof(Inexpressible))]
    public async Task Chat_WhatOllamasFormCannotSay_IsRefusedNotLeftOut(string field, ChatRequest request)
    {
        request.Model = "r";
        request.Messages.Add(User("x"));

        var error = await FailsAsync(() => ChatAsync(request));

        Assert.Equal(Catalogue.FeatureUnsupported, error.Kind);
        Assert.StartsWith(field, error.Facts["feature"], StringComparison.Ordinal);
        Assert.Empty(Upstream.Requests);
    }
}
