using System.Globalization;

namespace Inference.Store.GoJson;

/// <summary>The grammar of encoding/json's scanner (scanner.go), and its words for each way to leave it.</summary>
internal ref struct GoJsonScanner
{
    // Go allows 10,000. What a model stores is flat, and whoever walks through it here does so on the stack.
    internal const int MaxDepth = 256;

    private readonly ReadOnlySpan<byte> _text;
    private readonly Stack<bool> _objects; // one entry for each open bracket: true for an object
    private int _at;

    private GoJsonScanner(ReadOnlySpan<byte> text)
    {
        _text = text;
        _objects = new Stack<bool>();
    }

    /// <summary>Length of the first value, which begins at <paramref name="start"/>.</summary>
    /// <exception cref="GoJsonException">There is none: <c>EOF</c>, <c>unexpected EOF</c>, <c>invalid character …</c>.</exception>
    public static int FirstValue(ReadOnlySpan<byte> text, out int start)
    {
        var scanner = new GoJsonScanner(text);
        scanner.Space();
        start = scanner._at;
        if (start == text.Length)
        {
            throw new GoJsonException("EOF");
        }

        scanner.Value();
        return scanner._at - start;
    }

    private void Value()
    {
        do
        {
            Space();
            if (!Open())
            {
                Scalar();
            }

            Close();
        }
        while (_objects.Count > 0);
    }

    // Opens brackets as long as one begins the value. True if the innermost turned out to be empty: then nothing is left to read in it.
    private bool Open()
    {
        while (Peek() is (byte)'{' or (byte)'[')
        {
            var isObject = Peek() == '{';
            if (_objects.Count == MaxDepth)
            {
                throw Unexpected("exceeded max depth");
            }

            _objects.Push(isObject);
            _at++;
            Space();
            if (Peek() == (isObject ? '}' : ']'))
            {
                return true;
            }

            if (isObject)
            {
                Key();
            }
        }

        return false;
    }

    // After a value: closes brackets, and steps over the comma (and key) before the next value.
    private void Close()
    {
        while (_objects.TryPeek(out var isObject))
        {
            Space();
            if (Peek() == (isObject ? '}' : ']'))
            {
                _at++;
                _objects.Pop();
                continue;
            }

            if (Peek() != ',')
            {
                throw Unexpected(isObject ? "after object key:value pair" : "after array element");
            }

            _at++;
            Space();
            if (isObject)
            {
                Key();
            }

            return;
        }
    }

    private void Key()
    {
        if (Peek() != '"')
        {
            throw Unexpected("looking for beginning of object key string");
        }

        String();
        Space();
        if (Peek() != ':')
        {
            throw Unexpected("after object key");
        }

        _at++;
        Space();
    }

    private void Scalar()
    {
        switch (Peek())
        {
            case (byte)'"':
                String();
                break;
            case (byte)'t':
                Literal("true");
                break;
            case (byte)'f':
                Literal("false");
                break;
            case (byte)'n':
                Literal("null");
                break;
            case (byte)'-' or (>= (byte)'0' and <= (byte)'9'):
                Number();
                break;
            default:
                throw Unexpected("looking for beginning of value");
        }
    }

    private void String()
    {
        _at++;
        while (Peek() != '"')
        {
            if (Peek() < 0x20)
            {
                throw Unexpected("in string literal");
            }

            if (_text[_at++] == '\\')
            {
                Escape();
            }
        }

        _at++;
    }

    private void Escape()
    {
        if (!"bfnrtu\\/\""u8.Contains(Peek()))
        {
            throw Unexpected("in string escape code");
        }

        if (_text[_at++] == 'u')
        {
            for (var i = 0; i < 4; i++, _at++)
            {
                if (!char.IsAsciiHexDigit((char)Peek()))
                {
                    throw Unexpected("in \\u hexadecimal character escape");
                }
            }
        }
    }

    private void Literal(string word)
    {
        for (var i = 0; i < word.Length; i++, _at++)
        {
            if (Peek() != word[i])
            {
                throw Unexpected($"in literal {word} (expecting '{word[i]}')");
            }
        }
    }

    private void Number()
    {
        if (Peek() == '-')
        {
            _at++;
            Digit("in numeric literal");
            _at--;
        }

        if (Peek() == '0')
        {
            _at++;
        }
        else
        {
            Digits();
        }

        if (Next('.'))
        {
            _at++;
            Digit("after decimal point in numeric literal");
            Digits();
        }

        if (Next('e') || Next('E'))
        {
            _at++;
            _ = Peek();
            if (Next('+') || Next('-'))
            {
                _at++;
            }

            Digit("in exponent of numeric literal");
            Digits();
        }
    }

    private void Digit(string context)
    {
        if (!char.IsAsciiDigit((char)Peek()))
        {
            throw Unexpected(context);
        }

        _at++;
    }

    private void Digits()
    {
        while (_at < _text.Length && char.IsAsciiDigit((char)_text[_at]))
        {
            _at++;
        }
    }

    private readonly bool Next(char c) => _at < _text.Length && _text[_at] == c;

    private void Space()
    {
        while (_at < _text.Length && _text[_at] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
        {
            _at++;
        }
    }

    private readonly byte Peek() => _at < _text.Length ? _text[_at] : throw new GoJsonException("unexpected EOF");

    private readonly GoJsonException Unexpected(string context) => new($"invalid character {Quote(Peek())} {context}");

    // scanner.go, quoteChar: the byte as a Latin-1 character, quoted.
    private static string Quote(byte b) => b switch
    {
        (byte)'\'' => "'\\''",
        (byte)'"' => "'\"'",
        (byte)'\\' => "'\\\\'",
        (byte)'\a' => "'\\a'",
        (byte)'\b' => "'\\b'",
        (byte)'\f' => "'\\f'",
        (byte)'\n' => "'\\n'",
        (byte)'\r' => "'\\r'",
        (byte)'\t' => "'\\t'",
        (byte)'\v' => "'\\v'",
        < 0x20 or 0x7f => string.Create(CultureInfo.InvariantCulture, $"'\\x{b:x2}'"),
        (>= 0x80 and <= 0xa0) or 0xad => string.Create(CultureInfo.InvariantCulture, $"'\\u{b:x4}'"),
        _ => $"'{(char)b}'",
    };
}
