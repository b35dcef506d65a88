namespace Inference.Llama;

/// <summary>The syntax of GBNF, as llama.cpp's llama_grammar_parser accepts it. Repetitions are shortened: what matters later is what can be empty and what comes first.</summary>
internal sealed class GbnfParser(string text, Func<string, bool> isToken)
{
    private const int DeepestNesting = 200; // the native parser recurses, and a stack ends
    private const int MostRepetitions = 2000; // MAX_REPETITION_THRESHOLD
    private const long MostElements = 1_000_000; // 8 bytes each, three times over

    private readonly Dictionary<string, int> _names = [];
    private readonly List<GbnfRule> _rules = [];
    private int _at;
    private long _elements; // that the native parser will make of it
    private int _symbols; // likewise

    private char Current => _at < text.Length ? text[_at] : '\0';

    public List<GbnfRule> Parse()
    {
        Space(newlines: true);
        while (_at < text.Length)
        {
            ParseRule();
        }

        return _rules;
    }

    private void ParseRule()
    {
        var rule = _rules[Named(Name())];
        Space(newlines: false);
        Expect("::=");
        Space(newlines: true);
        rule.Alternatives = Alternatives(depth: 0);
        if (_at < text.Length && Current is not ('\r' or '\n'))
        {
            throw Error("expected the end of the rule");
        }

        Space(newlines: true);
    }

    private List<List<int>> Alternatives(int depth)
    {
        var all = new List<List<int>> { Sequence(depth) };
        while (Current == '|')
        {
            _at++;
            Space(newlines: true);
            all.Add(Sequence(depth));
        }

        return all;
    }

    private List<int> Sequence(int depth)
    {
        var elements = new List<int>();
        var item = new Item(0, 0, 1); // the last one, which a repetition repeats
        while (true)
        {
            var start = elements.Count;
            switch (Current)
            {
                case '"':
                    item = Terminals(elements, Literal());
                    break;
                case '[':
                    item = Terminals(elements, Class());
                    break;
                case '<' or '!':
                    Token();
                    item = Terminals(elements, 1);
                    break;
                case '.':
                    _at++;
                    item = Terminals(elements, 1);
                    break;
                case '(':
                    item = Group(elements, depth);
                    break;
                case '*' or '+' or '?' or '{':
                    item = Repeat(elements, item, Times());
                    break;
                case var c when IsWord(c):
                    elements.Add(Named(Name()));
                    item = new Item(start, 1, 1);
                    break;
                default:
                    return elements;
            }

            if (_elements > MostElements)
            {
                throw Error("the grammar repeats too much");
            }

            Space(newlines: depth > 0);
        }
    }

    private Item Terminals(List<int> elements, int count)
    {
        var start = elements.Count;
        if (count > 0)
        {
            elements.Add(GbnfRule.Terminal);
        }

        _elements += count;
        return new Item(start, count, 1);
    }

    private Item Group(List<int> elements, int depth)
    {
        if (depth == DeepestNesting)
        {
            throw Error($"groups are nested more than {DeepestNesting} deep");
        }

        _at++;
        Space(newlines: true);
        var symbols = _symbols;
        var group = Unnamed();
        _symbols++;
        _rules[group].Alternatives = Alternatives(depth + 1);
        Expect(")");
        elements.Add(group);
        _elements++;
        return new Item(elements.Count - 1, 1, _symbols - symbols);
    }

    // S{m,n} is S m times and then S', where S' ::= S S' | nothing, or a chain of n - m such rules.
    private Item Repeat(List<int> elements, Item item, (int Min, int? Max) times)
    {
        var (min, max) = times;
        if (elements.Count == item.Start)
        {
            throw Error("there is nothing to repeat");
        }

        var rules = item.Rules * (max is > 0 ? max.Value : Math.Max(min, 1));
        if (min > MostRepetitions || rules >= MostRepetitions)
        {
            throw Error($"more than {MostRepetitions} repetitions");
        }

        var repeated = elements[item.Start..];
        elements.RemoveRange(item.Start, repeated.Count);
        for (var i = 0; i < Math.Min(min, 2); i++)
        {
            elements.AddRange(repeated);
        }

        var optional = max is null ? 1 : max.Value - min;
        _symbols += optional;
        if (optional > 0)
        {
            elements.Add(Optional(repeated, endless: max is null, many: optional > 1));
        }

        _elements += (Math.Max(min - 1, 0) * (long)item.Size) + (optional * (item.Size + 3L));
        return new Item(item.Start, (min * item.Size) + (optional > 0 ? 1 : 0), rules);
    }

    private int Optional(List<int> repeated, bool endless, bool many)
    {
        var rule = Unnamed();
        List<int> again = endless ? [rule] : many ? [Optional(repeated, endless: false, many: false)] : [];
        _rules[rule].Alternatives = [[.. repeated, .. again], []];
        return rule;
    }

    private (int Min, int? Max) Times()
    {
        switch (text[_at++])
        {
            case '*':
                return (0, null);
            case '+':
                return (1, null);
            case '?':
                return (0, 1);
        }

        Space(newlines: true);
        var min = Number();
        Space(newlines: true);
        int? max = min;
        if (Current == ',')
        {
            _at++;
            Space(newlines: true);
            max = char.IsAsciiDigit(Current) ? Number() : null;
            Space(newlines: true);
        }

        Expect("}");
        if (max < min)
        {
            throw Error($"at least {min} and at most {max} repetitions"); // the natives count up to 2^64
        }

        return (min, max > MostRepetitions ? null : max);
    }

    private int Number()
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
    private int Literal()
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

    private int Class()
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

    private void Token()
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

    private string Name()
    {
        var start = _at;
        while (IsWord(Current))
        {
            _at++;
        }

        return _at > start ? text[start.._at] : throw Error("expected the name of a rule");
    }

    private int Named(string name)
    {
        _elements++;
        if (!_names.TryGetValue(name, out var index))
        {
            _symbols++;
            _names[name] = index = _rules.Count;
            _rules.Add(new GbnfRule(name));
        }

        return index;
    }

    private int Unnamed()
    {
        _rules.Add(new GbnfRule(Name: null));
        return _rules.Count - 1;
    }

    private void Space(bool newlines)
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

    private void Expect(string what)
    {
        if (!text.AsSpan(_at).StartsWith(what, StringComparison.Ordinal))
        {
            throw Error($"expected \"{what}\"");
        }

        _at += what.Length;
    }

    private LlamaException Error(string what)
    {
        var before = text.AsSpan(0, Math.Min(_at, text.Length));
        var line = before.Count('\n') + 1;
        return new LlamaException(LlamaFault.Grammar, $"line {line}, column {before.Length - before.LastIndexOf('\n')}: {what}");
    }

    private static bool IsWord(char c) => char.IsAsciiLetterOrDigit(c) || c == '-';

    // Where it starts in its sequence, how many native elements it is, and how many rules one repetition of it costs.
    private readonly record struct Item(int Start, int Size, int Rules);
}
