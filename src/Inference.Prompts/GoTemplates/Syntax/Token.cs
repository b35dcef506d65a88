namespace Inference.Prompts.GoTemplates.Syntax;

/// <summary>What the lexer finds. Keywords come after <see cref="Keyword"/>.</summary>
internal enum TokenKind
{
    Error,
    Bool,
    Char,
    CharConstant,
    Complex,
    Assign,
    Declare,
    EndOfText,
    Field,
    Identifier,
    LeftDelimiter,
    LeftParenthesis,
    Number,
    Pipe,
    RawString,
    RightDelimiter,
    RightParenthesis,
    Space,
    String,
    Text,
    Variable,
    Keyword,
    Block,
    Break,
    Continue,
    Dot,
    Define,
    Else,
    End,
    If,
    Nil,
    Range,
    Template,
    With,
}

/// <param name="Kind">What it is; <see cref="TokenKind.EndOfText"/> is the end of the text.</param>
/// <param name="Position">Index of its first character in the template.</param>
/// <param name="Text">As it stands there; for an error, the complaint.</param>
/// <param name="Line">From 1.</param>
internal readonly record struct Token(TokenKind Kind, int Position, string Text, int Line)
{
    /// <summary>As Go shows it in a complaint.</summary>
    public string Shown => Kind switch
    {
        TokenKind.EndOfText => "EOF",
        TokenKind.Error => Text,
        > TokenKind.Keyword => $"<{Text}>",
        _ when Values.GoText.ByteLength(Text) > 10 => Errors.GoQuote.Quote(FirstRunes(Text, 10)) + "...",
        _ => Errors.GoQuote.Quote(Text),
    };

    private static string FirstRunes(string text, int count)
    {
        var end = 0;
        for (; count > 0 && end < text.Length; count--)
        {
            end += char.IsSurrogatePair(text, end) ? 2 : 1;
        }

        return text[..end];
    }
}
