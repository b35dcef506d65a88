using System.Net.Http;
using Grpc.Core;
using Inference.TestKit;

namespace Inference.IntegrationTests.Answers;

public sealed class CancellationStormTests
{
    private const int Calls = 300, AtOnce = 24;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Callers that go away at any moment, eight slots, a queue that is too short for all: nothing is leaked, and nobody else suffers.</summary>
    [Fact]
    public async Task Calls_CancelledAtRandom_LeakNothing()
    {
        await using var host = await ServerHost.StartAsync(new() { Settings = new Dictionary<string, string> { ["--parallel"] = "8", ["--max-queue"] = "8" } });
        var random = new Random(1);
        var plan = Enumerable.Range(0, Calls).Select(i => (Index: i, Messages: random.Next(0, 40), OverRest: random.Next(3) == 0)).ToArray();
        await Parallel.ForEachAsync(plan, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = Ct }, async (call, ct) =>
        {
            if (call.OverRest)
            {
                await ReadLinesAsync(host, call.Messages, ct);
            }
            else
            {
                await ReadMessagesAsync(host, call.Messages, ct);
            }
        });

        await host.LoadAsync(active: 0, queued: 0, Ct);
        Assert.Equal("The capital of Japan is Tokyo.", await host.AskAsync(Door.Ollama, "What is the capital of Japan?", Ct));
        Assert.DoesNotContain(host.Log.Lines, static line => line.Level >= Microsoft.Extensions.Logging.LogLevel.Error);
    }

    private static async Task ReadMessagesAsync(ServerHost host, int messages, CancellationToken ct)
    {
        using var call = host.Inference.Generate(await host.EndlessAsync(ct), cancellationToken: ct);
        try
        {
            for (var i = 0; i < messages && await call.ResponseStream.MoveNext(ct); i++)
            {
            }
        }
        catch (RpcException e)
        {
            Assert.Equal(StatusCode.ResourceExhausted, e.StatusCode); // the queue was full
        }
    }

    private static async Task ReadLinesAsync(ServerHost host, int lines, CancellationToken ct)
    {
        using var content = (await host.EndlessAsync(ct)).ToJson();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/inference/v1/generate") { Content = content };
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(ct);
        if (lines == 0)
        {
            var answer = host.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, gone.Token);
            await gone.CancelAsync();
            try
            {
                (await answer).Dispose(); // it was answered, or refused, just before its caller went
            }
            catch (OperationCanceledException)
            {
            }

            return;
        }

        using var response = await host.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, gone.Token);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(ct));
        for (var i = 0; i < lines && await reader.ReadLineAsync(ct) is not null; i++)
        {
        }
    }
}
