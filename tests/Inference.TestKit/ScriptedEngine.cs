using System.Collections.Concurrent;
using System.Text;
using Inference.Errors;
using Inference.Runtime;
using Inference.Runtime.Loading;

namespace Inference.TestKit;

/// <summary>
/// An engine that recites instead of computing. Its tokens are the code points of a text, as in the recordings with a scripted runner,
/// so counts and cuts can be read off. Each submission takes the next script; the last one is used again.
/// </summary>
public sealed class ScriptedEngine(params Script[] scripts) : IEngine, ITokenizer
{
    private static readonly float[] UnitVector = [0.6f, 0.8f];

    private readonly ConcurrentQueue<Script> _scripts = new(scripts);
    private readonly ConcurrentQueue<GenerationSpec> _submitted = new();
    private readonly ConcurrentQueue<IReadOnlyList<int[]>> _embedded = new();
    private Script _last = scripts is [] ? "ok" : scripts[^1];
    private int _active;

    public EngineFacts Facts { get; set; } = new(
        ContextLength: 4096, Slots: 4, VocabularySize: 0x110000, AddsBos: false, AddsEos: false,
        SizeBytes: 1000, VramBytes: 0, LayersTotal: 2, LayersOffloaded: 0, EmbeddingLength: 2);

    /// <summary>Decides on a submission before it takes a script: may throw, for example SERVER_BUSY.</summary>
    public Action<GenerationSpec> Admit { get; set; } = static _ => { };

    /// <summary>The vectors of a batch of inputs.</summary>
    public Func<IReadOnlyList<int[]>, Task<float[][]>> Embed { get; set; } = static inputs => Task.FromResult(inputs.Select(static _ => UnitVector.ToArray()).ToArray());

    /// <summary>All that was submitted, in order.</summary>
    public IReadOnlyCollection<GenerationSpec> Submitted => _submitted;

    /// <summary>All batches that were embedded, in order.</summary>
    public IReadOnlyCollection<IReadOnlyList<int[]>> Embedded => _embedded;

    /// <summary>Outputs that have neither ended nor been cancelled: none may be left when a call is over.</summary>
    public int Active => Volatile.Read(ref _active);

    /// <summary>What it was loaded with last.</summary>
    public LoadSpec? LoadedWith { get; private set; }

    /// <summary>Happens while it is being loaded: may report progress, wait, or throw.</summary>
    public Action<Action<float>> OnLoad { get; set; } = static _ => { };

    public int VocabularySize => Facts.VocabularySize;

    public EngineLoad Load => new(Active, 0, 0, Facts.ContextLength * Facts.Slots);

    /// <summary>What a submission would wait.</summary>
    public TimeSpan? Wait { get; set; }

    public TimeSpan? EstimateWait(QueuePriority priority) => Wait;

    /// <summary>Appends a script.</summary>
    public void Then(Script script)
    {
        _scripts.Enqueue(script);
        _last = script;
    }

    /// <summary>Drops the scripts that nothing has been submitted for.</summary>
    public void Forget() => _scripts.Clear();

    /// <summary>Happens before a text is tokenized: may throw.</summary>
    public Action<string> OnTokenize { get; set; } = static _ => { };

    public int[] Tokenize(string text, bool addSpecial, bool parseSpecial)
    {
        OnTokenize(text);
        return [.. text.EnumerateRunes().Select(static r => r.Value)];
    }

    public byte[] Piece(int token, bool renderSpecial) => Rune.IsValid(token)
        ? Encoding.UTF8.GetBytes(new Rune(token).ToString())
        : throw Catalogue.TokenOutOfRange.For(token, Facts.VocabularySize);

    public GenerationOutput Submit(GenerationSpec spec, CancellationToken ct)
    {
        Admit(spec);
        if (spec.Prompt.Length > Facts.ContextLength)
        {
            throw Catalogue.ContextLengthExceeded.For(spec.Prompt.Length, Facts.ContextLength);
        }

        _submitted.Enqueue(spec);
        Interlocked.Increment(ref _active);
        var script = _scripts.TryDequeue(out var next) ? next : _last;
        return new ScriptedOutput(script, spec, () => Interlocked.Decrement(ref _active), ct);
    }

    public Task<float[][]> EmbedAsync(IReadOnlyList<int[]> inputs, CancellationToken ct)
    {
        _embedded.Enqueue(inputs);
        return Embed(inputs).WaitAsync(ct);
    }

    /// <summary>For an EngineFactory: its context becomes what the spec asks for.</summary>
    public ScriptedEngine LoadedAs(LoadSpec spec, Action<float> progress)
    {
        OnLoad(progress);
        LoadedWith = spec;
        Facts = Facts with { ContextLength = spec.Settings.ContextLength };
        return this;
    }

    /// <summary>It can be loaded again.</summary>
    public void Dispose()
    {
    }
}
