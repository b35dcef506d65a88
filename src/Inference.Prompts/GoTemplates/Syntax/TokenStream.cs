namespace Inference.Prompts.GoTemplates.Syntax;

/// <summary>The lexer with three tokens of look-ahead, and Go's complaints about what it gives.</summary>
internal sealed class TokenStream(string text)
{
    private readonly Lexer _lexer = new(text);
    private readonly Token[] _tokens = new Token[3];
    private int _waiting;

    /// <summary>Line in which the action being read began; 0 outside of actions.</summary>
    public int ActionLine { get; set; }

    public Token Next()
    {
        if (_waiting > 0)
        {
            _waiting--;
        }
        else
        {
            _tokens[0] = _lexer.Next();
        }

        return _tokens[_waiting];
    }

    public Token Peek()
    {
        if (_waiting == 0)
        {
            _tokens[0] = _lexer.Next();
            _waiting = 1;
        }

        return _tokens[_waiting - 1];
    }

    public Token NextNonSpace()
    {
        Token token;
        do
        {
            token = Next();
        }
        while (token.Kind == TokenKind.Space);

        return token;
    }

    public Token PeekNonSpace()
    {
        var token = NextNonSpace();
        Back();
        return token;
    }

    /// <summary>Gives the last token back.</summary>
    public void Back() => _waiting++;

    /// <summary>Gives back two: <paramref name="first"/>, then the one that waits.</summary>
    public void Back(Token first)
    {
        _tokens[1] = first;
        _waiting = 2;
    }

    /// <summary>Gives back three: <paramref name="first"/>, <paramref name="second"/>, then the one that waits.</summary>
    public void Back(Token first, Token second)
    {
        _tokens[1] = second;
        _tokens[2] = first;
        _waiting = 3;
    }

    public Token Expect(TokenKind kind, string context)
    {
        var token = NextNonSpace();
        return token.Kind == kind ? token : throw Unexpected(token, context);
    }

    public TemplateException Unexpected(Token token, string context)
    {
        if (token.Kind != TokenKind.Error)
        {
            return Error($"unexpected {token.Shown} in {context}");
        }

        var started = ActionLine == 0 || ActionLine == token.Line ? ""
            : token.Text.EndsWith(" action", StringComparison.Ordinal) ? $" started at :{ActionLine}" : $" in action started at :{ActionLine}";
        return Error(token.Text + started);
    }

    public TemplateException Error(string message) => new($"template: :{_tokens[0].Line}: {message}");
}
