using Inference.Errors;
using Inference.Llama;
using Inference.Runtime.Loading;

namespace Inference.Runtime;

/// <summary>A vocabulary for any thread, with the errors of the catalogue. Keeps nothing in memory: after its model is gone every call is an ObjectDisposedException.</summary>
internal sealed class ModelTokenizer(Vocabulary vocabulary) : ITokenizer
{
    public int VocabularySize => vocabulary.Size;

    public int[] Tokenize(string text, bool addSpecial, bool parseSpecial)
    {
        if (text.Length > Vocabulary.LongestText)
        {
            var errors = new FieldErrors();
            errors.Invalid("text", $"{text.Length} characters", $"must have at most {Vocabulary.LongestText} characters");
            errors.Check();
        }

        try
        {
            return vocabulary.Tokenize(text, addSpecial, parseSpecial);
        }
        catch (LlamaException e)
        {
            throw Catalogue.TokenizerFailed.Because(e, "tokenize", e.Message);
        }
    }

    public byte[] Piece(int token, bool renderSpecial)
    {
        CheckRange([token]);
        Span<byte> bytes = stackalloc byte[256];
        var length = vocabulary.Piece(token, bytes, renderSpecial);
        if (length >= 0)
        {
            return bytes[..length].ToArray();
        }

        var longer = new byte[-length];
        return longer.AsSpan(0, Math.Max(0, vocabulary.Piece(token, longer, renderSpecial))).ToArray();
    }

    public void CheckRange(ReadOnlySpan<int> tokens)
    {
        var wrong = tokens.IndexOfAnyExceptInRange(0, VocabularySize - 1);
        if (wrong >= 0)
        {
            throw Catalogue.TokenOutOfRange.For(tokens[wrong], VocabularySize);
        }
    }
}
