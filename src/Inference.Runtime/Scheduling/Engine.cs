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
        _tokenizer = new ModelTokenizer(model);
        _load = new LoadCounter(settings.Slots, settings.MaxQueue, decoder.Cells);
        _loop = new EngineLoop(model, decoder, settings, _inbox, _wake, _load);
        Facts = new EngineFacts(
            settings.ContextLength, settings.Slots, model.Vocabulary.Size, model.Vocabulary.AddsBos, model.Vocabulary.AddsEos,
            SizeBytes: model.SizeBytes + settings.CacheBytes, VramBytes: 0, model.LayerCount, LayersOffloaded: 0, EmbeddingLength: 0);
        _thread = new Thread(Run, maxStackSize: 16 << 20) { Name = "engine", IsBackground = true };
        _thread.Start();
    }

    public EngineFacts Facts { get; }

    public EngineLoad Load => _load.Current;

    public int[] Tokenize(string text, bool addSpecial, bool parseSpecial) => _tokenizer.Tokenize(text, addSpecial, parseSpecial);

    public byte[] Piece(int token, bool renderSpecial) => _tokenizer.Piece(token, renderSpecial);

    public GenerationOutput Submit(GenerationSpec spec, CancellationToken ct)
    {
        Check(spec);
        var sampler = MakeSampler(spec.Sampling);
        if (!_load.TryEnter())
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
        _tokenizer.Close();
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

    private SamplerChain MakeSampler(SamplingParameters sampling)
    {
        try
        {
            var complete = sampling.RepeatLastN < 0 ? sampling with { RepeatLastN = _settings.ContextLength } : sampling;
            return _tokenizer.Use(model => new SamplerChain(model, complete));
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
