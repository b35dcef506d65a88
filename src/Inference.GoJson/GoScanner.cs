using System.Buffers;
using System.Runtime.CompilerServices;

namespace Inference.GoJson;

/// <summary>The kinds of JSON values.</summary>
public enum GoKind
{
    Null,
    Bool,
    Number,
    String,
    Array,
    Object,
}

/// <summary>
/// Walks through one JSON value and fails at the byte, and with the words, of Go's scanner. Never recurses: nesting costs no
/// stack. The first value ends the text; what follows it is never looked at.
/// </summary>
/// <param name="text">UTF-8, more or less.</param>
/// <param name="deepest">How many brackets may be open at once.</param>
internal sealed class GoScanner(ReadOnlyMemory<byte> text, int deepest = GoSyntax.DeepestNesting)
{
    private static readonly SearchValues<byte> StringStops = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(i => (byte)i), (byte)'"', (byte)'\\']);

    private int _at;
    private int _depth;

    private ReadOnlySpan<byte> Text => text.Span;

    public int Position => _at;

    public ReadOnlyMemory<byte> Slice(int start) => text[start.._at];

    /// <summary>Whether anything but white space is left.</summary>
    public bool HasMore()
    {
        SkipSpace();
        return _at < text.Length;
    }

    /// <summary>The first byte that is left after the white space.</summary>
    public byte? Rest() => HasMore() ? Text[_at] : null;

    /// <summary>The kind of the value that begins here. Consumes white space only.</summary>
    public GoKind Peek()
    {
        var c = Current();
        return c switch
        {
            (byte)'{' => GoKind.Object,
            (byte)'[' => GoKind.Array,
            (byte)'"' => GoKind.String,
            (byte)'-' or (>= (byte)'0' and <= (byte)'9') => GoKind.Number,
            (byte)'t' or (byte)'f' => GoKind.Bool,
            (byte)'n' => GoKind.Null,
            _ => throw GoSyntax.Unexpected(c, "looking for beginning of value"),
        };
    }

    /// <summary>Consumes the opening bracket that <see cref="Peek"/> saw.</summary>
    public void Open()
    {
        if (++_depth > deepest)
        {
            throw GoSyntax.Unexpected(Text[_at], "exceeded max depth");
        }

        _at++;
    }

    /// <summary>Moves to the next element of an array; false, and past the bracket, at its end.</summary>
    public bool NextElement(bool first)
    {
        var c = Current();
        if (c == ']')
        {
            return Close();
        }

        if (first)
        {
            return true;
        }

        Expect(c, (byte)',', "after array element");
        return true;
    }

    /// <summary>Moves to the next value of an object and gives its key as written between the quotes; false, and past the brace, at its end.</summary>
    public bool NextMember(bool first, out GoText key)
    {
        var c = Current();
        if (c == '}')
        {
            key = default;
            return Close();
        }

        if (!first)
        {
            Expect(c, (byte)',', "after object key:value pair");
            c = Current();
        }

        if (c != '"')
        {
            throw GoSyntax.Unexpected(c, "looking for beginning of object key string");
        }

        key = String();
        Expect(Current(), (byte)':', "after object key");
        return true;
    }

    /// <summary>Consumes a string that <see cref="Peek"/> saw.</summary>
    public GoText String()
    {
        var start = ++_at;
        var escaped = false;
        while (true)
        {
            var stop = Text[_at..].IndexOfAny(StringStops);
            if (stop < 0)
            {
                _at = text.Length;
                throw GoSyntax.UnexpectedEnd();
            }

            _at += stop;
            switch (Text[_at])
            {
                case (byte)'"':
                    return new GoText(text[start.._at++], escaped);
                case (byte)'\\':
                    escaped = true;
                    Escape();
                    break;
                default:
                    throw GoSyntax.Unexpected(Text[_at], "in string literal");
            }
        }
    }

    /// <summary>Consumes a number that <see cref="Peek"/> saw.</summary>
    public ReadOnlyMemory<byte> Number()
    {
        var start = _at;
        if (Text[_at] == '-')
        {
            _at++;
        }

        // A leading zero ends the whole part: in 01 the 1 is found to be out of place by whoever reads on.
        if (ByteOrEnd() == '0')
        {
            _at++;
        }
        else
        {
            Digits("in numeric literal");
        }

        if (_at < text.Length && Text[_at] == '.')
        {
            _at++;
            Digits("after decimal point in numeric literal");
        }

        if (_at < text.Length && (Text[_at] | 0x20) == 'e')
        {
            _at++;
            if (ByteOrEnd() is (byte)'+' or (byte)'-')
            {
                _at++;
            }

            Digits("in exponent of numeric literal");
        }

        return text[start.._at];
    }

    /// <summary>Consumes <c>true</c>, <c>false</c> or <c>null</c>, which <see cref="Peek"/> saw, and tells whether it was the first.</summary>
    public bool Literal()
    {
        var word = Text[_at] switch
        {
            (byte)'t' => "true",
            (byte)'f' => "false",
            _ => "null",
        };
        foreach (var expected in word)
        {
            if (ByteOrEnd() != expected)
            {
                throw GoSyntax.Unexpected(Text[_at], $"in literal {word} (expecting '{expected}')");
            }

            _at++;
        }

        return word is "true";
    }

    /// <summary>Consumes any value.</summary>
    public void Skip()
    {
        var outer = _depth;
        // One bit for each open bracket: whether it is an object.
        List<bool>? open = null;
        var first = SkipOne(ref open);
        while (_depth > outer)
        {
            var more = open![^1] ? NextMember(first, out _) : NextElement(first);
            if (more)
            {
                first = SkipOne(ref open);
            }
            else
            {
                open.RemoveAt(open.Count - 1);
                first = false;
            }
        }
    }

    private bool SkipOne(ref List<bool>? open)
    {
        var kind = Peek();
        switch (kind)
        {
            case GoKind.Object or GoKind.Array:
                Open();
                (open ??= []).Add(kind is GoKind.Object);
                return true;
            case GoKind.String:
                String();
                return false;
            case GoKind.Number:
                Number();
                return false;
            default:
                Literal();
                return false;
        }
    }

    private void Escape()
    {
        _at++;
        switch (ByteOrEnd())
        {
            case (byte)'b' or (byte)'f' or (byte)'n' or (byte)'r' or (byte)'t' or (byte)'\\' or (byte)'/' or (byte)'"':
                _at++;
                return;
            case (byte)'u':
                _at++;
                for (var i = 0; i < 4; i++, _at++)
                {
                    if (!char.IsAsciiHexDigit((char)ByteOrEnd()))
                    {
                        throw GoSyntax.Unexpected(Text[_at], @"in \u hexadecimal character escape");
                    }
                }

                return;
            default:
                throw GoSyntax.Unexpected(Text[_at], "in string escape code");
        }
    }

    private void Digits(string context)
    {
        var c = ByteOrEnd();
        if (!char.IsAsciiDigit((char)c))
        {
            throw GoSyntax.Unexpected(c, context);
        }

        while (_at < text.Length && char.IsAsciiDigit((char)Text[_at]))
        {
            _at++;
        }
    }

    private bool Close()
    {
        _at++;
        _depth--;
        return false;
    }

    private void Expect(byte found, byte wanted, string context)
    {
        if (found != wanted)
        {
            throw GoSyntax.Unexpected(found, context);
        }

        _at++;
    }

    private byte Current()
    {
        SkipSpace();
        return ByteOrEnd();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private byte ByteOrEnd() => _at < text.Length ? Text[_at] : throw GoSyntax.UnexpectedEnd();

    private void SkipSpace()
    {
        var span = Text;
        while (_at < span.Length && span[_at] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
        {
            _at++;
        }
    }
}
