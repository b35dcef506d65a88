using System.Collections.Concurrent;
using Inference.Errors;
using Inference.Llama;

namespace Inference.Runtime.Scheduling;

/// <summary>
/// A generator: one thread owns one context and runs many sequences on it. A split cache keeps texts apart and is faster beside many; a
/// unified one lends cells to whoever needs them, but a text then depends on its neighbours in the last bits.
/// </summary>
internal sealed class Engine : IEngine
{
    private readonly LlamaModel _model;
    private readonly ModelTokenizer _tokenizer;
    private readonly IDecoder _decoder;
    private readonly EngineSettings _settings;
    private readonly LoadCounter _load;
    private readonly ConcurrentQueue<Sequence> _inbox = new();
    private readonly AutoResetEvent _wake = new(initialState: false);
    private readonly EngineLoop _loop;
    private readonly Thread _thread;
    private readonly bool _ownsModel;
    private volatile bool _ended;
    private int _disposed;

    /// <param name="model">The weights.</param>
    /// <param name="decoder">A context over them, which is the engine's from here on.</param>
    /// <param name="settings">Complete and checked.</param>
    /// <param name="ownsModel">Free the weights as well at the end.</param>
    public Engine(LlamaModel model, IDecoder decoder, EngineSettings settings, bool ownsModel)
    {
        (_model, _decoder, _settings, _ownsModel) = (model, decoder, settings, ownsModel);
        _tokenizer = new ModelTokenizer(model.Vocabulary);
        _load = new LoadCounter(settings.Slots, settings.MaxQueue, decoder.Cells);
        _loop = new EngineLoop(model, decoder, settings, _inbox, _wake, _load);
        Facts = settings.FactsOf(model, embeddingLength: 0);
        _thread = new Thread(Run, maxStackSize: 16 << 20) { Name = "engine", IsBackground = true };
        _thread.Start();
    }

    public EngineFacts Facts { get; }

    public EngineLoad Load => _load.Current;

    private ModelTokenizer Tokenizer => Volatile.Read(ref _disposed) == 0 ? _tokenizer : throw new ObjectDisposedException(_settings.Model);

    public int[] Tokenize(string text, bool addSpecial, bool parseSpecial) => Tokenizer.Tokenize(text, addSpecial, parseSpecial);

    public byte[] Piece(int token, bool renderSpecial) => Tokenizer.Piece(token, renderSpecial);

    public GenerationOutput Submit(GenerationSpec spec, CancellationToken ct)
    {
        if (Volatile.Read(ref _disposed) != 0)
        {
            throw Catalogue.ServerDraining.For();
        }

        Check(spec);
        if (spec.LaterGrammar is { } later)
        {
            MakeSampler(spec with { Sampling = spec.Sampling with { Grammar = later } }).Dispose();
        }

        var sampler = MakeSampler(spec);
        if (!_load.TryEnter(spec.Continues))
        {
            sampler.Dispose();
            throw Catalogue.ServerBusy.For(_load.Current.Queued, _settings.MaxQueue);
        }

        var output = new SequenceOutput(spec.Prompt.Length, _settings.OutputCapacity, () => _wake.Set());
        var sequence = new Sequence(spec, sampler, output, ct);
        sequence.Registration = ct.UnsafeRegister(static (state, _) => { var (loop, s) = ((EngineLoop, Sequence))state!; loop.Cancel(s); }, (_loop, sequence));
        _inbox.Enqueue(sequence);
        _wake.Set();
        EndLate();
        return output;
    }

    public Task<float[][]> EmbedAsync(IReadOnlyList<int[]> inputs, CancellationToken ct) =>
        throw Catalogue.CapabilityMissing.For(_settings.Model, _settings.Model, "embedding");

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        _loop.Stop();
        _thread.Join();
        if (_ownsModel)
        {
            _model.Dispose();
        }
    }

    private void Run()
    {
        _loop.Run();
        _ended = true;
        EndLate();
        _loop.Dispose();
        _decoder.Dispose(); // on the thread that used it
    }

    /// <summary>Ends what was queued when the thread had already looked for the last time.</summary>
    private void EndLate()
    {
        while (_ended && _inbox.TryDequeue(out var sequence))
        {
            _loop.End(sequence, wasActive: false, StopReason.Failed, Catalogue.ServerDraining.For());
        }
    }

    // A bad prompt ends in the call that brought it, and never in a batch beside others.
    private void Check(GenerationSpec spec)
    {
        if (spec.Prompt.Length == 0)
        {
            throw Catalogue.FieldRequired.For("prompt");
        }

        _tokenizer.CheckRange(spec.Prompt);
        if (spec.Prompt.Length >= _settings.ContextLength) // the first token of the answer needs a place
        {
            throw Catalogue.ContextLengthExceeded.For(spec.Prompt.Length, _settings.ContextLength);
        }
    }

    private SamplerChain MakeSampler(GenerationSpec spec)
    {
        var sampling = spec.Sampling.RepeatLastN < 0 ? spec.Sampling with { RepeatLastN = _settings.ContextLength } : spec.Sampling;
        try
        {
            var sampler = new SamplerChain(_model, sampling);
            var window = Math.Min(spec.Prompt.Length, Math.Max(sampling.RepeatLastN, sampling.Dry?.PenaltyLastN ?? 0));
            foreach (var token in spec.Prompt.AsSpan(spec.Prompt.Length - window)) // what the prompt says is repeated as well, as in llama-server
            {
                sampler.AcceptPrompt(token);
            }

            return sampler;
        }
        catch (ObjectDisposedException)
        {
            throw Catalogue.ServerDraining.For();
        }
        catch (LlamaException e) when (e.Fault is LlamaFault.Grammar)
        {
            throw Catalogue.GrammarInvalid.Because(e, e.Message);
        }
    }
}
