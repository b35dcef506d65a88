using System.Text;
using Inference.TestKit;
using Inference.V1;
using Microsoft.Extensions.Logging;

namespace Inference.FuzzTests.Facade;

/// <summary>The same requests where there is something to leak: the embedded model with two slots, four requests at once.</summary>
public sealed class EngineFuzzTests
{
    private const int Rounds = 60;
    private const int AtOnce = 4;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Requests_OfAnyKind_LeaveEverySlotFree()
    {
        await using var host = await ServerHost.StartAsync(new ServerHostOptions
        {
            Settings = new Dictionary<string, string> { ["--parallel"] = "2" },
            Environment = new Dictionary<string, string> { ["OLLAMA_NO_CLOUD"] = "1" },
        });
        await Fuzz.EachAsync(
            Rounds,
            random => Enumerable.Range(0, AtOnce).Select(_ => ForTheModel(FuzzRequest.Make(random))).ToArray(),
            requests => ProblemAsync(host, requests),
            static requests => requests.Select(r => requests.Where(o => o != r).ToArray()),
            static requests => string.Join('\n', requests.Select(static r => r.Show())));
        await FreeAsync(host);
        using var answer = await host.Http.PostAsync("/api/generate", new StringContent("""{"model":"toy","prompt":"Hi","stream":false,"options":{"num_predict":3}}"""), Ct);
        Assert.Equal(System.Net.HttpStatusCode.OK, answer.StatusCode);
        Assert.DoesNotContain(host.Log.Lines, static line => line.Level >= LogLevel.Error);
    }

    // The same with the model that is here, and with an end.
    private static FuzzRequest ForTheModel(FuzzRequest request)
    {
        var text = Encoding.Latin1.GetString(request.Body).Replace("\"m\"", "\"toy\"", StringComparison.Ordinal).Replace("\"num_predict\":-1", "\"num_predict\":4", StringComparison.Ordinal);
        var end = text.LastIndexOf('}');
        text = end > 0 && text.Contains("\"toy\"", StringComparison.Ordinal) ? $"{text[..end]},\"options\":{{\"num_predict\":5}},\"max_tokens\":5}}" : text;
        return request with { Body = Encoding.Latin1.GetBytes(text) };
    }

    private static async Task<string?> ProblemAsync(ServerHost host, FuzzRequest[] requests)
    {
        var answers = await Task.WhenAll(requests.Select(async request =>
        {
            using var message = request.ToHttp();
            using var response = await host.Http.SendAsync(message, Ct);
            return (await Answer.OfAsync(response, Ct)).Problem(request, ["REQUEST_MALFORMED"]); // whose failure was counted is not known here
        }));
        return answers.FirstOrDefault(static a => a is not null);
    }

    private static async Task FreeAsync(ServerHost host)
    {
        ServerLoad load;
        do
        {
            load = (await host.Server.GetServerInfoAsync(new(), cancellationToken: Ct)).Load;
        }
        while ((load.ActiveRequests, load.QueuedRequests) != (0, 0));
    }
}
