using Grpc.Core;
using Grpc.Net.Client;
using Inference.Client;
using Inference.ClientTests.Errors;
using Inference.V1;

namespace Inference.ClientTests.CSharp;

/// <summary>When the C# client calls again, and when it does not.</summary>
public sealed class RetryTests(FailingServer server) : IClassFixture<FailingServer>
{
    [Theory]
    [InlineData("SERVER_BUSY", "20", null)]
    [InlineData("INTERNAL", "20", "")]
    [InlineData("INTERNAL", "", "20")]
    [InlineData("MODEL_LOADING", "0", "0")]
    public async Task Unary_ToldToWait_CallsAgain(string reason, string retryMs, string? pushback) =>
        Assert.Equal("3", await Retry.WhenToldAsync(o => DetokenizeAsync(reason, o), Call(failTimes: 2, retryMs, pushback)));

    [Theory]
    [InlineData("MODEL_NOT_FOUND", null, null)]
    [InlineData("SERVER_BUSY", "", "")]
    [InlineData("SERVER_DRAINING", "", "")]
    [InlineData("SERVER_BUSY", "20", "-1")]
    [InlineData("SERVER_BUSY", "20", "soon")]
    public async Task Unary_NotTold_FailsAtOnce(string reason, string? retryMs, string? pushback)
    {
        var call = Call(failTimes: 1, retryMs, pushback);
        await Assert.ThrowsAnyAsync<Client.InferenceException>(() => Retry.WhenToldAsync(o => DetokenizeAsync(reason, o), call));
        Assert.Equal("2", await DetokenizeAsync(reason, call));
    }

    [Fact]
    public async Task Unary_FailingOn_GivesUpAfterTheAttempts()
    {
        var call = Call(failTimes: 3, "1", null);
        var thrown = await Assert.ThrowsAsync<ResourceExhaustedException>(() => Retry.WhenToldAsync(o => DetokenizeAsync("SERVER_BUSY", o), call, attempts: 3));
        Assert.Equal(TimeSpan.FromMilliseconds(1), thrown.RetryDelay);
        Assert.Equal("4", await DetokenizeAsync("SERVER_BUSY", call));
    }

    [Fact]
    public async Task Unary_WaitBeyondTheDeadline_FailsAtOnce()
    {
        var call = Call(failTimes: 1, "60000", null).WithDeadline(DateTime.UtcNow.AddSeconds(30));
        await Assert.ThrowsAsync<ResourceExhaustedException>(() => Retry.WhenToldAsync(o => DetokenizeAsync("SERVER_BUSY", o), call));
    }

    [Fact]
    public async Task Unary_WaitsAsLongAsTold()
    {
        var time = new Waits(areOver: true);
        var call = Call(failTimes: 2, "1500", null);
        Assert.Equal("3", await Retry.WhenToldAsync(o => DetokenizeAsync("SERVER_BUSY", o), call, time: time));
        Assert.Equal([TimeSpan.FromMilliseconds(1500), TimeSpan.FromMilliseconds(1500)], time.Begun);
    }

    [Fact]
    public async Task Wait_Cancelled_Ends()
    {
        using var cancel = new CancellationTokenSource();
        var time = new Waits(areOver: false);
        var asked = Retry.WhenToldAsync(o => DetokenizeAsync("SERVER_BUSY", o), Call(failTimes: 1, "30000", null).WithCancellationToken(cancel.Token), time: time);
        await time.First;
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
    }

    [Fact]
    public async Task Stream_FailingBeforeItsFirstMessage_CallsAgain() =>
        Assert.Equal(["3"], await TextsAsync("SERVER_BUSY", Call(failTimes: 2, "10", null)));

    [Fact]
    public async Task Stream_FailingAfterItsFirstMessage_IsNotCalledAgain()
    {
        var seen = new List<string>();
        var call = Call(failTimes: 1, "10", null);
        call.Headers!.Add("messages-first", "2");
        await Assert.ThrowsAsync<ResourceExhaustedException>(async () =>
        {
            await foreach (var message in Retry.WhenTold(o => Client.GenerateAsync(new GenerateRequest { Model = "SERVER_BUSY" }, o), call))
            {
                seen.Add(message.Text);
            }
        });
        Assert.Equal(["1", "1"], seen);
    }

    private InferenceClient Client => new(GrpcChannel.ForAddress(server.Address));

    private static CallOptions Call(int failTimes, string? retryMs, string? pushback)
    {
        var headers = new Metadata { { "x-request-id", Guid.NewGuid().ToString() }, { "fail-times", $"{failTimes}" } };
        if (retryMs is not null)
        {
            headers.Add("retry-ms", retryMs);
        }

        if (pushback is not null)
        {
            headers.Add("pushback", pushback);
        }

        return new CallOptions(headers, DateTime.UtcNow.AddMinutes(1));
    }

    private async Task<string> DetokenizeAsync(string reason, CallOptions options) =>
        (await Client.Inference.DetokenizeAsync(new DetokenizeRequest { Model = reason }, options)).Text;

    private async Task<List<string>> TextsAsync(string reason, CallOptions options) =>
        await Retry.WhenTold(o => Client.GenerateAsync(new GenerateRequest { Model = reason }, o), options).Select(static m => m.Text).ToListAsync();

    /// <summary>The system's clock, with waits that a test sees: over at once, or never.</summary>
    private sealed class Waits(bool areOver) : TimeProvider
    {
        private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public List<TimeSpan> Begun { get; } = [];

        public Task First => _first.Task;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Begun.Add(dueTime);
            _first.TrySetResult();
            return base.CreateTimer(callback, state, areOver ? TimeSpan.Zero : Timeout.InfiniteTimeSpan, period);
        }
    }
}
