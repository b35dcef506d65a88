using Google.Rpc;
using Grpc.Core;
using Inference.TestKit;
using StatusCode = Grpc.Core.StatusCode;

namespace Inference.IntegrationTests.Answers;

public sealed class DrainTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stop_StreamsThatEndInTime_EndByThemselves()
    {
        await using var host = await ServerHost.StartAsync();
        using var call = host.Inference.Chat(Calls.Question("Count from 1 to 50."), cancellationToken: Ct);
        Assert.True(await call.ResponseStream.MoveNext(Ct));
        var stopping = host.App.StopAsync(Ct);
        var messages = await call.ResponseStream.ReadAllAsync(Ct).ToListAsync(Ct);
        Assert.EndsWith(" 49, 50", string.Concat(messages.Select(static m => m.Text)), StringComparison.Ordinal);
        Assert.NotNull(messages[^1].Finish);
        await stopping;
    }

    [Fact]
    public async Task Stop_StreamsThatOutlastTheDrain_EndWithAStatusOverEveryDoor()
    {
        await using var host = await ServerHost.StartAsync(new() { Settings = new Dictionary<string, string> { ["--drain"] = "2" } });
        var request = await host.EndlessAsync(Ct);
        using var call = host.Inference.Generate(request, cancellationToken: Ct);
        Assert.True(await call.ResponseStream.MoveNext(Ct));
        using var content = request.ToJson();
        var rest = host.Http.PostAsync("/inference/v1/generate", content, Ct);
        await host.LoadAsync(active: 2, queued: 0, Ct);

        var stopping = host.App.StopAsync(Ct);
        var thrown = await Assert.ThrowsAsync<RpcException>(async () => { await foreach (var _ in call.ResponseStream.ReadAllAsync(Ct)) { } });
        Assert.Equal((StatusCode.Unavailable, "SERVER_DRAINING"), (thrown.StatusCode, thrown.GetRpcStatus()!.GetDetail<ErrorInfo>()!.Reason));
        var last = (await (await rest).Content.ReadAsStringAsync(Ct)).Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1];
        Assert.Contains("SERVER_DRAINING", last, StringComparison.Ordinal);
        await stopping;
    }
}
