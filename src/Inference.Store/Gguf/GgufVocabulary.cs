using System.Globalization;
using System.Text;

namespace Inference.Store.Gguf;

/// <summary>Looks at each token of a vocabulary once: llama.cpp ends the process if two are equal (llama-vocab.cpp, GGML_ASSERT on the sizes).</summary>
internal static class GgufVocabulary
{
    public const string Key = "tokenizer.ggml.tokens";

    // Ten times the largest vocabulary.
    private const int MaxTokens = 1 << 22;

    /// <exception cref="GgufException">A token occurs twice.</exception>
    public static void Check(GgufSource source, int count)
    {
        if (count > MaxTokens)
        {
            throw new GgufException($"vocabulary of {count} tokens is too large");
        }

        var tokens = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < count; i++)
        {
            // Tokens are bytes, and need not be UTF-8: Latin-1 keeps different bytes different. Empty ones get a name there, too.
            var bytes = source.TextBytes();
            var token = bytes.Length > 0 ? Encoding.Latin1.GetString(bytes) : string.Create(CultureInfo.InvariantCulture, $"[EMPTY_{i}]");
            if (!tokens.Add(token))
            {
                throw new GgufException($"token {i} occurs twice in the vocabulary");
            }
        }
    }
}
