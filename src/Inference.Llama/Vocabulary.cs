using System.Buffers;
using System.Text;
using Inference.Llama.Interop;

namespace Inference.Llama;

/// <summary>A model's tokens: text to ids and back. Safe from any thread; after its model is disposed of every call is an <see cref="ObjectDisposedException"/>.</summary>
public sealed unsafe class Vocabulary
{
    // Some pre-tokenizers recurse once for each character of a run (letters, signs, spaces alike), up to some hundred bytes of stack each.
    private const int ShortText = 8 * 1024;
    private const int StackPerCharacter = 1024;

    private readonly VocabularyHandle _handle;
    private readonly Lazy<VocabularyPieces> _pieces;

    internal Vocabulary(VocabularyHandle handle)
    {
        _handle = handle;
        _pieces = new Lazy<VocabularyPieces>(() => new VocabularyPieces(this));
        Size = Native.llama_vocab_n_tokens(_handle);
    }

    /// <summary>Longest text that can be tokenized at once, in UTF-16 code units.</summary>
    public static int LongestText => 1024 * 1024;

    /// <summary>Number of tokens; ids are 0 to one less.</summary>
    public int Size { get; }

    public bool AddsBos => Native.llama_vocab_get_add_bos(_handle);

    public bool AddsEos => Native.llama_vocab_get_add_eos(_handle);

    /// <summary>The token that begins a prompt; null if the model has none.</summary>
    public int? Bos => Native.llama_vocab_bos(_handle) is var token && Contains(token) ? token : null;

    /// <summary>The token that ends a text; null if the model has none. Others may end one too: <see cref="IsEnd"/>.</summary>
    public int? Eos => Native.llama_vocab_eos(_handle) is var token && Contains(token) ? token : null;

    internal VocabularyHandle Handle => _handle;

    /// <summary>Made for the first grammar.</summary>
    internal VocabularyPieces Pieces => _pieces.Value;

    /// <summary>Whether the token ends an answer.</summary>
    public bool IsEnd(int token) => Contains(token) && Native.llama_vocab_is_eog(_handle, token);

    /// <summary>Whether the token stands for no text of its own, such as the start of a turn.</summary>
    public bool IsControl(int token) => Contains(token) && Native.llama_vocab_is_control(_handle, token);

    public bool Contains(int token) => (uint)token < (uint)Size;

    /// <param name="text">At most <see cref="LongestText"/>.</param>
    /// <param name="addSpecial">Add what the model expects at the start and end of a prompt.</param>
    /// <param name="parseSpecial">Read the names of control tokens as these tokens.</param>
    /// <exception cref="LlamaException">The text is too long, or the machine too short of memory for it.</exception>
    public int[] Tokenize(string text, bool addSpecial, bool parseSpecial)
    {
        if (text.Length > LongestText)
        {
            throw new LlamaException(LlamaFault.Tokenize, $"a text of {text.Length} characters cannot be tokenized at once: {LongestText} is the most");
        }

        return text.Length <= ShortText
            ? TokenizeHere(text, addSpecial, parseSpecial)
            : TokenizeOnLargeStack(text, addSpecial, parseSpecial);
    }

    /// <summary>Writes a token's bytes; they may end inside a character.</summary>
    /// <param name="token">0 to one less than <see cref="Size"/>.</param>
    /// <param name="target">Room for them.</param>
    /// <param name="special">Write the names of control tokens too, which are empty otherwise.</param>
    /// <returns>Number of bytes; negative is how many are missing room.</returns>
    public int Piece(int token, Span<byte> target, bool special = false)
    {
        if (!Contains(token))
        {
            throw new ArgumentOutOfRangeException(nameof(token), token, message: null); // the natives end the process
        }

        fixed (byte* first = target)
        {
            return Native.llama_token_to_piece(_handle, token, first, target.Length, 0, special);
        }
    }

    /// <summary>The text of tokens: their pieces one after the other. Bytes that are no whole character read as U+FFFD.</summary>
    /// <param name="tokens">Each 0 to one less than <see cref="Size"/>.</param>
    /// <param name="special">Write control tokens by name instead of leaving them out.</param>
    public string Detokenize(ReadOnlySpan<int> tokens, bool special)
    {
        var bytes = new ArrayBufferWriter<byte>(Math.Max(16, tokens.Length * 4));
        foreach (var token in tokens)
        {
            var length = Piece(token, bytes.GetSpan(), special);
            if (length < 0)
            {
                length = Piece(token, bytes.GetSpan(-length), special);
            }

            bytes.Advance(length);
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    internal void Close() => _handle.Dispose();

    private int[] TokenizeOnLargeStack(string text, bool addSpecial, bool parseSpecial)
    {
        int[] result = [];
        Exception? failure = null;
        try
        {
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
        }
        catch (OutOfMemoryException e)
        {
            failure = e;
        }

        return failure switch
        {
            null => result,
            LlamaException or ObjectDisposedException => throw failure,
            _ => throw new LlamaException(LlamaFault.Tokenize, "there is not enough memory to tokenize the text", failure),
        };
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
                if (count < 0 && count != int.MinValue)
                {
                    ArrayPool<int>.Shared.Return(tokens);
                    tokens = ArrayPool<int>.Shared.Rent(-count);
                    count = TokenizeInto(source, length, tokens, addSpecial, parseSpecial);
                }

                return count >= 0
                    ? tokens.AsSpan(0, count).ToArray()
                    : throw new LlamaException(LlamaFault.Tokenize, "the text has more tokens than can be counted");
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
            return Native.llama_tokenize(_handle, source, length, first, target.Length, addSpecial, parseSpecial);
        }
    }
}
