using System.Text.Json;
using Inference.Errors;
using Inference.Runtime;
using Inference.TestKit;

namespace Inference.ContractTests.Facade;

/// <summary>
/// Recorded failures of a runner process behind the OpenAI routes, where the engine here can fail alike. Ollama loses what a runner says after
/// its first words: what is left is an event with nothing in it, or an end without one.
/// </summary>
public sealed class RecordedCompatRunnerErrorTests
{
    private static readonly Script FailsAfterHi = Script.Of("Hi") with { Failure = Catalogue.EngineFailed.For("m", "output") };

    // What ended a completion there without a last event.
    private static readonly Script StopsAfterHi = Script.Of("Hi") with { Reason = StopReason.Repetition };

    private static readonly Dictionary<string, Script> Scripts = new(StringComparer.Ordinal)
    {
        ["v1-chat-completions-runner-mid-bad-json-v1chat-stream-true"] = FailsAfterHi,
        ["v1-chat-completions-runner-mid-eof-v1chat-stream-true"] = StopsAfterHi,
        ["v1-chat-completions-runner-mid-eof-v1chat-stream-false"] = StopsAfterHi,
        ["v1-completions-runner-mid-error-v1completions-stream-true"] = StopsAfterHi,
        ["v1-completions-runner-mid-error-v1completions-stream-false"] = StopsAfterHi,
        ["v1-completions-runner-first-event-error-v1completions-stream-true"] = new Script { Reason = StopReason.Repetition },
    };

    [Fact]
    public async Task Answer_EngineFails_AsRecorded()
    {
        var engine = new ScriptedEngine();
        await using var host = await HostAsync(engine);
        foreach (var (id, script) in Scripts)
        {
            engine.Then(script);
            await ErrorReplay.RunAsync(host, Of(id), expectedCases: 1);
        }
    }

    [Fact]
    public async Task Answer_QueueFull_AsRecorded()
    {
        var engine = new ScriptedEngine { Admit = static _ => throw Catalogue.ServerBusy.For(1, 1) };
        await using var host = await HostAsync(engine);
        await ErrorReplay.RunAsync(host, Of("v1-chat-completions-queue-full"), expectedCases: 1);
    }

    private static IEnumerable<JsonElement> Of(string id) => Recordings.Read("ollama-errors").Where(r => r.GetProperty("id").GetString() == id);

    // The model of the recordings has a template in another notation; here it is the one that needs no more than the prompt.
    private static async Task<OllamaHost> HostAsync(ScriptedEngine engine)
    {
        var host = await OllamaHost.RecitingAsync(engine);
        var setup = JsonSerializer.Deserialize<JsonElement>("""{"model":"m","create":{"template":"{{ .Prompt }}","files":{"n.gguf":"sha256:a89a94c1b09543c650472b96c1038b78cd805714b786d33d7783feb41b6c3b71"}}}""");
        new RecordedModels(host.StoreRoot).Make(setup, new Dictionary<string, JsonElement>());
        return host;
    }
}
