using Inference.Llama.Interop;

namespace Inference.Llama;

/// <summary>Samplers in the order of llama.cpp's server: penalties, dry, top_n_sigma, top_k, typ_p, top_p, min_p, xtc, temperature, dist.</summary>
internal static unsafe class ChainBuilder
{
    private const int MinKeep = 1;
    private static readonly string[] Breakers = ["\n", ":", "\"", "*"];

    public static SamplerHandle Build(LlamaModel model, SamplingParameters p)
    {
        var chain = SamplerHandle.Chain();
        try
        {
            if (p.HasPenalties)
            {
                chain.Add(Native.llama_sampler_init_penalties(Math.Min(p.RepeatLastN, SamplingGuard.LongestWindow), p.RepeatPenalty, p.FrequencyPenalty, p.PresencePenalty));
            }

            if (p.HasDry)
            {
                AddDry(chain, model, p.Dry!);
            }

            AddChoice(chain, p);
            return chain;
        }
        catch
        {
            chain.Dispose();
            throw;
        }
    }

    // A chain must end in a sampler that selects: the natives end the process otherwise.
    private static void AddChoice(SamplerHandle chain, SamplingParameters p)
    {
        if (p.Temperature <= 0)
        {
            chain.Add(Native.llama_sampler_init_greedy());
            return;
        }

        AddFilters(chain, p);

        // llama.cpp takes this one seed for "draw one": a seed that was given must repeat.
        var seed = Math.Min(p.Seed, uint.MaxValue - 1);
        if (p.Xtc is { Probability: > 0 } xtc)
        {
            chain.Add(Native.llama_sampler_init_xtc(xtc.Probability, xtc.Threshold, MinKeep, seed));
        }

        chain.Add(Native.llama_sampler_init_temp(p.Temperature));
        chain.Add(Native.llama_sampler_init_dist(seed));
    }

    private static void AddFilters(SamplerHandle chain, SamplingParameters p)
    {
        if (p.TopNSigma > 0)
        {
            chain.Add(Native.llama_sampler_init_top_n_sigma(p.TopNSigma));
        }

        if (p.TopK > 0)
        {
            chain.Add(Native.llama_sampler_init_top_k(p.TopK));
        }

        if (p.TypicalP < 1)
        {
            chain.Add(Native.llama_sampler_init_typical(p.TypicalP, MinKeep));
        }

        if (p.TopP < 1)
        {
            chain.Add(Native.llama_sampler_init_top_p(p.TopP, MinKeep));
        }

        if (p.MinP > 0)
        {
            chain.Add(Native.llama_sampler_init_min_p(p.MinP, MinKeep));
        }
    }

    // Our own import: LLamaSharp passes breakers without the zero that ends them.
    private static void AddDry(SamplerHandle chain, LlamaModel model, DryParameters dry)
    {
        var breakers = dry.SequenceBreakers is { Count: > 0 } given ? given : Breakers;
        var texts = breakers.Select(NativeText.Of).ToArray();
        var all = new byte[texts.Sum(t => t.Length)];
        var starts = stackalloc byte*[texts.Length];
        fixed (byte* first = all)
        {
            var next = 0;
            for (var i = 0; i < texts.Length; i++)
            {
                texts[i].CopyTo(all, next);
                starts[i] = first + next;
                next += texts[i].Length;
            }

            chain.Add(Native.llama_sampler_init_dry(
                model.Vocabulary.Handle, model.TrainedContext, dry.Multiplier, dry.Base, dry.AllowedLength, Math.Min(dry.PenaltyLastN, SamplingGuard.LongestWindow), starts, (nuint)texts.Length));
        }
    }
}
