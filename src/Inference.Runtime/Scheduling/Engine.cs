using Inference.Errors;
using Inference.Llama;

namespace Inference.Runtime.Scheduling;

/// <summary>
/// A generator: one thread owns one context and runs many sequences on it. A split cache keeps texts apart and is faster beside many; a
/// unified one lends cells to whoever needs them, but a text then depends on its neighbours in the last bits.
/// </summary>
internal sealed class Engine : ThreadedEngine<Sequence>
{
    private readonly IDecoder _decoder;
    private readonly EngineLoop _loop;

    /// <param name="model">The weights.</param>
    /// <param name="decoder">A context over them, which is the engine's from here on.</param>
    /// <param name="settings">Complete and checked.</param>
    /// <param name="ownsModel">Free the weights as well at the end.</param>
    public Engine(LlamaModel model, IDecoder decoder, EngineSettings settings, bool ownsModel)
        : base(model, settings, settings.FactsOf(model, embeddingLength: 0), decoder.Cells, ownsModel)
    {
        _decoder = decoder;
        _loop = new EngineLoop(model, decoder, settings, Inbox, Wake, Counter);
        Start("engine");
    }

    public override GenerationOutput Submit(GenerationSpec spec, CancellationToken ct)
    {
        CheckOpen();
        Check(spec);
        if (spec.LaterGrammar is { } later)
        {
            MakeSampler(spec with { Sampling = spec.Sampling with { Grammar = later } }).Dispose();
        }

        var sampler = MakeSampler(spec);
        if (!Counter.TryEnter(spec.Priority, always: spec.Continues))
        {
            sampler.Dispose();
            throw Busy();
        }

        var output = new SequenceOutput(spec.Prompt.Length, Settings, Counter, () => Wake.Set());
        var sequence = new Sequence(spec, sampler, output, ct);
        sequence.Registration = ct.UnsafeRegister(static (state, _) => { var (loop, s) = ((EngineLoop, Sequence))state!; loop.Cancel(s); }, (_loop, sequence));
        Enqueue(sequence);
        return output;
    }

    public override Task<float[][]> EmbedAsync(IReadOnlyList<int[]> inputs, CancellationToken ct) =>
        throw Catalogue.CapabilityMissing.For(Settings.Model, Settings.Model, "embedding");

    protected override void Run() => _loop.Run();

    protected override void Stop() => _loop.Stop();

    protected override void Release()
    {
        _loop.Dispose();
        _decoder.Dispose();
    }

    protected override void End(Sequence work, Exception failure) => _loop.End(work, wasActive: false, StopReason.Failed, failure);

    // A bad prompt ends in the call that brought it, and never in a batch beside others.
    private void Check(GenerationSpec spec)
    {
        if (spec.Prompt.Length == 0)
        {
            throw Catalogue.FieldRequired.For("prompt");
        }

        CheckRange(spec.Prompt);
        if (spec.Prompt.Length >= Settings.ContextLength) // the first token of the answer needs a place
        {
            throw Catalogue.ContextLengthExceeded.For(spec.Prompt.Length, Settings.ContextLength);
        }
    }

    private SamplerChain MakeSampler(GenerationSpec spec)
    {
        var sampling = spec.Sampling.RepeatLastN < 0 ? spec.Sampling with { RepeatLastN = Settings.ContextLength } : spec.Sampling;
        try
        {
            var sampler = new SamplerChain(Model, sampling);
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
