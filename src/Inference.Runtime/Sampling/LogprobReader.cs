using Inference.Llama;

namespace Inference.Runtime.Sampling;

/// <summary>Log-probabilities as the model gave them: kept before the samplers change the scores, read when they have chosen. Used by one thread.</summary>
internal sealed class LogprobReader(Vocabulary vocabulary)
{
    private readonly float[] _scores = new float[vocabulary.Size];
    private readonly byte[] _bytes = new byte[1024];

    public void Keep(ReadOnlySpan<float> scores) => scores.CopyTo(_scores);

    /// <param name="token">The chosen one.</param>
    /// <param name="top">How many of the likeliest to list.</param>
    public TokenLogprobs Read(int token, int top)
    {
        var known = Logprobs.Of(_scores, token, top);
        var likeliest = known.Top.Count == 0 ? [] : new TokenLogprobs[known.Top.Count];
        for (var i = 0; i < likeliest.Length; i++)
        {
            likeliest[i] = new TokenLogprobs(known.Top[i].Token, BytesOf(known.Top[i].Token), known.Top[i].Logprob, []);
        }

        return new TokenLogprobs(token, BytesOf(token), known.Logprob, likeliest);
    }

    private byte[] BytesOf(int token) => _bytes.AsSpan(0, Math.Max(0, vocabulary.Piece(token, _bytes))).ToArray();
}
