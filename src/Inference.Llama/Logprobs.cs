using System.Numerics.Tensors;

namespace Inference.Llama;

/// <summary>A token and the natural logarithm of its probability.</summary>
public readonly record struct TokenLogprob(int Token, double Logprob);

/// <summary>How likely a model found a token, before any sampling option took effect.</summary>
/// <param name="Logprob">Of the chosen token: natural logarithm, 0 or less.</param>
/// <param name="Top">The likeliest tokens at its place, best first; of equals the lower id.</param>
public sealed record Logprobs(double Logprob, IReadOnlyList<TokenLogprob> Top)
{
    private const int Chunk = 1024; // floats: on the stack, and in the first-level cache

    /// <summary>Of one row's scores. To be called before the row is sampled: sampling may change them.</summary>
    /// <param name="logits">The scores of the whole vocabulary.</param>
    /// <param name="token">The chosen one.</param>
    /// <param name="top">How many of the likeliest to tell, 0 and up.</param>
    /// <exception cref="LlamaException">The scores are not numbers.</exception>
    public static Logprobs Of(ReadOnlySpan<float> logits, int token, int top)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(token);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(token, logits.Length);
        ArgumentOutOfRangeException.ThrowIfNegative(top);
        var normalizer = LogSumExp(logits);
        var likeliest = Likeliest(logits, Math.Min(top, logits.Length));
        for (var i = 0; i < likeliest.Length; i++)
        {
            likeliest[i] = likeliest[i] with { Logprob = likeliest[i].Logprob - normalizer };
        }

        return new Logprobs(logits[token] - normalizer, likeliest);
    }

    private static double LogSumExp(ReadOnlySpan<float> logits)
    {
        var largest = TensorPrimitives.Max(logits);
        if (!float.IsFinite(largest))
        {
            throw new LlamaException(LlamaFault.Compute, "the model computed scores that are not numbers");
        }

        Span<float> powers = stackalloc float[Chunk];
        var sum = 0.0;
        for (var rest = logits; !rest.IsEmpty; rest = rest[Math.Min(Chunk, rest.Length)..])
        {
            var part = rest[..Math.Min(Chunk, rest.Length)];
            TensorPrimitives.Subtract(part, largest, powers);
            TensorPrimitives.Exp(powers[..part.Length], powers);
            sum += TensorPrimitives.Sum<float>(powers[..part.Length]);
        }

        return largest + Math.Log(sum);
    }

    // A chunk whose best is not better than the worst kept is passed over: nearly all of them.
    private static TokenLogprob[] Likeliest(ReadOnlySpan<float> logits, int count)
    {
        var kept = new TokenLogprob[count];
        var filled = 0;
        for (var start = 0; count > 0 && start < logits.Length; start += Chunk)
        {
            var part = logits.Slice(start, Math.Min(Chunk, logits.Length - start));
            if (filled == count && TensorPrimitives.Max(part) <= kept[^1].Logprob)
            {
                continue;
            }

            for (var i = 0; i < part.Length; i++)
            {
                if (filled < count || part[i] > kept[^1].Logprob)
                {
                    Insert(kept, ref filled, new TokenLogprob(start + i, part[i]));
                }
            }
        }

        return kept;
    }

    private static void Insert(TokenLogprob[] kept, ref int filled, TokenLogprob entry)
    {
        var place = filled < kept.Length ? filled++ : kept.Length - 1;
        for (; place > 0 && kept[place - 1].Logprob < entry.Logprob; place--)
        {
            kept[place] = kept[place - 1];
        }

        kept[place] = entry;
    }
}
