using System.Globalization;
using System.Text;

namespace Inference.Llama;

/// <summary>Reads the smallest parts of GBNF, as llama.cpp's parser reads them, and says where it is when something is wrong.</summary>
/// <param name="text">The grammar.</param>
/// <param name="tokenOf">The token that a name in angle brackets is; null if it is not one.</param>
internal sealed class GbnfScanner(string text, Func<string, int?> tokenOf)
{
    private int _at;

    public bool IsAtEnd => _at >= text.Length;

    public char Current => _at < text.Length ? text[_at] : '\0';

    public bool IsAtName => IsWord(Current);

    public void Skip() => _at++;

    /// <returns>At most <see cref="int.MaxValue"/>.</returns>
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

        return int.TryParse(text.AsSpan(start, _at - start), CultureInfo.InvariantCulture, out var value) ? value : int.MaxValue;
    }

    public List<Rune> Literal()
    {
        _at++;
        var characters = new List<Rune>();
        while (Current != '"')
        {
            var character = Character();
            characters.Add(Rune.IsValid(character) ? new Rune(character) : Rune.ReplacementChar);
        }

        _at++;
        return characters;
    }

    /// <returns>Null for an empty one.</returns>
    public CharacterSet? Class()
    {
        _at++;
        var negative = Current == '^';
        _at += negative ? 1 : 0;
        var characters = new CharacterSet();
        var empty = true;
        for (; Current != ']'; empty = false)
        {
            var low = Character();
            var high = low;
            if (Current == '-' && _at + 1 < text.Length && text[_at + 1] != ']')
            {
                _at++;
                high = Character();
            }

            characters.Add(low, high);
        }

        _at++;
        return empty ? null : negative ? characters.Complement() : characters;
    }

    public GbnfElement Token()
    {
        var kind = Current == '!' ? GbnfKind.NotToken : GbnfKind.Token;
        _at += kind is GbnfKind.NotToken ? 1 : 0;
        var start = _at;
        Expect("<");
        if (Current == '[')
        {
            _at++;
            var id = Number();
            Expect("]>");
            return new GbnfElement(kind, id);
        }

        var end = text.IndexOf('>', _at);
        if (end < 0)
        {
            throw Error("expected \">\"");
        }

        _at = end + 1;
        return new GbnfElement(kind, tokenOf(text[start.._at]) ?? throw Error($"{text[start.._at]} is not one token of the model"));
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
        if (!text.AsSpan(Math.Min(_at, text.Length)).StartsWith(what, StringComparison.Ordinal))
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

    /// <returns>A code point, or a number that is none.</returns>
    private int Character()
    {
        if (_at >= text.Length)
        {
            throw Error("it ends inside of a text or a set of characters");
        }

        if (Current == '\0')
        {
            throw Error("a zero character"); // where C ends the text
        }

        if (Current == '\\')
        {
            _at++;
            return Escape();
        }

        Rune.DecodeFromUtf16(text.AsSpan(_at), out var character, out var length);
        _at += length;
        return character.Value;
    }

    private int Escape()
    {
        var letter = Current;
        _at++;
        return letter switch
        {
            'x' => Hexadecimal(2),
            'u' => Hexadecimal(4),
            'U' => Hexadecimal(8),
            't' => '\t',
            'r' => '\r',
            'n' => '\n',
            '\\' or '"' or '[' or ']' or '-' => letter,
            _ => throw Error("unknown escape"),
        };
    }

    private int Hexadecimal(int digits)
    {
        uint value = 0;
        for (; digits > 0; digits--, _at++)
        {
            value = char.IsAsciiHexDigit(Current) ? (value << 4) + (uint)Convert.ToInt32(Current.ToString(), 16) : throw Error("expected a hexadecimal digit");
        }

        return (int)Math.Min(value, int.MaxValue);
    }

    private static bool IsWord(char c) => char.IsAsciiLetterOrDigit(c) || c == '-';
}
