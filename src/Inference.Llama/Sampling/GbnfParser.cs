namespace Inference.Llama;

/// <summary>The syntax of GBNF, as llama.cpp's llama_grammar_parser accepts it. The optional part of a repetition is shortened to two rules: what matters later is what can be empty and what comes first.</summary>
internal sealed class GbnfParser(GbnfScanner scanner)
{
    private const int DeepestNesting = 200; // the native parser recurses, and a stack ends
    private const int MostRepetitions = 2000; // MAX_REPETITION_THRESHOLD
    private const long MostElements = 1_000_000; // 8 bytes each, three times over

    private readonly Dictionary<string, int> _names = [];
    private readonly List<GbnfRule> _rules = [];
    private long _elements; // that the native parser will make of it
    private int _symbols; // likewise

    public List<GbnfRule> Parse()
    {
        scanner.Space(newlines: true);
        while (!scanner.IsAtEnd)
        {
            ParseRule();
        }

        return _rules;
    }

    private void ParseRule()
    {
        var rule = _rules[Named(scanner.Name())];
        scanner.Space(newlines: false);
        scanner.Expect("::=");
        scanner.Space(newlines: true);
        rule.Alternatives = Alternatives(depth: 0);
        if (!scanner.IsAtEnd && scanner.Current is not ('\r' or '\n'))
        {
            throw scanner.Error("expected the end of the rule");
        }

        scanner.Space(newlines: true);
    }

    private List<List<int>> Alternatives(int depth)
    {
        var all = new List<List<int>> { Sequence(depth) };
        while (scanner.Current == '|')
        {
            scanner.Skip();
            scanner.Space(newlines: true);
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
            switch (scanner.Current)
            {
                case '"':
                    item = Terminals(elements, scanner.Literal());
                    break;
                case '[':
                    item = Terminals(elements, scanner.Class());
                    break;
                case '<' or '!':
                    scanner.Token();
                    item = Terminals(elements, 1);
                    break;
                case '.':
                    scanner.Skip();
                    item = Terminals(elements, 1);
                    break;
                case '(':
                    item = Group(elements, depth);
                    break;
                case '*' or '+' or '?' or '{':
                    item = Repeat(elements, item, Times());
                    break;
                case var _ when scanner.IsAtName:
                    elements.Add(Named(scanner.Name()));
                    item = new Item(start, 1, 1);
                    break;
                default:
                    return elements;
            }

            if (_elements > MostElements)
            {
                throw scanner.Error("the grammar repeats too much");
            }

            scanner.Space(newlines: depth > 0);
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
            throw scanner.Error($"groups are nested more than {DeepestNesting} deep");
        }

        scanner.Skip();
        scanner.Space(newlines: true);
        var symbols = _symbols;
        var group = Unnamed();
        _symbols++;
        _rules[group].Alternatives = Alternatives(depth + 1);
        scanner.Expect(")");
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
            throw scanner.Error("there is nothing to repeat");
        }

        var rules = item.Rules * (max is > 0 ? max.Value : Math.Max(min, 1));
        if (min > MostRepetitions || rules >= MostRepetitions)
        {
            throw scanner.Error($"more than {MostRepetitions} repetitions");
        }

        var repeated = elements[item.Start..];
        elements.RemoveRange(item.Start, repeated.Count);
        for (var i = 0; i < min; i++)
        {
            elements.AddRange(repeated);
        }

        var optional = max is null ? 1 : max.Value - min;
        _symbols += optional;
        if (optional > 0)
        {
            elements.Add(Optional(repeated, max is null ? 0 : optional));
        }

        _elements += (Math.Max(min - 1, 0) * (long)item.Size) + (optional * (item.Size + 3L));
        return new Item(item.Start, (min * item.Size) + (optional > 0 ? 1 : 0), rules);
    }

    /// <param name="repeated">What may come.</param>
    /// <param name="most">How often; 0 is without end.</param>
    private int Optional(List<int> repeated, int most)
    {
        var rule = Unnamed();
        List<int> again = most switch
        {
            0 => [rule],
            1 => [],
            _ => [Optional(repeated, 1)],
        };
        _rules[rule].Alternatives = [[.. repeated, .. again], []];
        _rules[rule].Chained = Math.Max(most, 1);
        return rule;
    }

    private (int Min, int? Max) Times()
    {
        var operation = scanner.Current;
        scanner.Skip();
        switch (operation)
        {
            case '*':
                return (0, null);
            case '+':
                return (1, null);
            case '?':
                return (0, 1);
        }

        scanner.Space(newlines: true);
        var min = scanner.Number();
        scanner.Space(newlines: true);
        int? max = min;
        if (scanner.Current == ',')
        {
            scanner.Skip();
            scanner.Space(newlines: true);
            max = char.IsAsciiDigit(scanner.Current) ? scanner.Number() : null;
            scanner.Space(newlines: true);
        }

        scanner.Expect("}");
        if (max < min)
        {
            throw scanner.Error($"at least {min} and at most {max} repetitions"); // the natives count up to 2^64
        }

        return (min, max > MostRepetitions ? null : max);
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

    // Where it starts in its sequence, how many native elements it is, and how many rules one repetition of it costs.
    private readonly record struct Item(int Start, int Size, int Rules);
}
