using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using Inference.V1;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Inference.UnitTests.Services.Calls;

/// <summary>The doors as clients meet them.</summary>
public sealed class DoorTests(DoorHost door) : IClassFixture<DoorHost>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task UnknownModel_HasTypedDetails()
    {
        var status = await FailsAsync(new() { Model = "nope", Prompt = "x" });

        Assert.Equal(((int)StatusCode.NotFound, "model 'nope' not found"), (status.Code, status.Message));
        Assert.Equal(("MODEL_NOT_FOUND", "inference", "nope"), (Info(status).Reason, Info(status).Domain, Info(status).Metadata["model"]));
        Assert.Equal("nope", status.GetDetail<ResourceInfo>()!.ResourceName);
        Assert.NotEmpty(status.GetDetail<Help>()!.Links);
    }

    [Fact]
    public async Task NotAscii_ComesThroughInDetails() => Assert.Equal("größe", Info(await FailsAsync(new() { Model = "größe", Prompt = "x" })).Metadata["model"]);

    [Fact]
    public async Task Busy_SaysWhenToRetry_OverBothDoors()
    {
        var thrown = await Assert.ThrowsAsync<RpcException>(() => FirstAsync(new() { Model = "busy", Prompt = "x" }));
        using var rest = await PostAsync("/inference/v1/generate", """{"model":"busy","prompt":"x"}""");

        Assert.Equal("1000", thrown.Trailers.GetValue("grpc-retry-pushback-ms"));
        Assert.Equal(1, thrown.GetRpcStatus()!.GetDetail<RetryInfo>()!.RetryDelay.Seconds);
        Assert.Equal((HttpStatusCode.TooManyRequests, "1"), (rest.StatusCode, rest.Headers.RetryAfter?.ToString()));
    }

    [Fact]
    public async Task Bug_TellsNothingButTheRequestId()
    {
        using var call = door.Inference.Generate(new() { Model = "bug", Prompt = "x" }, new Metadata { { "x-request-id", "my-id" } }, cancellationToken: Ct);
        var thrown = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(Ct));

        var status = thrown.GetRpcStatus()!;
        Assert.Equal(((int)StatusCode.Internal, "internal error", "my-id"), (status.Code, status.Message, status.GetDetail<RequestInfo>()!.RequestId));
        Assert.DoesNotContain("secret", thrown.ToString(), StringComparison.Ordinal);
        Assert.Contains(door.Log.Lines, static l => l.Text.Contains("my-id", StringComparison.Ordinal) && l.Text.Contains("INTERNAL", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("breaks", StatusCode.Internal, "ENGINE_FAILED")]
    [InlineData("bug-midway", StatusCode.Internal, "INTERNAL")]
    public async Task Midway_TheMessagesStay_AFinishAndTheRealStatusFollow(string model, StatusCode code, string reason)
    {
        using var call = door.Inference.Generate(new() { Model = model, Prompt = "x" }, cancellationToken: Ct);
        var events = new List<GenerateResponse.EventOneofCase>();
        var thrown = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            await foreach (var message in call.ResponseStream.ReadAllAsync(Ct))
            {
                events.Add(message.EventCase);
            }
        });

        Assert.Equal(
            [GenerateResponse.EventOneofCase.Start, GenerateResponse.EventOneofCase.Text, GenerateResponse.EventOneofCase.Text, GenerateResponse.EventOneofCase.Finish], events);
        Assert.Equal((code, reason), (thrown.StatusCode, Info(thrown.GetRpcStatus()!).Reason));
    }

    [Fact]
    public async Task Midway_OverRest_TheStatusIsTheLastLine()
    {
        using var response = await PostAsync("/inference/v1/generate", """{"model":"breaks","prompt":"x"}""");
        var lines = (await response.Content.ReadAsStringAsync(Ct)).Split('\n');

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("""{"text":"a"}""", lines[1]);
        Assert.StartsWith("""{"code":13,"message":""", lines[4], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Generate", "nope", "5")]
    [InlineData("Tokenize", "nope", "5")]
    [InlineData("Generate", "bug", "13")]
    public async Task BeforeTheFirstMessage_AnErrorIsTrailersOnly(string method, string model, string code)
    {
        using var response = await RawAsync(method, Frame(new GenerateRequest { Model = model, Prompt = "x" }.ToByteArray()));

        Assert.Equal(code, response.Headers.GetValues("grpc-status").Single());
        Assert.True(response.Headers.Contains("grpc-status-details-bin"));
        Assert.Single(response.Headers.GetValues("x-request-id"));
        Assert.Empty(await response.Content.ReadAsByteArrayAsync(Ct));
        Assert.Empty(response.TrailingHeaders);
    }

    [Theory]
    [InlineData("Generate", "0000000003FFFFFF", StatusCode.InvalidArgument, "REQUEST_MALFORMED")]
    [InlineData("Tokenize", "0000000003FFFFFF", StatusCode.InvalidArgument, "REQUEST_MALFORMED")]
    [InlineData("Generate", "0000000010FF", StatusCode.InvalidArgument, "REQUEST_MALFORMED")]
    [InlineData("Generate", "007F000000", StatusCode.ResourceExhausted, "REQUEST_TOO_LARGE")]
    [InlineData("Nope", "0000000000", StatusCode.Unimplemented, "FEATURE_UNSUPPORTED")]
    public async Task BeforeTheInterceptor_FailuresHaveDetailsToo(string method, string hex, StatusCode code, string reason)
    {
        using var response = await RawAsync(method, Convert.FromHexString(hex));

        var status = Google.Rpc.Status.Parser.ParseFrom(Convert.FromBase64String(response.Headers.GetValues("grpc-status-details-bin").Single()));
        Assert.Equal(((int)code, reason), (status.Code, Info(status).Reason));
        Assert.Equal(((int)code).ToString(null, null), response.Headers.GetValues("grpc-status").Single());
        Assert.DoesNotContain("Exception", status.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"model":""", "application/json")]
    [InlineData("""{"model":5}""", "application/json")]
    [InlineData("null", "application/json")]
    [InlineData("{}", "text/plain")]
    [InlineData("{}", "application/json; charset=bogus")]
    public async Task Rest_BodyThatCannotBeRead_HasDetails(string body, string type)
    {
        using var content = new StringContent(body);
        content.Headers.Remove("Content-Type");
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        using var response = await door.Http.PostAsync("/inference/v1/generate", content, Ct);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Ct));
        Assert.Equal("REQUEST_MALFORMED", json.RootElement.GetProperty("details")[0].GetProperty("reason").GetString());
        Assert.Single(response.Headers.GetValues("x-request-id"));
    }

    [Theory]
    [InlineData("GET", "/inference/v1/nope", HttpStatusCode.NotFound, null)]
    [InlineData("GET", "/inference/v1/generate", HttpStatusCode.MethodNotAllowed, "POST")]
    [InlineData("PUT", "/inference/v1/models", HttpStatusCode.MethodNotAllowed, "DELETE, GET, POST")]
    [InlineData("OPTIONS", "/inference/v1/models:load", HttpStatusCode.MethodNotAllowed, "POST")]
    [InlineData("POST", "/inference/v1/models/hf.co/a/b:c", HttpStatusCode.MethodNotAllowed, "DELETE, GET")]
    [InlineData("POST", "/inference/v2/models", HttpStatusCode.NotFound, null)]
    public async Task Rest_PathOrMethodThatNoRpcHas_HasDetails(string method, string path, HttpStatusCode status, string? allow)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var response = await door.Http.SendAsync(request, Ct);

        Assert.Equal(status, response.StatusCode);
        Assert.Equal(allow, response.Content.Headers.TryGetValues("Allow", out var allowed) ? string.Join(", ", allowed) : null);
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Ct));
        var info = json.RootElement.GetProperty("details")[0];
        Assert.Equal("SERVICE_UNKNOWN", info.GetProperty("reason").GetString());
        Assert.Equal($"{method} {path}", info.GetProperty("metadata").GetProperty("method").GetString());
    }

    [Fact]
    public async Task Rest_BodyOverTheLimit_Is413()
    {
        using var content = new ByteArrayContent(new byte[31_000_000]) { Headers = { ContentType = new("application/json") } };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/inference/v1/generate") { Content = content, Headers = { ExpectContinue = true } };
        using var response = await door.Http.SendAsync(request, Ct);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Contains("REQUEST_TOO_LARGE", await response.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("my-id_1.2:3", true)]
    [InlineData("with space", false)]
    [InlineData("", false)]
    public async Task RequestId_IsEchoedOrMade(string id, bool taken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/inference/v1/server");
        request.Headers.TryAddWithoutValidation("x-request-id", id);
        using var response = await door.Http.SendAsync(request, Ct);

        var given = response.Headers.GetValues("x-request-id").Single();
        Assert.Equal(taken, given == id);
        Assert.NotEmpty(given);
    }

    [Fact]
    public async Task RequestId_IsInTheStart()
    {
        using var call = door.Inference.Generate(new() { Model = "m", Prompt = "x" }, new Metadata { { "x-request-id", "abc" } }, cancellationToken: Ct);
        Assert.True(await call.ResponseStream.MoveNext(Ct));

        Assert.Equal("abc", call.ResponseStream.Current.Start.RequestId);
        Assert.Equal("abc", (await call.ResponseHeadersAsync).GetValue("x-request-id"));
        await foreach (var _ in call.ResponseStream.ReadAllAsync(Ct))
        {
        }
    }

    [Fact]
    public async Task BothDoors_TellTheSameStatus()
    {
        foreach (var model in new[] { "", "nope", "größe", "busy", "a b", "m:cloud" })
        {
            var overGrpc = await FailsAsync(new() { Model = model, Prompt = "x" });
            using var response = await PostAsync("/inference/v1/generate", JsonSerializer.Serialize(new { model, prompt = "x" }));
            using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Ct));

            Assert.Equal((overGrpc.Code, overGrpc.Message), (body.RootElement.GetProperty("code").GetInt32(), body.RootElement.GetProperty("message").GetString()));
            Assert.Equal(overGrpc.Details.Select(static d => d.TypeUrl), body.RootElement.GetProperty("details").EnumerateArray().Select(static d => d.GetProperty("@type").GetString()));
        }
    }

    [Fact]
    public async Task Health_OfAnUnknownService_PassesWithAnEntry()
    {
        var thrown = await Assert.ThrowsAsync<RpcException>(async () => await door.Health.CheckAsync(new() { Service = "nope" }, cancellationToken: Ct));

        Assert.Equal((StatusCode.NotFound, "SERVICE_UNKNOWN"), (thrown.StatusCode, Info(thrown.GetRpcStatus()!).Reason));
    }

    [Fact]
    public async Task Deadline_WhileTheModelIsSilent_EndsTheCall()
    {
        await FirstAsync(new() { Model = "silent", Prompt = "x" }); // the server's clock starts when the request arrives, the client's before
        using var call = door.Inference.Generate(new() { Model = "silent", Prompt = "x" }, deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(1), cancellationToken: Ct);
        var thrown = await Assert.ThrowsAsync<RpcException>(async () => await call.ResponseStream.ReadAllAsync(Ct).LastAsync(Ct));

        Assert.Equal(StatusCode.DeadlineExceeded, thrown.StatusCode);
        // The client may have given up by itself first: then there are no details.
        Assert.Equal("output", thrown.GetRpcStatus() is { } status ? Info(status).Metadata["phase"] : "output");
    }

    [Fact]
    public async Task Cancelling_EndsTheCallAndFreesTheSlot()
    {
        using var cancel = new CancellationTokenSource();
        using var call = door.Inference.Generate(new() { Model = "silent", Prompt = "x" }, cancellationToken: cancel.Token);
        Assert.True(await call.ResponseStream.MoveNext(Ct));
        await cancel.CancelAsync();

        var thrown = await Assert.ThrowsAsync<RpcException>(async () => await call.ResponseStream.ReadAllAsync(Ct).LastAsync(Ct));
        Assert.Equal(StatusCode.Cancelled, thrown.StatusCode);
    }

    [Fact]
    public async Task WhatIsNotHereYet_SaysSo()
    {
        foreach (var call in new Func<Task>[]
        {
            async () => await door.Inference.RerankAsync(new() { Model = "m", Query = "x", Documents = { "y" } }, cancellationToken: Ct),
        })
        {
            var thrown = await Assert.ThrowsAsync<RpcException>(call);
            Assert.Equal((StatusCode.Unimplemented, "FEATURE_UNSUPPORTED"), (thrown.StatusCode, Info(thrown.GetRpcStatus()!).Reason));
        }
    }

    [Fact]
    public async Task Rest_Numbers64_AreTexts()
    {
        using var models = JsonDocument.Parse(await door.Http.GetStringAsync("/inference/v1/models", Ct));

        Assert.Equal(JsonValueKind.String, models.RootElement.GetProperty("models")[0].GetProperty("sizeBytes").ValueKind);
    }

    [Fact]
    public async Task Chat_OverGrpc_StreamsTheSameEvents()
    {
        using var call = door.Inference.Chat(new() { Model = "m", Messages = { new ChatMessage { Role = Role.User, Content = { new ContentPart { Text = "x" } } } } }, cancellationToken: Ct);

        Assert.Equal(
            [ChatResponse.EventOneofCase.Start, ChatResponse.EventOneofCase.Text, ChatResponse.EventOneofCase.Text, ChatResponse.EventOneofCase.Finish],
            await call.ResponseStream.ReadAllAsync(Ct).Select(static m => m.EventCase).ToListAsync(Ct));
    }

    [Fact]
    public async Task Server_TellsVersionStateAndLimits()
    {
        var info = await door.Server.GetServerInfoAsync(new(), cancellationToken: Ct);

        Assert.Matches(@"^\d+\.\d+\.\d+$", info.Version);
        Assert.Equal((ServerState.Serving, 30_000_000, 512), (info.State, info.Limits.MaxRequestBytes, info.Limits.MaxQueue));
        Assert.Contains(ServerFeature.Gbnf, info.Features);
        Assert.DoesNotContain(ServerFeature.JsonSchema, info.Features);
        Assert.StartsWith("llama.cpp", info.EngineVersion, StringComparison.Ordinal);
        Assert.Contains(info.Devices, static d => d.Kind is DeviceKind.Cpu);
        Assert.True(info.StartTime.ToDateTimeOffset() <= TimeProvider.System.GetUtcNow());
    }

    [Fact]
    public async Task Stopping_NewCallsAreRefused_RunningOnesGoOn()
    {
        await using var other = new DoorHost();
        await other.InitializeAsync();
        using var call = other.Inference.Generate(new() { Model = "m", Prompt = "x" }, cancellationToken: Ct);
        Assert.True(await call.ResponseStream.MoveNext(Ct));

        other.App.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        // The connection is open, so this reaches the server, unless it has closed already: then the client is told so.
        var refused = await Assert.ThrowsAsync<RpcException>(async () => await other.Models.ListModelsAsync(new(), cancellationToken: Ct));
        var rest = await call.ResponseStream.ReadAllAsync(Ct).CountAsync(Ct);

        Assert.Equal(StatusCode.Unavailable, refused.StatusCode);
        Assert.Equal(3, rest);
    }

    private async Task<Google.Rpc.Status> FailsAsync(GenerateRequest request) => (await Assert.ThrowsAsync<RpcException>(() => FirstAsync(request))).GetRpcStatus()!;

    private async Task FirstAsync(GenerateRequest request)
    {
        using var call = door.Inference.Generate(request, cancellationToken: Ct);
        await call.ResponseStream.MoveNext(Ct);
    }

    private static ErrorInfo Info(Google.Rpc.Status status) => status.GetDetail<ErrorInfo>()!;

    private async Task<HttpResponseMessage> PostAsync(string path, string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        return await door.Http.PostAsync(path, content, Ct);
    }

    private async Task<HttpResponseMessage> RawAsync(string method, byte[] body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/inference.v1.InferenceService/{method}")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/grpc") } },
            Headers = { { "te", "trailers" } },
        };
        return await door.Raw.SendAsync(request, Ct);
    }

    private static byte[] Frame(byte[] message)
    {
        var frame = new byte[5 + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        message.CopyTo(frame, 5);
        return frame;
    }
}
