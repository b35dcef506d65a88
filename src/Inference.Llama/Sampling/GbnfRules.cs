namespace Inference.Llama;

/// <summary>What llama.cpp cannot do with rules that parse: follow a rule into itself without reading anything, or start in too many ways at once.</summary>
internal sealed class GbnfRules(List<GbnfRule> rules)
{
    private const long MostStarts = 10_000; // the natives keep one stack for each
    private const int DeepestStart = 2_000; // the natives recurse
    private const int MostSkipped = 256; // one after the other; what the natives need for a character grows with the square: 16 s for 3000

    private readonly bool[] _empty = new bool[rules.Count];
    private readonly long[] _starts = new long[rules.Count];
    private readonly int[] _depth = new int[rules.Count];
    private readonly int[] _skipped = new int[rules.Count]; // elements that can be empty, in one go

    /// <exception cref="LlamaException">Says which rule and why.</exception>
    public void Check()
    {
        if (rules.Find(r => r.Alternatives is null) is { } missing)
        {
            throw Refused($"rule '{missing.Name}' is not defined");
        }

        if (!rules.Exists(r => r.Name == Gbnf.Root))
        {
            throw Refused(rules.Count == 0 ? "it is empty" : $"there is no rule '{Gbnf.Root}'");
        }

        FindEmpty();
        CountStarts();
        if (rules.Find(r => r.Alternatives!.Exists(a => LongestSkip(a) > MostSkipped)) is { } skipping)
        {
            throw Refused($"more than {MostSkipped} optional parts follow each other in {Describe(skipping)}");
        }
    }

    private void FindEmpty()
    {
        for (var changed = true; changed;)
        {
            changed = false;
            for (var i = rules.Count - 1; i >= 0; i--)
            {
                if (!_empty[i] && rules[i].Alternatives!.Exists(a => a.TrueForAll(CanBeEmpty)))
                {
                    _empty[i] = changed = true;
                }
            }
        }
    }

    private bool CanBeEmpty(int element) => element != GbnfRule.Terminal && _empty[element];

    /// <summary>The rules that a rule can begin with. A repetition that begins with itself at its end gets nowhere, but does not grow either: left out.</summary>
    private IEnumerable<int> Beginnings(int rule)
    {
        foreach (var alternative in rules[rule].Alternatives!)
        {
            for (var i = 0; i < alternative.Count && alternative[i] != GbnfRule.Terminal; i++)
            {
                if (alternative[i] != rule || i < alternative.Count - 1 || rules[rule].Name is not null)
                {
                    yield return alternative[i];
                }

                if (!_empty[alternative[i]])
                {
                    break;
                }
            }
        }
    }

    // Rules whose beginnings are all done, again and again; what is never done begins, in the end, with itself.
    private void CountStarts()
    {
        var users = new List<int>[rules.Count];
        var open = new int[rules.Count];
        var ready = new Stack<int>();
        for (var rule = 0; rule < rules.Count; rule++)
        {
            foreach (var beginning in Beginnings(rule))
            {
                (users[beginning] ??= []).Add(rule);
                open[rule]++;
            }

            if (open[rule] == 0)
            {
                ready.Push(rule);
            }
        }

        while (ready.TryPop(out var rule))
        {
            Count(rule);
            foreach (var user in users[rule] ?? [])
            {
                if (--open[user] == 0)
                {
                    ready.Push(user);
                }
            }
        }

        if (Array.FindIndex(open, n => n > 0) is var stuck and >= 0)
        {
            throw Refused($"rule '{NameOfLoop(stuck, open)}' begins with itself");
        }
    }

    private void Count(int rule)
    {
        foreach (var alternative in rules[rule].Alternatives!)
        {
            _starts[rule] += alternative.TakeWhile(CanBeEmpty).Count() < alternative.Count && alternative.SkipWhile(CanBeEmpty).First() == GbnfRule.Terminal ? 1 : 0;
        }

        foreach (var beginning in Beginnings(rule))
        {
            _starts[rule] += _starts[beginning];
            _depth[rule] = Math.Max(_depth[rule], _depth[beginning] + 1);
        }

        if (_starts[rule] > MostStarts || _depth[rule] > DeepestStart)
        {
            throw Refused($"there are too many ways to begin {Describe(rules[rule])}");
        }

        var skips = rules[rule].Alternatives!.Where(a => a.TrueForAll(CanBeEmpty)).Select(a => a.Where(e => e != rule).Sum(e => (long)_skipped[e])).DefaultIfEmpty().Max();
        var chained = rules[rule].Alternatives![0].TrueForAll(CanBeEmpty) ? rules[rule].Chained : 1;
        _skipped[rule] = (int)Math.Clamp(skips * chained, 1, MostSkipped + 1);
    }

    private long LongestSkip(List<int> alternative)
    {
        long longest = 0;
        long run = 0;
        foreach (var element in alternative)
        {
            run = CanBeEmpty(element) ? run + _skipped[element] : 0;
            longest = Math.Max(longest, run);
        }

        return longest;
    }

    private string NameOfLoop(int rule, int[] open)
    {
        for (var steps = 0; steps < rules.Count; steps++)
        {
            rule = Beginnings(rule).First(b => open[b] > 0); // now surely within the loop
        }

        for (var steps = 0; steps < rules.Count && rules[rule].Name is null; steps++)
        {
            rule = Beginnings(rule).First(b => open[b] > 0);
        }

        return rules[rule].Name ?? Gbnf.Root;
    }

    private static string Describe(GbnfRule rule) => rule.Name is { } name ? $"rule '{name}'" : "a group";

    private static LlamaException Refused(string why) => new(LlamaFault.Grammar, why);
}
