using System.Net;
using System.Text;
using Google.Protobuf.WellKnownTypes;
using Inference.Errors;
using Inference.Facade.Ollama;
using Inference.Facade.Ollama.Replies;
using Inference.Services;
using Inference.Services.Calls;
using Inference.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Inference.ContractTests.Facade;

/// <summary>How a generation leaves through the writers and a real port: lines, chunks, headers, and the three ways to fail.</summary>
public sealed class StreamTests
{
    private static readonly GenerationFinish Stopped = new()
    {
        Reason = FinishReason.Stop,
        Usage = new Usage { PromptTokens = 26, CompletionTokens = 9 },
        Timings = new Timings { TotalDuration = Nanoseconds(5), LoadDuration = Nanoseconds(1), PromptDuration = Nanoseconds(1), CompletionDuration = Nanoseconds(0) },
    };

    [Fact]
    public async Task Chat_Answer_IsALineAndAChunkForEachPiece()
    {
        var response = await AnswerAsync(OllamaRoute.Chat, static async w =>
        {
            await w.StartAsync(new GenerationStart(), default);
            await w.ThinkingAsync("hm", null, default);
            await w.TextAsync("<b>", null, default);
            await w.ToolCallAsync(new ToolCall { Id = "call_1", Index = 0, Name = "f", ArgumentsJson = "{\"b\":1.0,\"a\":\"é\"}" }, null, default);
            await w.FinishAsync(Stopped, default);
        });

        Assert.Equal((200, "application/x-ndjson", "chunked"), (response.Status, response.ContentType, response.Framing));
        Assert.Equal(
            [
                """{"model":"m","created_at":"","message":{"role":"assistant","content":"","thinking":"hm"},"done":false}""" + "\n",
                """{"model":"m","created_at":"","message":{"role":"assistant","content":"\u003cb\u003e"},"done":false}""" + "\n",
                """{"model":"m","created_at":"","message":{"role":"assistant","content":"","tool_calls":[{"id":"call_1","function":{"index":0,"name":"f","arguments":{"b":1,"a":"é"}}}]},"done":false}""" + "\n",
                """{"model":"m","created_at":"","message":{"role":"assistant","content":""},"done":true,"done_reason":"stop","total_duration":5,"load_duration":1,"prompt_eval_count":26,"prompt_eval_duration":1,"eval_count":9}""" + "\n",
            ],
            response.Chunks.Select(static c => Recordings.Masked(Encoding.UTF8.GetString(c))));
    }

    [Fact]
    public async Task Generate_Answer_HasItsCallsInTheLastLine()
    {
        var response = await AnswerAsync(OllamaRoute.Generate, static async w =>
        {
            await w.ToolCallAsync(new ToolCall { Id = "call_1", Index = 0, Name = "f", ArgumentsJson = "{}" }, null, default);
            await w.TextAsync("x", new Logprobs { Tokens = { new TokenLogprob { Text = "x", Logprob = -0.5 } } }, default);
            var finish = Stopped.Clone();
            finish.Context.AddRange([1, 2]);
            await w.FinishAsync(finish, default);
        });

        Assert.Equal(
            """
            {"model":"m","created_at":"","response":"x","done":false,"logprobs":[{"token":"x","logprob":-0.5,"bytes":[120]}]}
            {"model":"m","created_at":"","response":"","done":true,"done_reason":"stop","context":[1,2],"total_duration":5,"load_duration":1,"prompt_eval_count":26,"prompt_eval_duration":1,"eval_count":9,"tool_calls":[{"function":{"index":0,"name":"f","arguments":{}}}]}

            """,
            Recordings.Masked(response.Body));
    }

    [Theory]
    [InlineData(OllamaRoute.Chat)]
    [InlineData(OllamaRoute.Generate)]
    public async Task Stream_FailsBeforeTheFirstLine_IsAStatusAndOneObject(OllamaRoute route)
    {
        var response = await AnswerAsync(route, static async w =>
        {
            await w.StartAsync(new GenerationStart { Warnings = { new Warning { Reason = WarningReason.PromptTruncated } } }, default);
            await w.FinishAsync(new GenerationFinish { Reason = FinishReason.Error }, default);
            throw Catalogue.OutputUnparsable.For("m", "p", "boom");
        });

        Assert.Equal((500, "application/json", "chunked", "{\"error\":\"boom\"}"), (response.Status, response.ContentType, response.Framing, response.Body));
        Assert.Empty(response.Headers[WarningHeader.Name]);
    }

    [Fact]
    public async Task Stream_RefusedBeforeItIsAsked_IsACountedObjectAndSaysWhenToComeBack()
    {
        var response = await AnswerAsync(OllamaRoute.Chat, static _ => throw Catalogue.ServerBusy.For(1, 1));
        Assert.Equal((503, "application/json; charset=utf-8", "content-length"), (response.Status, response.ContentType, response.Framing));
        Assert.Equal("1", response.Headers["Retry-After"].Single());
    }

    [Fact]
    public async Task Stream_FailsMidway_EndsWithAnErrorLineAndTellsNothingOfTheInside()
    {
        var response = await AnswerAsync(OllamaRoute.Chat, static async w =>
        {
            await w.TextAsync("a", null, default);
            await w.FinishAsync(new GenerationFinish { Reason = FinishReason.Error }, default);
            throw new InvalidOperationException("cuda: secret path");
        });

        Assert.Equal(200, response.Status);
        Assert.Equal(
            """
            {"model":"m","created_at":"","message":{"role":"assistant","content":"a"},"done":false}
            {"error":"internal error"}

            """,
            Recordings.Masked(response.Body));
    }

    [Theory]
    [InlineData(OllamaRoute.Chat)]
    [InlineData(OllamaRoute.Generate)]
    public async Task Stream_OfARepetition_EndsWithoutAWord(OllamaRoute route)
    {
        var response = await AnswerAsync(route, static async w =>
        {
            await w.TextAsync("x", null, default);
            await w.FinishAsync(new GenerationFinish { Reason = FinishReason.Repetition }, default);
        });

        Assert.Equal(200, response.Status);
        Assert.EndsWith("\"done\":false}\n", Assert.Single(response.Chunks.Select(Encoding.UTF8.GetString)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stream_WithWarnings_NamesThemInHeaders()
    {
        var response = await AnswerAsync(OllamaRoute.Chat, static async w =>
        {
            await w.StartAsync(new GenerationStart { Warnings = { new Warning { Reason = WarningReason.PromptTruncated, Message = "cut é\n" } } }, default);
            await w.FinishAsync(Stopped, default);
        });

        Assert.Equal("PROMPT_TRUNCATED: cut ??", response.Headers[WarningHeader.Name].Single());
    }

    private static async Task<RawResponse> AnswerAsync(OllamaRoute route, Func<IGenerationWriter, Task> generate)
    {
        var endpoint = new OllamaEndpoint("/", ["POST"], route, exchange =>
        {
            var lines = exchange.Stream("m");
            return generate(route is OllamaRoute.Chat ? new ChatStream(exchange, lines) : new GenerateStream(exchange, lines));
        });

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddMetrics().AddSingleton<Telemetry>().AddSingleton<Failures>();
        await using var app = builder.Build();
        app.Run(http =>
        {
            http.Features.Set(new CallInfo("id", DateTimeOffset.UnixEpoch));
            return endpoint.HandleAsync(http);
        });
        await app.StartAsync();
        var address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        return await RawHttp.SendAsync(new IPEndPoint(IPAddress.Loopback, address.Port), ["POST / HTTP/1.1", "Host: x", "Content-Length: 0"], default);
    }

    private static Duration Nanoseconds(int nanoseconds) => new() { Nanos = nanoseconds };
}
