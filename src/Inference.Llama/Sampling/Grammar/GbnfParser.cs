using System.Text;

namespace Inference.Llama;

/// <summary>The syntax of GBNF, as llama.cpp's parser accepts it. Characters become the bytes that encode them, so that tokens can be followed whose pieces end inside a character.</summary>
internal sealed class GbnfParser(GbnfScanner scanner)
{
    private const int DeepestNesting = 200; // we recurse, and a stack ends
    private const int MostRepetitions = 2000; // MAX_REPETITION_THRESHOLD
    private const int MostElements = 500_000; // some 16 bytes each

    private readonly Dictionary<string, int> _names = [];
    private readonly Dictionary<ByteSet, int> _sets = [];
    private readonly List<GbnfRule> _rules = [];
    private int _elements;

    public List<ByteSet> Sets { get; } = [];

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

    private List<List<GbnfElement>> Alternatives(int depth)
    {
        var all = new List<List<GbnfElement>> { Sequence(depth) };
        while (scanner.Current == '|')
        {
            scanner.Skip();
            scanner.Space(newlines: true);
            all.Add(Sequence(depth));
        }

        return all;
    }

    private List<GbnfElement> Sequence(int depth)
    {
        var elements = new List<GbnfElement>();
        var item = 0; // where the last one starts, which a repetition repeats
        while (true)
        {
            var start = elements.Count;
            switch (scanner.Current)
            {
                case '"':
                    elements.AddRange(scanner.Literal().SelectMany(Encode));
                    break;
                case '[':
                    AddSet(elements, scanner.Class());
                    break;
                case '.':
                    scanner.Skip();
                    AddSet(elements, CharacterSet.Any);
                    break;
                case '<' or '!':
                    elements.Add(scanner.Token());
                    break;
                case '(':
                    elements.Add(Rule(Group(depth)));
                    break;
                case '*' or '+' or '?' or '{':
                    start = item;
                    Repeat(elements, item);
                    break;
                case var _ when scanner.IsAtName:
                    elements.Add(Rule(Named(scanner.Name())));
                    break;
                default:
                    return elements;
            }

            item = start;
            Count(elements.Count - start);
            scanner.Space(newlines: depth > 0);
        }
    }

    private IEnumerable<GbnfElement> Encode(Rune character)
    {
        var bytes = new byte[4];
        return bytes.Take(character.EncodeToUtf8(bytes)).Select(b => Bytes(ByteSet.Of(b, b)));
    }

    private void AddSet(List<GbnfElement> elements, CharacterSet? characters)
    {
        switch (characters?.Encode())
        {
            case null:
                break; // "[]" is nothing, here as in llama.cpp
            case [[var one]]:
                elements.Add(Bytes(one));
                break;
            case var sequences:
                Count(sequences.Sum(s => s.Count + 1));
                elements.Add(Rule(Unnamed([.. sequences.Select(s => s.ConvertAll(Bytes))])));
                break;
        }
    }

    private int Group(int depth)
    {
        if (depth == DeepestNesting)
        {
            throw scanner.Error($"groups are nested more than {DeepestNesting} deep");
        }

        scanner.Skip();
        scanner.Space(newlines: true);
        var group = Unnamed(Alternatives(depth + 1));
        scanner.Expect(")");
        return group;
    }

    // S{m,n} is S m times and then S', where S' ::= S S' | nothing, or a chain of n - m such rules.
    private void Repeat(List<GbnfElement> elements, int start)
    {
        var (min, max) = Times();
        var repeated = elements[start..];
        if (repeated.Count == 0)
        {
            throw scanner.Error("there is nothing to repeat");
        }

        if (min > MostRepetitions)
        {
            throw scanner.Error($"more than {MostRepetitions} repetitions");
        }

        elements.RemoveRange(start, repeated.Count);
        for (var i = 0; i < min; i++)
        {
            Count(repeated.Count);
            elements.AddRange(repeated);
        }

        if (max is null)
        {
            elements.Add(Rule(Endless(repeated)));
            return;
        }

        int? rest = null;
        for (var i = min; i < max; i++)
        {
            Count(repeated.Count + 4);
            rest = Unnamed([rest is { } more ? [.. repeated, Rule(more)] : repeated, []]);
        }

        if (rest is { } optional)
        {
            elements.Add(Rule(optional));
        }
    }

    private int Endless(List<GbnfElement> repeated)
    {
        var rule = Unnamed([]);
        _rules[rule].Alternatives = [[.. repeated, Rule(rule)], []];
        Count(repeated.Count + 3);
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
            throw scanner.Error($"at least {min} and at most {max} repetitions"); // llama.cpp counts up to 2^64
        }

        return (min, max > MostRepetitions ? null : max);
    }

    private static GbnfElement Rule(int index) => new(GbnfKind.Rule, index);

    private GbnfElement Bytes(ByteSet set)
    {
        if (!_sets.TryGetValue(set, out var index))
        {
            _sets[set] = index = Sets.Count;
            Sets.Add(set);
        }

        return new GbnfElement(GbnfKind.Bytes, index);
    }

    private int Named(string name)
    {
        if (!_names.TryGetValue(name, out var index))
        {
            _names[name] = index = _rules.Count;
            _rules.Add(new GbnfRule(name));
        }

        return index;
    }

    private int Unnamed(List<List<GbnfElement>> alternatives)
    {
        _rules.Add(new GbnfRule(Name: null) { Alternatives = alternatives });
        return _rules.Count - 1;
    }

    private void Count(int elements)
    {
        _elements += elements;
        if (_elements > MostElements)
        {
            throw scanner.Error("too much is repeated");
        }
    }
}
