namespace Inference.Runtime.Loading;

/// <summary>Text to tokens and back, without computing.</summary>
public interface ITokenizer
{
    int VocabularySize { get; }

    int[] Tokenize(string text, bool addSpecial, bool parseSpecial);

    byte[] Piece(int token, bool renderSpecial);
}
