using System.Buffers;
using System.Text;
using Inference.Llama.Interop;

namespace Inference.Llama;

/// <summary>A model's tokens: text to ids and back. Safe from any thread while its model lives.</summary>
public sealed unsafe class Vocabulary
{
    // Some pre-tokenizers recurse once for each character of a run (letters, signs, spaces alike), up to some hundred bytes of stack each.
    private const int ShortText = 8 * 1024;
    private const int StackPerCharacter = 1024;

    private readonly nint _vocab;

    internal Vocabulary(nint vocab)
    {
        _vocab = vocab;
        Size = Native.llama_vocab_n_tokens(vocab);
    }

    /// <summary>Longest text that can be tokenized at once, in UTF-16 code units.</summary>
    public static int LongestText => 1024 * 1024;

    internal nint Raw => _vocab;

    /// <summary>Number of tokens; ids are 0 to one less.</summary>
    public int Size { get; }

    public bool AddsBos => Native.llama_vocab_get_add_bos(_vocab);

    public bool AddsEos => Native.llama_vocab_get_add_eos(_vocab);

    /// <summary>Whether the token ends an answer.</summary>
    public bool IsEnd(int token) => Contains(token) && Native.llama_vocab_is_eog(_vocab, token);

    public bool Contains(int token) => (uint)token < (uint)Size;

    /// <param name="text">At most <see cref="LongestText"/>.</param>
    /// <param name="addSpecial">Add what the model expects at the start and end of a prompt.</param>
    /// <param name="parseSpecial">Read the names of control tokens as these tokens.</param>
    public int[] Tokenize(string text, bool addSpecial, bool parseSpecial)
    {
        if (text.Length > LongestText)
        {
            throw new LlamaException(LlamaFault.Tokenize, $"a text of more than {LongestText} characters cannot be tokenized at once");
        }

        if (text.Length <= ShortText)
        {
            return TokenizeHere(text, addSpecial, parseSpecial);
        }

        int[] result = [];
        Exception? failure = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    result = TokenizeHere(text, addSpecial, parseSpecial);
                }
                catch (Exception e)
                {
                    failure = e;
                }
            },
            maxStackSize: (1 << 20) + (text.Length * StackPerCharacter)); // reserved, not used: ordinary text touches a page or two
        thread.Start();
        thread.Join();
        return failure is null ? result : throw new LlamaException(LlamaFault.Tokenize, failure.Message);
    }

    /// <summary>Writes a token's bytes; they may end inside a character.</summary>
    /// <returns>Number of bytes; negative is how many are missing room.</returns>
    public int Piece(int token, Span<byte> target, bool special = false)
    {
        if (!Contains(token))
        {
            throw new ArgumentOutOfRangeException(nameof(token)); // the natives end the process
        }

        fixed (byte* first = target)
        {
            return Native.llama_token_to_piece(_vocab, token, first, target.Length, 0, special);
        }
    }

    private int[] TokenizeHere(string text, bool addSpecial, bool parseSpecial)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        var tokens = ArrayPool<int>.Shared.Rent(text.Length + 16);
        try
        {
            var length = Encoding.UTF8.GetBytes(text, bytes);
            fixed (byte* source = bytes)
            {
                var count = TokenizeInto(source, length, tokens, addSpecial, parseSpecial);
                if (count == int.MinValue)
                {
                    throw new LlamaException(LlamaFault.Tokenize, "the text has more tokens than can be counted");
                }

                if (count < 0)
                {
                    ArrayPool<int>.Shared.Return(tokens);
                    tokens = ArrayPool<int>.Shared.Rent(-count);
                    count = TokenizeInto(source, length, tokens, addSpecial, parseSpecial);
                }

                return tokens.AsSpan(0, count).ToArray();
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
            ArrayPool<int>.Shared.Return(tokens);
        }
    }

    private int TokenizeInto(byte* source, int length, int[] target, bool addSpecial, bool parseSpecial)
    {
        fixed (int* first = target)
        {
            return Native.llama_tokenize(_vocab, source, length, first, target.Length, addSpecial, parseSpecial);
        }
    }
}
