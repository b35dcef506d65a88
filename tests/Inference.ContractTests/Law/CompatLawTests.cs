using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Grpc.Core;
using Inference.ContractTests.Facade;
using Inference.Errors;
using Inference.HttpErrors;
using Inference.Services.Remote;
using Inference.V1;

namespace Inference.ContractTests.Law;

/// <summary>The law for the OpenAI and Anthropic routes: each recorded request is made over gRPC, and what the function makes of the status is what was recorded.</summary>
public sealed class CompatLawTests
{
    // The server's own search is no tool of the contract, and whether the cloud may be searched no question to it.
    private static readonly string[] ForOneDoorOnly = ["v1-messages-web-search-cloud-disabled-stream"];

    private static readonly string[] Routes = ["/v1/chat/completions", "/v1/completions", "/v1/embeddings", "/v1/responses", "/v1/messages"];

    [Fact]
    public async Task Status_OverGrpc_BecomesTheRecordedAnswer_EmptyStore()
    {
        await using var host = await OllamaHost.EmptyAsync();
        await ReplayAsync(host, "A-empty-store", expectedCalls: 26, expectedRefusals: 115);
    }

    [Fact]
    public async Task Status_OverGrpc_BecomesTheRecordedAnswer_FixtureStore()
    {
        await using var host = await OllamaHost.FixturesAsync();
        await ReplayAsync(host, "M-fixture", expectedCalls: 22, expectedRefusals: 0);
    }

    // What a door refuses, the contract refuses for the same reason where it has the same field.
    [Fact]
    public async Task FieldsOfTheContract_AreRefusedOverGrpcToo_WithTheSameText()
    {
        await using var host = await OllamaHost.EmptyAsync();
        var client = new InferenceService.InferenceServiceClient(host.Server.Channel);
        var call = new ToolCall { Name = "f", ArgumentsJson = "{bad" };
        var message = new ChatMessage { Role = Role.Assistant, ToolCalls = { call } };
        Assert.Equal("[] is too short - 'messages'", await TextAsync(client.Chat(new ChatRequest { Model = "m" }), "/v1/chat/completions"));
        Assert.Equal("messages is required", await TextAsync(client.Chat(new ChatRequest { Model = "m" }), "/v1/messages"));
        Assert.Equal("invalid tool call arguments", await TextAsync(client.Chat(new ChatRequest { Model = "m", Messages = { message } }), "/v1/chat/completions"));
        Assert.Equal("invalid input", await TextAsync(client.Embed(new EmbedRequest { Model = "m" }), "/v1/embeddings"));
        call.Name = "";
        call.ArgumentsJson = "{}";
        Assert.Equal("tool_use block missing required 'name' field", await TextAsync(client.Chat(new ChatRequest { Model = "m", Messages = { message } }), "/v1/messages"));
    }

    private static async Task<string> TextAsync<T>(AsyncServerStreamingCall<T> call, string path)
    {
        using (call)
        {
            var failure = await Assert.ThrowsAsync<RpcException>(async () => await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
            var body = ErrorRenderer.Render(failure.GetRpcStatus()!, CompatCall.Decoding(path)).Body;
            return JsonDocument.Parse(body).RootElement.GetProperty("error").GetProperty("message").GetString()!;
        }
    }

    private static async Task ReplayAsync(OllamaHost host, string group, int expectedCalls, int expectedRefusals)
    {
        var (calls, refusals) = (0, 0);
        var differences = new List<string>();
        var known = KnownDifferences.Read();
        foreach (var record in Recordings.Read("ollama-errors").Where(r => Is(r, group)))
        {
            var id = record.GetProperty("id").GetString()!;
            var (made, status, context) = await StatusAsync(host, record);
            calls += made ? 1 : 0;
            refusals += made || status is null ? 0 : 1;
            if (status is not null && Difference(record, ErrorRenderer.Render(status, context)) is { } difference && !known.Contains(id))
            {
                differences.Add($"{id}: {difference}");
            }
        }

        Assert.True(differences.Count == 0, $"{differences.Count} of {calls + refusals} differ:\n{string.Join('\n', differences)}");
        Assert.Equal((expectedCalls, expectedRefusals), (calls, refusals));
    }

    private static bool Is(JsonElement record, string group) =>
        record.GetProperty("group").GetString() == group && Routes.Contains(record.GetProperty("path").GetString())
        && record.GetProperty("status").GetInt32() >= 400 && record.TryGetProperty("request_body", out _) && !record.TryGetProperty("request_headers", out _)
        && !ForOneDoorOnly.Contains(record.GetProperty("id").GetString());

    // Null where nothing can be sent, because the contract has no form for it.
    private static async Task<(bool Made, Google.Rpc.Status? Status, ErrorContext Context)> StatusAsync(OllamaHost host, JsonElement record)
    {
        var path = record.GetProperty("path").GetString()!;
        var body = Encoding.UTF8.GetBytes(record.GetProperty("request_body").GetString()!);
        CompatCall call;
        try
        {
            call = CompatCall.From(path, body);
        }
        catch (InferenceException e)
        {
            var isWhole = e.Error.Facts["field"] is "top_logprobs";
            return (false, e.Error.ToStatus(), CompatCall.Decoding(path) with { Phase = isWhole ? ErrorPhase.Whole : ErrorPhase.Decoding });
        }
        catch (NotSupportedException)
        {
            return (false, null, new ErrorContext(OllamaRoute.Other));
        }

        try
        {
            await call.MakeAsync(host.Server.Channel, TestContext.Current.CancellationToken);
            throw new InvalidOperationException($"{record.GetProperty("id")}: no failure over gRPC");
        }
        catch (RpcException e)
        {
            // What is for the cloud is taken out of the route's hands, and told as on a native one; not so with the server's own search.
            var searches = Encoding.UTF8.GetString(body).Contains("web_search", StringComparison.Ordinal);
            var taken = JsonDocument.Parse(body).RootElement.TryGetProperty("model", out var model) && Cloud.NameOf(model.GetString()!) is not null && !searches;
            return (true, e.GetRpcStatus(), taken ? new ErrorContext(OllamaRoute.Other) : call.Context);
        }
    }

    private static string? Difference(JsonElement record, HttpError rendered)
    {
        var text = Encoding.UTF8.GetString(rendered.Body.Span);
        var agrees = record.GetProperty("status").GetInt32() == rendered.Status
            && record.GetProperty("content_type").GetString() == rendered.ContentType
            && record.GetProperty("framing").GetString() == (rendered.Chunked ? "chunked" : "content-length")
            && (record.TryGetProperty("body", out var body) ? body.GetString() == text : Regex.IsMatch(text, record.GetProperty("body_regex").GetString()!, RegexOptions.None, TimeSpan.FromSeconds(1)));
        return agrees ? null : $"{rendered.Status} {rendered.ContentType} {text} instead of {record}";
    }
}
