using Inference.Errors;
using Inference.Llama;
using Inference.Runtime.Loading;

namespace Inference.Runtime;

/// <summary>
/// A model's vocabulary for any thread. The natives read freed memory where they are asked too late: running calls keep the model, and
/// after <see cref="Close"/> none gets through.
/// </summary>
internal sealed class ModelTokenizer(LlamaModel model) : ITokenizer
{
    private const int Closed = 1 << 30;
    private int _users;

    public int VocabularySize { get; } = model.Vocabulary.Size;

    public int[] Tokenize(string text, bool addSpecial, bool parseSpecial)
    {
        if (text.Length > Vocabulary.LongestText)
        {
            var errors = new FieldErrors();
            errors.Invalid("text", $"{text.Length} characters", $"must have at most {Vocabulary.LongestText} characters");
            errors.Check();
        }

        return Use(m => m.Vocabulary.Tokenize(text, addSpecial, parseSpecial));
    }

    public byte[] Piece(int token, bool renderSpecial)
    {
        CheckRange([token]);
        return Use(m => PieceOf(m.Vocabulary, token, renderSpecial));
    }

    public void CheckRange(ReadOnlySpan<int> tokens)
    {
        var wrong = tokens.IndexOfAnyExceptInRange(0, VocabularySize - 1);
        if (wrong >= 0)
        {
            throw Catalogue.TokenOutOfRange.For(tokens[wrong], VocabularySize);
        }
    }

    /// <exception cref="ObjectDisposedException">The model is gone.</exception>
    public T Use<T>(Func<LlamaModel, T> call)
    {
        try
        {
            ObjectDisposedException.ThrowIf(Interlocked.Increment(ref _users) >= Closed, this);
            return call(model);
        }
        finally
        {
            Interlocked.Decrement(ref _users);
        }
    }

    /// <summary>Waits for running calls, which take milliseconds; later ones are refused.</summary>
    public void Close()
    {
        if (Interlocked.Add(ref _users, Closed) > Closed)
        {
            SpinWait.SpinUntil(() => Volatile.Read(ref _users) == Closed);
        }
    }

    private static byte[] PieceOf(Vocabulary vocabulary, int token, bool special)
    {
        Span<byte> bytes = stackalloc byte[256];
        var length = vocabulary.Piece(token, bytes, special);
        if (length >= 0)
        {
            return bytes[..length].ToArray();
        }

        var longer = new byte[-length];
        return longer.AsSpan(0, Math.Max(0, vocabulary.Piece(token, longer, special))).ToArray();
    }
}
