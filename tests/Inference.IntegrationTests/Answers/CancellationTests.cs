using System.Net.Http;
using System.Net.Http.Json;
using Grpc.Core;
using Inference.TestKit;
using Inference.V1;

namespace Inference.IntegrationTests.Answers;

/// <summary>Who goes away frees what he held, wherever his call was. There is one slot, so that what leaks is missed.</summary>
public sealed class CancellationTests : IAsyncLifetime
{
    private ServerHost _host = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await ServerHost.StartAsync(new() { Settings = new Dictionary<string, string> { ["--parallel"] = "1" } });

    public async ValueTask DisposeAsync()
    {
        // Whatever happened, the next call gets the slot, and nothing went wrong inside.
        Assert.Equal("The capital of Japan is Tokyo.", await _host.AskAsync(Door.Grpc, "What is the capital of Japan?", Ct));
        await _host.LoadAsync(active: 0, queued: 0, Ct);
        Assert.Empty(_host.Log.Lines);
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task Decode_GrpcCancel_FreesTheSlot()
    {
        using var call = await OccupyAsync();
        call.Dispose();
        await _host.LoadAsync(active: 0, queued: 0, Ct);
    }

    [Fact]
    public async Task Decode_Deadline_FreesTheSlot()
    {
        await _host.AskAsync(Door.Grpc, "Hello!", Ct); // loaded: the deadline is for the output
        using var call = _host.Inference.Generate(await _host.EndlessAsync(Ct), deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(1), cancellationToken: Ct);
        var thrown = await Assert.ThrowsAsync<RpcException>(async () => { await foreach (var _ in call.ResponseStream.ReadAllAsync(Ct)) { } });
        Assert.Equal(StatusCode.DeadlineExceeded, thrown.StatusCode);
        await _host.LoadAsync(active: 0, queued: 0, Ct);
    }

    [Fact]
    public async Task Decode_ConnectionClosed_FreesTheSlot()
    {
        using var content = (await _host.EndlessAsync(Ct)).ToJson();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/inference/v1/generate") { Content = content };
        using (var response = await _host.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Ct))
        {
            using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(Ct));
            Assert.Contains("\"start\"", await lines.ReadLineAsync(Ct), StringComparison.Ordinal);
            await _host.LoadAsync(active: 1, queued: 0, Ct);
        }

        await _host.LoadAsync(active: 0, queued: 0, Ct);
    }

    [Fact]
    public async Task Queue_GrpcCancel_LeavesTheQueue()
    {
        using var running = await OccupyAsync();
        using var waiting = _host.Inference.Chat(Calls.Question("Hello!"), cancellationToken: Ct);
        await _host.LoadAsync(active: 1, queued: 1, Ct);
        waiting.Dispose();
        await _host.LoadAsync(active: 1, queued: 0, Ct);
    }

    [Fact]
    public async Task Queue_Deadline_LeavesTheQueue()
    {
        using var running = await OccupyAsync();
        using var waiting = _host.Inference.Chat(Calls.Question("Hello!"), deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(1), cancellationToken: Ct);
        await _host.LoadAsync(active: 1, queued: 1, Ct);
        var thrown = await Assert.ThrowsAsync<RpcException>(() => waiting.ResponseStream.MoveNext(Ct));
        Assert.Equal(StatusCode.DeadlineExceeded, thrown.StatusCode);
        await _host.LoadAsync(active: 1, queued: 0, Ct);
    }

    [Theory]
    [InlineData("/api/chat")]
    [InlineData("/inference/v1/chat")]
    public async Task Queue_ConnectionClosed_LeavesTheQueue(string route)
    {
        using var running = await OccupyAsync();
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        using HttpContent content = route.StartsWith("/api", StringComparison.Ordinal)
            ? JsonContent.Create(new { model = ServerHost.Model, messages = new[] { new { role = "user", content = "Hello!" } } })
            : Calls.Question("Hello!").ToJson();
        var waiting = _host.Http.PostAsync(route, content, gone.Token);
        await _host.LoadAsync(active: 1, queued: 1, Ct);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await _host.LoadAsync(active: 1, queued: 0, Ct);
    }

    [Fact]
    public async Task Prompt_GrpcCancel_FreesTheSlot()
    {
        using var call = _host.Inference.Generate(await SlowPromptAsync(), cancellationToken: Ct);
        do
        {
            Assert.True(await call.ResponseStream.MoveNext(Ct));
            Assert.Null(call.ResponseStream.Current.Start);
        }
        while (call.ResponseStream.Current.Progress?.Prompt is not { ProcessedTokens: > 0 });

        call.Dispose();
        await _host.LoadAsync(active: 0, queued: 0, Ct);
    }

    [Fact]
    public async Task Prompt_ConnectionClosed_FreesTheSlot()
    {
        using var content = (await SlowPromptAsync()).ToJson();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/inference/v1/generate") { Content = content };
        using (var response = await _host.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Ct))
        {
            using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(Ct));
            string? line;
            do
            {
                line = await lines.ReadLineAsync(Ct);
                Assert.DoesNotContain("\"start\"", line, StringComparison.Ordinal);
            }
            while (line?.Contains("processedTokens", StringComparison.Ordinal) != true);
        }

        await _host.LoadAsync(active: 0, queued: 0, Ct);
    }

    /// <summary>Read one token at a time: several hundred steps lie between the first report and the first token.</summary>
    private async Task<GenerateRequest> SlowPromptAsync()
    {
        var request = await _host.EndlessAsync(Ct);
        request.Prompt = string.Concat(Enumerable.Range(0, 400).Select(static i => $"{i} "))[..700];
        request.LoadOptions = new LoadOptions { NumBatch = 1 };
        request.StreamOptions = new StreamOptions { Progress = true };
        return request;
    }

    /// <summary>A call that holds the one slot until it is disposed of.</summary>
    private async Task<AsyncServerStreamingCall<GenerateResponse>> OccupyAsync()
    {
        var call = _host.Inference.Generate(await _host.EndlessAsync(Ct), cancellationToken: Ct);
        Assert.True(await call.ResponseStream.MoveNext(Ct));
        Assert.NotNull(call.ResponseStream.Current.Start);
        await _host.LoadAsync(active: 1, queued: 0, Ct);
        return call;
    }
}
