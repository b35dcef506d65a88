using System.Numerics.Tensors;
using Inference.Llama.Interop;

namespace Inference.Llama;

/// <summary>A token and the natural logarithm of its probability.</summary>
public readonly record struct TokenLogprob(int Token, double Logprob);

/// <summary>How likely a model found a token, before any sampling option took effect.</summary>
/// <param name="Logprob">Of the chosen token: natural logarithm, 0 or less.</param>
/// <param name="Top">The likeliest tokens at its place, best first; of equals the lower id.</param>
public sealed record Logprobs(double Logprob, IReadOnlyList<TokenLogprob> Top)
{
    private const int Chunk = 1024; // floats: on the stack, and in the first-level cache
    private const int MostOnStack = 64;

    /// <summary>Of one row's scores, before or after a token was chosen by them.</summary>
    /// <param name="logits">The scores of the whole vocabulary.</param>
    /// <param name="token">The chosen one.</param>
    /// <param name="top">How many of the likeliest to tell, 0 and up.</param>
    /// <exception cref="LlamaException">The scores are not numbers.</exception>
    public static Logprobs Of(ReadOnlySpan<float> logits, int token, int top)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(token);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(token, logits.Length);
        ArgumentOutOfRangeException.ThrowIfNegative(top);
        var kept = Math.Min(top, logits.Length);
        var likeliest = kept <= MostOnStack ? stackalloc NativeCandidate[kept] : new NativeCandidate[kept];
        LikeliestTokens.Select(logits, likeliest);
        var normalizer = LogSumExp(logits);
        var logprobs = new TokenLogprob[kept];
        for (var i = 0; i < kept; i++)
        {
            logprobs[i] = new TokenLogprob(likeliest[i].Token, likeliest[i].Logit - normalizer);
        }

        return new Logprobs(logits[token] - normalizer, logprobs);
    }

    private static double LogSumExp(ReadOnlySpan<float> logits)
    {
        var largest = TensorPrimitives.Max(logits);
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
}
