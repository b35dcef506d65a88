namespace Inference.Runtime.Sampling;

/// <summary>
/// Ends an output that repeats itself, as Ollama does (llm/llama_server.go): the same piece more than 30 times after its first, white space
/// around it aside. Nothing counts as seen before the first piece, so white space alone is a repetition from the start.
/// </summary>
internal sealed class RepetitionGuard
{
    private const int MostRepeats = 30; // "an arbitrary max token repeat limit" there

    private char[] _last = new char[16];
    private int _length;
    private int _repeats;

    /// <returns>Whether this piece is one too many.</returns>
    public bool Exceeds(ReadOnlySpan<char> piece)
    {
        var trimmed = piece.Trim();
        if (trimmed.SequenceEqual(_last.AsSpan(0, _length)))
        {
            return ++_repeats > MostRepeats;
        }

        if (trimmed.Length > _last.Length)
        {
            _last = new char[trimmed.Length * 2];
        }

        trimmed.CopyTo(_last);
        (_length, _repeats) = (trimmed.Length, 0);
        return false;
    }
}
