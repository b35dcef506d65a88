using Inference.Llama;

namespace Inference.Runtime.Sampling;

/// <summary>Log-probabilities as the model gave them: choosing a token leaves a row's scores as they were. Used by one thread.</summary>
internal sealed class LogprobReader(Vocabulary vocabulary)
{
    private readonly byte[] _bytes = new byte[1024];

    /// <param name="scores">The row that the token was chosen from.</param>
    /// <param name="token">The chosen one.</param>
    /// <param name="top">How many of the likeliest to list.</param>
    public TokenLogprobs Read(ReadOnlySpan<float> scores, int token, int top)
    {
        var known = Logprobs.Of(scores, token, top);
        var likeliest = known.Top.Count == 0 ? [] : new TokenLogprobs[known.Top.Count];
        for (var i = 0; i < likeliest.Length; i++)
        {
            likeliest[i] = new TokenLogprobs(known.Top[i].Token, BytesOf(known.Top[i].Token), known.Top[i].Logprob, []);
        }

        return new TokenLogprobs(token, BytesOf(token), known.Logprob, likeliest);
    }

    private byte[] BytesOf(int token) => _bytes.AsSpan(0, Math.Max(0, vocabulary.Piece(token, _bytes))).ToArray();
}
