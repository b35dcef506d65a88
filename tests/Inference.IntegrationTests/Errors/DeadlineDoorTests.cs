using System.Net;
using Inference.Runtime;
using Inference.TestKit;
using Inference.V1;

namespace Inference.IntegrationTests.Errors;

/// <summary>Deadlines over all doors, by the server's clock, which the tests move: the typed status leaves before the framework's bare one.</summary>
public sealed class DeadlineDoorTests : IAsyncLifetime
{
    private readonly ScriptedEngine _queued = new(new Script { Gate = new(), WaitsIn = GenerationPhase.Queue, Result = static r => r with { PromptTime = TimeSpan.Zero } });
    private readonly ScriptedEngine _reading = new(new Script { Gate = new(), WaitsIn = GenerationPhase.Prompt });
    private readonly ScriptedEngine _writing = new(Script.Of("a") with { Hangs = true });
    private readonly ScriptedEngine _full = new("ok") { Wait = TimeSpan.FromSeconds(90) };
    private ScriptedServer _server = null!;

    public enum Way
    {
        Grpc,
        Web,
        Rest,
    }

    private ServerHost Host => _server.Host;

    public async ValueTask InitializeAsync() => _server = await ScriptedServer.StartAsync(
        new()
        {
            ["queue"] = (_queued, new ScriptedModel()),
            ["prompt"] = (_reading, new ScriptedModel()),
            ["output"] = (_writing, new ScriptedModel()),
            ["full"] = (_full, new ScriptedModel()),
        },
        stops: true);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [CombinatorialWays("queue", "prompt", "output")]
    public async Task Deadline_TypedStatusWithThePhase(string phase, Way way)
    {
        var engine = phase switch { "queue" => _queued, "prompt" => _reading, _ => _writing };
        var submitted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        engine.Admit = _ => submitted.TrySetResult();
        var call = CallAsync(way, phase, "60S");
        await submitted.Task;
        _server.Time.Advance(TimeSpan.FromSeconds(59.9));
        var ending = (await call).Checked();

        Assert.Equal(("DEADLINE_EXCEEDED", 4, phase), (ending.Reason, ending.Status!.Code, ending.Info.Metadata["phase"]));
        Assert.Equal(way is Way.Rest && phase is not "output" ? HttpStatusCode.GatewayTimeout : HttpStatusCode.OK, ending.Http);
        Assert.Equal(way is not Way.Rest && phase is not "output", ending.IsTrailersOnly);
    }

    [Theory]
    [CombinatorialWays("full")]
    public async Task DeadlineTooShort_IsRefusedWithTheEstimate(string model, Way way)
    {
        var ending = (await CallAsync(way, model, "1M")).Checked();

        Assert.Equal(("DEADLINE_TOO_SHORT", 4, "90000"), (ending.Reason, ending.Status!.Code, ending.Info.Metadata["estimated_wait_ms"]));
        Assert.Empty(_full.Submitted);
    }

    [Theory]
    [CombinatorialWays("1", "S", "123456789S", "-1S", "1s", "1.5S")]
    public async Task Timeout_NotAsItShouldBe_IsSaid(string timeout, Way way)
    {
        var ending = (await CallAsync(way, "full", timeout)).Checked();

        Assert.Equal("REQUEST_MALFORMED", ending.Reason);
        Assert.Contains("grpc-timeout", ending.Status!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [CombinatorialWays("99999999H", "91000000u", "91S", "2M")]
    public async Task Timeout_LongEnough_IsServed(string timeout, Way way)
    {
        var ending = await CallAsync(way, "full", timeout);

        Assert.Null(ending.Status);
        Assert.Equal(HttpStatusCode.OK, ending.Http);
    }

    private Task<Ending> CallAsync(Way way, string model, string timeout)
    {
        const string Path = "/inference.v1.InferenceService/Generate";
        var frame = new GenerateRequest { Model = model, Prompt = "x" }.Frame();
        return way switch
        {
            Way.Grpc => Host.GrpcAsync(Path, frame, headers: ("grpc-timeout", timeout)),
            Way.Web => Host.WebAsync(Path, frame, ("grpc-timeout", timeout)),
            _ => Host.RestAsync("POST", "/inference/v1/generate", $$"""{"model":"{{model}}","prompt":"x"}""", headers: ("grpc-timeout", timeout)),
        };
    }

    /// <summary>Each value with each door.</summary>
    private sealed class CombinatorialWaysAttribute(params string[] values) : Xunit.v3.DataAttribute
    {
        public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(System.Reflection.MethodInfo testMethod, Xunit.Sdk.DisposalTracker disposalTracker) =>
            new(values.SelectMany(static v => Enum.GetValues<Way>().Select(w => (ITheoryDataRow)new TheoryDataRow<string, Way>(v, w))).ToList());

        public override bool SupportsDiscoveryEnumeration() => true;
    }
}
