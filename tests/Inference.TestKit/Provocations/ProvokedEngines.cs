using Inference.Errors;

namespace Inference.TestKit.Provocations;

/// <summary>Engines that fail as their models are called, and the clock of the server that has them.</summary>
internal sealed class ProvokedEngines : IDisposable
{
    private readonly ManualResetEventSlim _end = new();
    private readonly TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>All that need nothing but a name.</summary>
    public static IReadOnlyList<string> Names { get; } = ["load-fails", "stalls", "gives-up", "bug", "breaks", "runs-out", "bug-midway", "silent", "crowded", "wordless"];

    public ManualTime Time { get; } = new();

    /// <summary>The load that does not end has begun.</summary>
    public Task Held => _held.Task;

    public ScriptedEngine Of(string model) => model switch
    {
        "held" => new ScriptedEngine { OnLoad = _ => Hold() },
        "load-fails" => new ScriptedEngine { OnLoad = static _ => throw new InvalidOperationException("secret words of the loader") },
        "stalls" => new ScriptedEngine { OnLoad = _ => Stall() },
        "gives-up" => new ScriptedEngine { Admit = static _ => throw new OperationCanceledException("of its own accord") },
        "bug" => new ScriptedEngine { Admit = static _ => throw new InvalidOperationException("secret words of the engine") },
        "breaks" => new ScriptedEngine(Script.Of("a", "b") with { Failure = Catalogue.EngineFailed.For("breaks", "output") }),
        "runs-out" => new ScriptedEngine(Script.Of("a", "b") with { Failure = Catalogue.EngineOutOfMemory.For("runs-out", "the CPU") }),
        "bug-midway" => new ScriptedEngine(Script.Of("a", "b") with { Failure = new InvalidOperationException("secret words of the engine") }),
        "silent" => new ScriptedEngine(Script.Of("a") with { Hangs = true }) { Admit = _ => Time.Advance(TimeSpan.FromMinutes(1)) },
        "wordless" => new ScriptedEngine { OnTokenize = static _ => throw Catalogue.TokenizerFailed.For("tokenize", "there is not enough memory to tokenize the text") },
        "empty" => new ScriptedEngine { Embed = static _ => Task.FromResult<float[][]>([]) },
        "crowded" => new ScriptedEngine { Wait = TimeSpan.FromHours(1) },
        _ => new ScriptedEngine(),
    };

    public void Dispose() => _end.Set();

    private void Hold()
    {
        _held.TrySetResult();
        _end.Wait();
    }

    // Longer than the server waits for a load that makes no progress; by its own clock.
    private void Stall()
    {
        Time.Advance(TimeSpan.FromMinutes(6));
        _end.Wait();
    }
}
