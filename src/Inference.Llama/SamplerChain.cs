using System.Numerics.Tensors;
using Inference.Llama.Interop;
using LLama.Native;

namespace Inference.Llama;

/// <summary>How the next token is chosen. Names and defaults are Ollama's; checked here only as far as the natives need.</summary>
public sealed record SamplingParameters
{
    public float Temperature { get; init; } = 0.8f;

    public int TopK { get; init; } = 40;

    public float TopP { get; init; } = 0.9f;

    public float MinP { get; init; }

    public float TypicalP { get; init; } = 1f;

    /// <summary>Window of the penalties in tokens, 0 to 65,536; -1 must have been made the context length.</summary>
    public int RepeatLastN { get; init; } = 64;

    public float RepeatPenalty { get; init; } = 1f;

    public float PresencePenalty { get; init; }

    public float FrequencyPenalty { get; init; }

    public uint Seed { get; init; }

    /// <summary>GBNF with a rule <c>root</c>; null for none.</summary>
    public string? Grammar { get; init; }

    public IReadOnlyDictionary<int, float>? LogitBias { get; init; }

    internal bool HasPenalties => RepeatLastN != 0 && (RepeatPenalty != 1 || PresencePenalty != 0 || FrequencyPenalty != 0);
}

/// <summary>One sequence's chain of samplers. Made on any thread, used and disposed of by the engine thread.</summary>
public sealed class SamplerChain : IDisposable
{
    private readonly SafeLLamaSamplerChainHandle? _chain;
    private readonly nint _raw;

    /// <exception cref="LlamaException">The grammar does not parse.</exception>
    public SamplerChain(LlamaModel model, SamplingParameters parameters)
    {
        var plainGreedy = parameters.Temperature <= 0 && parameters.Grammar is null && !parameters.HasPenalties && parameters.LogitBias is not { Count: > 0 };
        if (plainGreedy)
        {
            return;
        }

        _chain = SafeLLamaSamplerChainHandle.Create(LLamaSamplerChainParams.Default());
        _raw = _chain.DangerousGetHandle();
        try
        {
            AddBias(model, parameters);
            if (parameters.HasPenalties)
            {
                _chain.AddPenalties(Math.Clamp(parameters.RepeatLastN, 0, 65_536), parameters.RepeatPenalty, parameters.FrequencyPenalty, parameters.PresencePenalty);
            }

            AddGrammar(model, parameters.Grammar);
            AddChoice(parameters);
        }
        catch
        {
            _chain.Dispose();
            throw;
        }
    }

    /// <summary>Chooses, and accepts, the next token at a row of the last decode.</summary>
    public int Next(LlamaContext context, int row) =>
        // llama_sampler_sample copies the whole vocabulary into a candidate array; an arg max needs none of that.
        _chain is null ? TensorPrimitives.IndexOfMax(context.Logits(row)) : Native.llama_sampler_sample(_raw, context.Raw, row);

    public void Dispose() => _chain?.Dispose();

    private void AddBias(LlamaModel model, SamplingParameters p)
    {
        if (p.LogitBias is { Count: > 0 } bias)
        {
            var entries = bias.Where(b => model.Vocabulary.Contains(b.Key)).Select(b => new LLamaLogitBias { Token = b.Key, Bias = b.Value }).ToArray();
            _chain!.AddLogitBias(model.Vocabulary.Size, entries);
        }
    }

    private void AddGrammar(LlamaModel model, string? grammar)
    {
        if (grammar is null)
        {
            return;
        }

        // LLamaSharp adds a NULL sampler when the grammar does not parse, and the process dies at the first sample.
        var sampler = Native.llama_sampler_init_grammar(model.Vocabulary.Raw, grammar, "root");
        if (sampler == 0)
        {
            throw new LlamaException(LlamaFault.Grammar, "the grammar does not parse");
        }

        Native.llama_sampler_chain_add(_raw, sampler);
    }

    private void AddChoice(SamplingParameters p)
    {
        if (p.Temperature <= 0)
        {
            _chain!.AddGreedySampler();
            return;
        }

        _chain!.AddTopK(p.TopK);
        if (p.TypicalP < 1)
        {
            _chain.AddTypical(p.TypicalP, 1);
        }

        if (p.TopP < 1)
        {
            _chain.AddTopP(p.TopP, 1);
        }

        if (p.MinP > 0)
        {
            _chain.AddMinP(p.MinP, 1);
        }

        _chain.AddTemperature(p.Temperature);
        _chain.AddDistributionSampler(p.Seed);
    }
}
