using System.Text;

namespace Inference.Prompts.GoTemplates.Syntax;

/// <summary>Cuts a template into tokens, one on each call; after an error it says that the text is over.</summary>
internal sealed class Lexer(string text)
{
    private const string LeftDelimiter = "{{";
    private const string RightDelimiter = "}}";
    private const string LeftComment = "/*";
    private const string RightComment = "*/";
    private const int TrimMarkerLength = 2;

    private readonly NumberScanner _numbers = new(text);
    private int _position;
    private int _line = 1;
    private int _counted;
    private int _depth;
    private bool _inside;
    private bool _failed;

    public Token Next()
    {
        if (_failed)
        {
            return new Token(TokenKind.EndOfText, 0, "EOF", LineAt(_position));
        }

        return _inside ? NextInside() : NextOutside();
    }

    private Token NextOutside()
    {
        while (true)
        {
            var start = _position;
            var delimiter = text.IndexOf(LeftDelimiter, start, StringComparison.Ordinal);
            if (delimiter < 0)
            {
                _position = text.Length;
                return start < text.Length ? Emit(TokenKind.Text, start, text.Length) : Emit(TokenKind.EndOfText, start, start);
            }

            var after = delimiter + LeftDelimiter.Length;
            var trims = HasLeftTrimMarker(after);
            if (delimiter > start)
            {
                var end = trims ? start + text.AsSpan(start, delimiter - start).TrimEnd(Characters.Spaces).Length : delimiter;
                _position = delimiter;
                if (end > start)
                {
                    return Emit(TokenKind.Text, start, end);
                }
            }

            var content = trims ? after + TrimMarkerLength : after;
            if (!At(content, LeftComment))
            {
                (_position, _inside, _depth) = (content, true, 0);
                return Emit(TokenKind.LeftDelimiter, delimiter, after);
            }

            if (SkipComment(content) is { } complaint)
            {
                return complaint;
            }
        }
    }

    private Token? SkipComment(int start)
    {
        var close = text.IndexOf(RightComment, start + LeftComment.Length, StringComparison.Ordinal);
        if (close < 0)
        {
            return Fail(start, "unclosed comment");
        }

        _position = close + RightComment.Length;
        if (!AtRightDelimiter(_position, out var trims))
        {
            return Fail(start, "comment ends before closing delimiter");
        }

        SkipRightDelimiter(trims);
        return null;
    }

    private Token NextInside()
    {
        var start = _position;
        if (AtRightDelimiter(start, out var trims))
        {
            if (_depth > 0)
            {
                return Fail(start, "unclosed left paren");
            }

            var delimiter = trims ? start + TrimMarkerLength : start;
            SkipRightDelimiter(trims);
            _inside = false;
            return Emit(TokenKind.RightDelimiter, delimiter, delimiter + RightDelimiter.Length);
        }

        if (start >= text.Length)
        {
            return Fail(start, "unclosed action");
        }

        return text[start] switch
        {
            ' ' or '\t' or '\r' or '\n' => Space(start),
            '=' => EmitTo(TokenKind.Assign, start + 1),
            ':' => At(start + 1, "=") ? EmitTo(TokenKind.Declare, start + 2) : Fail(start, "expected :="),
            '|' => EmitTo(TokenKind.Pipe, start + 1),
            '"' => Quoted(start, '"', TokenKind.String, "unterminated quoted string"),
            '\'' => Quoted(start, '\'', TokenKind.CharConstant, "unterminated character constant"),
            '`' => RawQuoted(start),
            '$' => Name(start, TokenKind.Variable),
            '.' when start + 1 >= text.Length || !char.IsAsciiDigit(text[start + 1]) => Name(start, TokenKind.Field),
            '.' or '+' or '-' or (>= '0' and <= '9') => Number(start),
            '(' => Parenthesis(start, 1),
            ')' => Parenthesis(start, -1),
            _ => Other(start),
        };
    }

    private Token Other(int start)
    {
        var rune = RuneAt(start);
        if (Characters.IsAlphaNumeric(rune))
        {
            return Word(start);
        }

        return rune.IsAscii && Characters.IsPrintable(rune)
            ? EmitTo(TokenKind.Char, start + 1)
            : Fail(start, $"unrecognized character in action: {Characters.Named(rune)}");
    }

    private Token Space(int start)
    {
        var end = start;
        while (end < text.Length && Characters.IsSpace(text[end]))
        {
            end++;
        }

        // The last space may belong to " -}}"; here it is not alone, or the delimiter would have been seen.
        return EmitTo(TokenKind.Space, AtRightDelimiter(end - 1, out var trims) && trims ? end - 1 : end);
    }

    private Token Parenthesis(int start, int step)
    {
        _depth += step;
        return _depth < 0
            ? Fail(start, "unexpected right paren")
            : EmitTo(step > 0 ? TokenKind.LeftParenthesis : TokenKind.RightParenthesis, start + 1);
    }

    private Token Word(int start)
    {
        var end = SkipAlphaNumeric(start);
        if (!IsTerminator(end))
        {
            return Fail(start, $"bad character {Characters.Named(RuneAt(end))}");
        }

        var word = text[start..end];
        return EmitTo(Keywords.Of(word) ?? (word is "true" or "false" ? TokenKind.Bool : TokenKind.Identifier), end);
    }

    private Token Name(int start, TokenKind kind)
    {
        if (IsTerminator(start + 1))
        {
            return EmitTo(kind == TokenKind.Field ? TokenKind.Dot : kind, start + 1);
        }

        var end = SkipAlphaNumeric(start + 1);
        return IsTerminator(end) ? EmitTo(kind, end) : Fail(start, $"bad character {Characters.Named(RuneAt(end))}");
    }

    private Token Number(int start)
    {
        var (kind, end) = _numbers.Scan(start);
        return kind is { } known ? EmitTo(known, end) : Fail(start, $"bad number syntax: {Errors.GoQuote.Quote(text[start..end])}");
    }

    private Token Quoted(int start, char quote, TokenKind kind, string complaint)
    {
        for (var i = start + 1; i < text.Length && text[i] != '\n'; i++)
        {
            if (text[i] == quote)
            {
                return EmitTo(kind, i + 1);
            }

            if (text[i] == '\\' && (++i >= text.Length || text[i] == '\n'))
            {
                break;
            }
        }

        return Fail(start, complaint);
    }

    private Token RawQuoted(int start)
    {
        var end = text.IndexOf('`', start + 1);
        return end < 0 ? Fail(start, "unterminated raw quoted string") : EmitTo(TokenKind.RawString, end + 1);
    }

    private int SkipAlphaNumeric(int position)
    {
        while (position < text.Length && Characters.IsAlphaNumeric(RuneAt(position)))
        {
            position += RuneAt(position).Utf16SequenceLength;
        }

        return position;
    }

    // What may follow a name; a field ends where the next begins.
    private bool IsTerminator(int position) =>
        position >= text.Length || Characters.IsSpace(text[position]) || ".,|:)(".Contains(text[position]) || At(position, RightDelimiter);

    private bool HasLeftTrimMarker(int position) => position + 1 < text.Length && text[position] == '-' && Characters.IsSpace(text[position + 1]);

    private bool AtRightDelimiter(int position, out bool trims)
    {
        trims = position + 1 < text.Length && Characters.IsSpace(text[position]) && text[position + 1] == '-' && At(position + TrimMarkerLength, RightDelimiter);
        return trims || At(position, RightDelimiter);
    }

    private void SkipRightDelimiter(bool trims)
    {
        _position += (trims ? TrimMarkerLength : 0) + RightDelimiter.Length;
        while (trims && _position < text.Length && Characters.IsSpace(text[_position]))
        {
            _position++;
        }
    }

    private bool At(int position, string wanted) => position <= text.Length && text.AsSpan(position).StartsWith(wanted, StringComparison.Ordinal);

    private Rune RuneAt(int position) => Rune.TryGetRuneAt(text, position, out var rune) ? rune : Rune.ReplacementChar;

    private Token EmitTo(TokenKind kind, int end)
    {
        var start = _position;
        _position = end;
        return Emit(kind, start, end);
    }

    private Token Emit(TokenKind kind, int start, int end) => new(kind, start, text[start..end], LineAt(start));

    private Token Fail(int start, string complaint)
    {
        _failed = true;
        return new Token(TokenKind.Error, start, complaint, LineAt(start));
    }

    // Positions only grow, so each line break is counted once.
    private int LineAt(int position)
    {
        for (; _counted < position && _counted < text.Length; _counted++)
        {
            if (text[_counted] == '\n')
            {
                _line++;
            }
        }

        return _line;
    }
}
