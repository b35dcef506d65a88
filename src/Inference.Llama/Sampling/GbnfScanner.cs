namespace Inference.Llama;

/// <summary>Reads the smallest parts of GBNF, as llama.cpp's parser reads them, and says where it is when something is wrong.</summary>
/// <param name="text">The grammar.</param>
/// <param name="isToken">Whether a name in angle brackets is one token of the vocabulary.</param>
internal sealed class GbnfScanner(string text, Func<string, bool> isToken)
{
    private int _at;

    public bool IsAtEnd => _at >= text.Length;

    public char Current => _at < text.Length ? text[_at] : '\0';

    public bool IsAtName => IsWord(Current);

    public void Skip() => _at++;

    public int Number()
    {
        var start = _at;
        while (char.IsAsciiDigit(Current))
        {
            _at++;
        }

        if (_at == start)
        {
            throw Error("expected a number");
        }

        return int.TryParse(text.AsSpan(start, _at - start), out var value) ? value : int.MaxValue;
    }

    /// <returns>Characters of the literal.</returns>
    public int Literal()
    {
        _at++;
        var count = 0;
        for (; Current != '"'; count++)
        {
            Character();
        }

        _at++;
        return count;
    }

    /// <returns>Characters and ranges' ends of the set.</returns>
    public int Class()
    {
        _at++;
        if (Current == '^')
        {
            _at++;
        }

        var count = 0;
        for (; Current != ']'; count++)
        {
            Character();
            if (Current == '-' && _at + 1 < text.Length && text[_at + 1] != ']')
            {
                _at++;
                Character();
                count++;
            }
        }

        _at++;
        return count;
    }

    private void Character()
    {
        if (_at >= text.Length)
        {
            throw Error("the grammar ends inside of a text or a set of characters");
        }

        if (Current == '\0')
        {
            throw Error("a zero character"); // where C ends the text
        }

        if (text[_at++] != '\\')
        {
            _at += char.IsHighSurrogate(text[_at - 1]) && char.IsLowSurrogate(Current) ? 1 : 0;
            return;
        }

        var digits = Current switch
        {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            't' or 'r' or 'n' or '\\' or '"' or '[' or ']' or '-' => 0,
            _ => throw Error("unknown escape"),
        };
        _at++;
        for (; digits > 0; digits--, _at++)
        {
            if (!char.IsAsciiHexDigit(Current))
            {
                throw Error("expected a hexadecimal digit");
            }
        }
    }

    public void Token()
    {
        _at += Current == '!' ? 1 : 0;
        var start = _at;
        Expect("<");
        if (Current == '[')
        {
            _at++;
            Number();
            Expect("]>");
            return;
        }

        var end = text.IndexOf('>', _at);
        if (end < 0)
        {
            throw Error("expected \">\"");
        }

        _at = end + 1;
        if (!isToken(text[start.._at]))
        {
            throw Error($"{text[start.._at]} is not one token of the model");
        }
    }

    public string Name()
    {
        var start = _at;
        while (IsWord(Current))
        {
            _at++;
        }

        return _at > start ? text[start.._at] : throw Error("expected the name of a rule");
    }

    public void Space(bool newlines)
    {
        while (Current is ' ' or '\t' or '#' || (newlines && Current is '\r' or '\n'))
        {
            if (Current == '#')
            {
                var end = text.AsSpan(_at).IndexOfAny('\r', '\n');
                _at = end < 0 ? text.Length : _at + end;
            }
            else
            {
                _at++;
            }
        }
    }

    public void Expect(string what)
    {
        if (!text.AsSpan(_at).StartsWith(what, StringComparison.Ordinal))
        {
            throw Error($"expected \"{what}\"");
        }

        _at += what.Length;
    }

    public LlamaException Error(string what)
    {
        var before = text.AsSpan(0, Math.Min(_at, text.Length));
        var line = before.Count('\n') + 1;
        return new LlamaException(LlamaFault.Grammar, $"line {line}, column {before.Length - before.LastIndexOf('\n')}: {what}");
    }

    private static bool IsWord(char c) => char.IsAsciiLetterOrDigit(c) || c == '-';
}
