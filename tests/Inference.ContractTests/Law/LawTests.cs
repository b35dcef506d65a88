using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Grpc.Core;
using Inference.ContractTests.Facade;
using Inference.Errors;
using Inference.HttpErrors;

namespace Inference.ContractTests.Law;

/// <summary>
/// The law: what Ollama would have sent is a pure function of the status. Each recorded request is made over gRPC, and what the function makes of
/// the status that arrives is what was recorded.
/// </summary>
public sealed class LawTests
{
    private static readonly string[] Routes = ["/api/generate", "/api/chat", "/api/embed", "/api/embeddings", "/api/show"];

    // The older route looks names up as they are written; over gRPC a name is found in any case.
    // Without messages a model is loaded, wherever it runs: the address that nobody answers at is another there.
    private static readonly string[] ForOneDoorOnly = ["embeddings-case-sensitive-embeddings", "chat-upstream-refused"];

    [Fact]
    public async Task Status_OverGrpc_BecomesTheRecordedAnswer_EmptyStore()
    {
        await using var host = await OllamaHost.EmptyAsync();
        await ReplayAsync(host, Of("A-empty-store"), expectedCalls: 161);
    }

    [Fact]
    public async Task Status_OverGrpc_BecomesTheRecordedAnswer_FixtureStore()
    {
        await using var host = await OllamaHost.FixturesAsync();
        await ReplayAsync(host, Of("M-fixture"), expectedCalls: 79);
    }

    [Theory]
    [InlineData(true, 7)]
    [InlineData(false, 13)]
    public async Task Status_OverGrpc_BecomesTheRecordedAnswer_OtherServers(bool hasKey, int expectedCalls)
    {
        await using var upstream = await RemoteFixtures.UpstreamAsync();
        await using var host = await RecordedCloudErrorTests.StartAsync(upstream, upstream.Url);
        if (!hasKey)
        {
            File.Delete(Path.Combine(host.Server.Identity, "id_ed25519"));
        }

        await ReplayAsync(host, RecordedCloudErrorTests.Of(upstream, config => config.Contains("key present", StringComparison.Ordinal) == hasKey).Where(Is), expectedCalls);
    }

    private static IEnumerable<JsonElement> Of(string group) => Recordings.Read("ollama-errors").Where(r => r.GetProperty("group").GetString() == group && Is(r));

    private static async Task ReplayAsync(OllamaHost host, IEnumerable<JsonElement> records, int expectedCalls)
    {
        var grpc = 0;
        var differences = new List<string>();
        var known = KnownDifferences.Read();
        foreach (var record in records)
        {
            var id = record.GetProperty("id").GetString()!;
            var (call, status, started) = await StatusAsync(host, record);
            grpc += call is null ? 0 : 1;
            if (status is not null && Difference(record, call, status, started) is { } difference && !known.Contains(id))
            {
                differences.Add($"{id}: {difference}");
            }
        }

        Assert.True(differences.Count == 0, $"{differences.Count} of {grpc} differ:\n{string.Join('\n', differences)}");
        Assert.Equal(expectedCalls, grpc);
    }

    private static bool Is(JsonElement record) =>
        Routes.Contains(record.GetProperty("path").GetString()) && !ForOneDoorOnly.Contains(record.GetProperty("id").GetString()) && record.GetProperty("status").GetInt32() >= 400
        && record.TryGetProperty("request_body", out _) && record.GetProperty("method").GetString() is "POST";

    // Null where nothing can be sent: then either the door refuses what it was sent, or the contract has no form for what is wrong with it.
    private static async Task<(GrpcCall? Call, Google.Rpc.Status? Status, bool Started)> StatusAsync(OllamaHost host, JsonElement record)
    {
        GrpcCall call;
        try
        {
            call = GrpcCall.From(record.GetProperty("path").GetString()!, Encoding.UTF8.GetBytes(record.GetProperty("request_body").GetString()!));
        }
        catch (InferenceException e)
        {
            return (null, e.Error.ToStatus(), false);
        }
        catch (NotSupportedException)
        {
            return (null, null, false);
        }

        var started = false;
        try
        {
            await call.MakeAsync(host.Server.Channel, () => started = true, TestContext.Current.CancellationToken);
            throw new InvalidOperationException($"{record.GetProperty("id")}: no failure over gRPC");
        }
        catch (RpcException e)
        {
            return (call, e.GetRpcStatus(), started);
        }
    }

    private static string? Difference(JsonElement record, GrpcCall? call, Google.Rpc.Status status, bool started)
    {
        var context = new ErrorContext(call?.Route ?? OllamaRoute.Other) { Phase = started ? ErrorPhase.StreamStarted : call?.Streams is true ? ErrorPhase.Stream : ErrorPhase.Whole };
        var rendered = ErrorRenderer.Render(status, context);
        var text = Encoding.UTF8.GetString(rendered.Body.Span);
        var agrees = record.GetProperty("status").GetInt32() == rendered.Status
            && record.GetProperty("content_type").GetString() == rendered.ContentType
            && record.GetProperty("framing").GetString() == (rendered.Chunked ? "chunked" : "content-length")
            && (record.TryGetProperty("body", out var body) ? body.GetString() == text : Regex.IsMatch(text, record.GetProperty("body_regex").GetString()!, RegexOptions.None, TimeSpan.FromSeconds(1)));
        return agrees ? null : $"{rendered.Status} {text} instead of {record}";
    }
}
