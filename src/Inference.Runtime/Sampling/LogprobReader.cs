using System.Numerics.Tensors;
using Inference.Llama;

namespace Inference.Runtime.Sampling;

/// <summary>Log-probabilities from raw scores, taken before the samplers see them. Used by one thread.</summary>
internal sealed class LogprobReader(Vocabulary vocabulary)
{
    private readonly float[] _scores = new float[vocabulary.Size];
    private readonly byte[] _bytes = new byte[1024];
    private double _logSum;

    /// <summary>Keeps the scores of a row; they are the samplers' afterwards.</summary>
    public void Keep(ReadOnlySpan<float> logits)
    {
        logits.CopyTo(_scores);
        var max = TensorPrimitives.Max(logits);
        var sum = 0d;
        foreach (var score in logits)
        {
            sum += Math.Exp(score - max);
        }

        _logSum = max + Math.Log(sum);
    }

    /// <param name="token">The chosen one.</param>
    /// <param name="top">How many of the likeliest to list.</param>
    public TokenLogprobs Read(int token, int top) => Of(token, Likeliest(Math.Min(top, _scores.Length)));

    private TokenLogprobs[] Likeliest(int count)
    {
        if (count <= 0)
        {
            return [];
        }

        var best = new PriorityQueue<int, float>(count); // the least likely of the best comes out first
        for (var token = 0; token < _scores.Length; token++)
        {
            if (best.Count < count)
            {
                best.Enqueue(token, _scores[token]);
            }
            else if (best.TryPeek(out _, out var least) && _scores[token] > least)
            {
                best.DequeueEnqueue(token, _scores[token]);
            }
        }

        var result = new TokenLogprobs[count];
        for (var i = count - 1; i >= 0; i--)
        {
            result[i] = Of(best.Dequeue(), []);
        }

        return result;
    }

    private TokenLogprobs Of(int token, IReadOnlyList<TokenLogprobs> top)
    {
        var length = Math.Max(0, vocabulary.Piece(token, _bytes));
        return new TokenLogprobs(token, _bytes.AsSpan(0, length).ToArray(), _scores[token] - _logSum, top);
    }
}
