using System.Numerics.Tensors;
using Inference.Llama.Interop;

namespace Inference.Llama;

/// <summary>One sequence's chain of samplers. Made on any thread, used and disposed of by the engine thread.</summary>
public sealed class SamplerChain : IDisposable
{
    private readonly SamplerHandle _chain;
    private readonly GrammarSampler? _grammar;
    private readonly (int Token, float Bias)[] _bias;
    private readonly float[] _unbiased;
    private readonly int _vocabulary;
    private readonly int _deciding; // tokens that can be chosen if the grammar does not mind; 0: any

    /// <exception cref="LlamaException">The grammar does not parse or cannot be followed.</exception>
    /// <exception cref="ArgumentException">A parameter is not a finite number or out of its range.</exception>
    public SamplerChain(LlamaModel model, SamplingParameters parameters)
    {
        SamplingGuard.Check(parameters);
        _vocabulary = model.Vocabulary.Size;
        _bias = BiasOf(model, parameters);
        _unbiased = new float[_bias.Length];
        _grammar = parameters.Grammar is { } grammar ? new GrammarSampler(model.Vocabulary, grammar) : null;
        _deciding = parameters.Deciding;
        _chain = ChainBuilder.Build(model, parameters);
    }

    /// <summary>While true the grammar neither restricts nor follows the output: for thinking, which comes before the format.</summary>
    public bool GrammarPaused { get; set; }

    /// <summary>Chooses, and accepts, the next token at a row of the last decode. Leaves the row's scores as they were.</summary>
    /// <exception cref="LlamaException">The scores are not numbers, or bias and grammar leave no token.</exception>
    public int Next(LlamaContext context, int row)
    {
        var logits = context.Logits(row);
        AddBias(logits);
        try
        {
            // A grammar over a whole vocabulary takes time: choose without it, ask it about that one token, and only if it refuses choose
            // again from what it allows. As llama.cpp's own server does; a refused token had no chance in the second choice either.
            var chosen = Choose(context.Candidates, logits);
            if (_grammar is not null && !GrammarPaused && !_grammar.Allows(chosen))
            {
                chosen = ChooseAllowed(context.Candidates, logits, _grammar);
            }

            Accept(chosen, grammar: true);
            return chosen;
        }
        finally
        {
            TakeBiasBack(logits);
        }
    }

    /// <summary>Tells the penalties of a token that was not chosen here, such as one of the prompt. The grammar does not follow.</summary>
    public void AcceptPrompt(int token) => Accept(token, grammar: false);

    /// <summary>Tells penalties and grammar of a token of the output that was not chosen here.</summary>
    /// <returns>False, and nothing changed, if the grammar forbids it.</returns>
    public bool TryAccept(int token)
    {
        if (_grammar is not null && !GrammarPaused && !_grammar.Allows(Checked(token)))
        {
            return false;
        }

        Accept(token, grammar: true);
        return true;
    }

    public void Dispose() => _chain.Dispose();

    private static (int Token, float Bias)[] BiasOf(LlamaModel model, SamplingParameters parameters) =>
        parameters.LogitBias is not { Count: > 0 } bias
            ? []
            : [.. bias.Where(b => model.Vocabulary.Contains(b.Key)).Select(b => (b.Key, b.Value <= -100 ? float.NegativeInfinity : b.Value))];

    private void AddBias(Span<float> logits)
    {
        for (var i = 0; i < _bias.Length; i++)
        {
            var (token, bias) = _bias[i];
            _unbiased[i] = logits[token];
            logits[token] += bias;
        }
    }

    private void TakeBiasBack(Span<float> logits)
    {
        for (var i = 0; i < _bias.Length; i++)
        {
            logits[_bias[i].Token] = _unbiased[i];
        }
    }

    private int Choose(CandidateBuffer buffer, ReadOnlySpan<float> logits)
    {
        ObjectDisposedException.ThrowIf(_chain.IsClosed, this);
        var candidates = _deciding > 0 ? buffer.Likeliest(logits, _deciding) : buffer.All(Numbers(logits));
        if (_deciding == 1)
        {
            return candidates.TokenAt(0);
        }

        if (_deciding > 0 || _bias.Length > 0)
        {
            RemoveImpossible(ref candidates);
        }

        return Apply(ref candidates);
    }

    private int ChooseAllowed(CandidateBuffer buffer, ReadOnlySpan<float> logits, GrammarSampler grammar)
    {
        var allowed = buffer.Only(logits, grammar.Allowed());
        return allowed.Size > 0 ? Apply(ref allowed) : throw new LlamaException(LlamaFault.Grammar, "the model has no token for what the grammar asks for");
    }

    private static ReadOnlySpan<float> Numbers(ReadOnlySpan<float> logits) => float.IsFinite(TensorPrimitives.Max(logits)) // of a NaN anywhere it is NaN
        ? logits
        : throw new LlamaException(LlamaFault.Compute, "the model computed scores that are not numbers");

    private int Apply(ref NativeCandidates candidates)
    {
        _chain.Apply(ref candidates);
        return candidates.Selected >= 0 && (ulong)candidates.Selected < candidates.Size && float.IsFinite(candidates.LogitAt(candidates.Selected))
            ? candidates.TokenAt(candidates.Selected)
            : throw new LlamaException(LlamaFault.Compute, "no token could be chosen");
    }

    // Some samplers make undefined numbers of a score of -infinity.
    private static unsafe void RemoveImpossible(ref NativeCandidates candidates)
    {
        nuint kept = 0;
        for (nuint i = 0; i < candidates.Size; i++)
        {
            if (float.IsFinite(candidates.Data[i].Logit))
            {
                candidates.Data[kept++] = candidates.Data[i];
            }
        }

        candidates.Size = kept;
    }

    private void Accept(int token, bool grammar)
    {
        _chain.Accept(Checked(token));
        if (grammar && !GrammarPaused)
        {
            _grammar?.Accept(token);
        }
    }

    private int Checked(int token) => (uint)token < (uint)_vocabulary ? token : throw new ArgumentOutOfRangeException(nameof(token), token, message: null);
}
