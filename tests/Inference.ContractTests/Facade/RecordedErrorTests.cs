using System.Text.Json;
using Inference.Runtime;
using Inference.TestKit;

namespace Inference.ContractTests.Facade;

/// <summary>
/// The recorded errors of the routes that exist, over the stores that the recordings name.
/// </summary>
public sealed class RecordedErrorTests
{
    private static readonly string[] Routes =
        ["/", "/api/generate", "/api/generate/", "/api/chat", "/api/embed", "/api/embeddings", "/api/show", "/api/tags", "/api/tags/", "/API/tags", "/api/ps", "/api/version", "/nope"];

    [Fact]
    public async Task Answer_RecordedErrors_EmptyStore()
    {
        await using var host = await OllamaHost.EmptyAsync();
        await ErrorReplay.RunAsync(host, Of("A-empty-store"), expectedCases: 362);
    }

    [Fact]
    public async Task Answer_RecordedErrors_FixtureStore()
    {
        await using var host = await OllamaHost.FixturesAsync();
        await ErrorReplay.RunAsync(host, Of("M-fixture"), expectedCases: 120);
    }

    [Fact]
    public async Task Answer_RecordedErrors_BrokenStore()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need rights there");
        await using var host = await OllamaHost.EmptyAsync();
        var tags = Directory.CreateDirectory(Path.Combine(host.StoreRoot, "manifests/h/n/m")).FullName;
        File.CreateSymbolicLink(Path.Combine(tags, "t"), Path.Combine(tags, "gone"));
        await ErrorReplay.RunAsync(host, Of("B-broken-store"), expectedCases: 3);
    }

    // A runner whose stream ends without a reason: here that is an output which was stopped because it repeats itself.
    [Fact]
    public async Task Answer_RecordedErrors_OutputWithoutAnEnd()
    {
        await using var host = await OllamaHost.FixturesAsync(engine: new ScriptedEngine(Script.Of("Hi") with { Reason = StopReason.Repetition }));
        var records = Recordings.Read("ollama-errors").Where(static r => r.GetProperty("id").GetString()!.StartsWith("chat-runner-mid-eof-chat-rendered", StringComparison.Ordinal));
        await ErrorReplay.RunAsync(host, records, expectedCases: 2);
    }

    // All that are listed belong to another group, or cannot be in this process: no more than one in twenty.
    [Fact]
    public void KnownDifferences_OfErrors_AreFew()
    {
        var known = KnownDifferences.Read();
        var ids = Recordings.Read("ollama-errors").Select(static r => r.GetProperty("id").GetString()!).ToList();
        Assert.InRange(ids.Count(known.Contains), 0, ids.Count / 20);
    }

    private static IEnumerable<JsonElement> Of(string group) => Recordings.Read("ollama-errors")
        .Where(r => r.GetProperty("group").GetString() == group && Routes.Contains(r.GetProperty("endpoint").GetString()));
}
