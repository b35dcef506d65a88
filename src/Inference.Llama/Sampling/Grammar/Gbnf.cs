using System.Text;

namespace Inference.Llama;

/// <summary>
/// A grammar in llama.cpp's notation, read by us and followed by <see cref="GrammarMachine"/>. llama.cpp's own reader writes what it
/// dislikes to stderr; and its matcher, whatever is checked before, can be made to hang or to end the process by a grammar of a line:
/// <c>root ::= "a" root "x" | "a" root "y" | "b"</c> takes four times as long with every letter.
/// </summary>
internal sealed class Gbnf
{
    public const int MostBytes = 64 * 1024;
    public const string Root = "root";

    private Gbnf(List<GbnfRule> rules, List<ByteSet> sets)
    {
        Sets = [.. sets];
        var elements = new List<GbnfElement>();
        Starts = new int[rules.Count][];
        for (var rule = 0; rule < rules.Count; rule++)
        {
            Starts[rule] = new int[rules[rule].Alternatives!.Count];
            for (var i = 0; i < Starts[rule].Length; i++)
            {
                Starts[rule][i] = elements.Count;
                elements.AddRange(rules[rule].Alternatives![i]);
                elements.Add(new GbnfElement(GbnfKind.End, 0));
            }
        }

        Elements = [.. elements];
        RootRule = rules.FindIndex(r => r.Name == Root);
    }

    /// <summary>Of all alternatives, each closed by an end.</summary>
    public GbnfElement[] Elements { get; }

    /// <summary>For each rule, where its alternatives start in <see cref="Elements"/>.</summary>
    public int[][] Starts { get; }

    public ByteSet[] Sets { get; }

    public int RootRule { get; }

    /// <param name="grammar">GBNF as in llama.cpp.</param>
    /// <param name="tokenOf">The token that a name in angle brackets is; null if it is not one.</param>
    /// <exception cref="LlamaException">It is not one that can be run; the message says where and why.</exception>
    public static Gbnf Parse(string grammar, Func<string, int?> tokenOf)
    {
        if (Encoding.UTF8.GetByteCount(grammar) is var length and > MostBytes)
        {
            throw Refused($"it has {length} bytes: {MostBytes} is the most");
        }

        var parser = new GbnfParser(new GbnfScanner(grammar, tokenOf));
        var rules = parser.Parse();
        if (rules.Find(r => r.Alternatives is null) is { } missing)
        {
            throw Refused($"rule '{missing.Name}' is not defined");
        }

        if (!rules.Exists(r => r.Name == Root))
        {
            throw Refused(rules.Count == 0 ? "it is empty" : $"there is no rule '{Root}'");
        }

        return new Gbnf(rules, parser.Sets);
    }

    // The reader of the message knows that a grammar cannot be used; this is why.
    private static LlamaException Refused(string why) => new(LlamaFault.Grammar, why);
}

/// <summary>A rule and its alternatives.</summary>
/// <param name="Name">Null for one made of a group or a repetition.</param>
internal sealed record GbnfRule(string? Name)
{
    /// <summary>Null while only mentioned.</summary>
    public List<List<GbnfElement>>? Alternatives { get; set; }
}

/// <summary>What comes at one place.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Value">Index of the rule or of the set of bytes, or the id of the token.</param>
internal readonly record struct GbnfElement(GbnfKind Kind, int Value);

internal enum GbnfKind
{
    /// <summary>Of the alternative.</summary>
    End,
    Rule,
    Bytes,
    Token,

    /// <summary>Any token but this.</summary>
    NotToken,
}
