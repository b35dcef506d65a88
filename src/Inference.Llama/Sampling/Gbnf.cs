using System.Text;

namespace Inference.Llama;

/// <summary>
/// Reads a grammar before llama.cpp does. Its own parser writes what it dislikes to stderr and says no more; and some grammars that it
/// takes make it hang, overflow its stack, fill the memory or end the process.
/// </summary>
internal static class Gbnf
{
    public const int MostBytes = 64 * 1024;
    public const string Root = "root";

    /// <param name="grammar">GBNF as in llama.cpp.</param>
    /// <param name="isToken">Whether a name in angle brackets is one token of the vocabulary.</param>
    /// <exception cref="LlamaException">It is not one that can be run; the message says where and why.</exception>
    public static void Check(string grammar, Func<string, bool> isToken)
    {
        if (Encoding.UTF8.GetByteCount(grammar) is var length and > MostBytes)
        {
            throw new LlamaException(LlamaFault.Grammar, $"a grammar of {length} bytes: {MostBytes} is the most");
        }

        var rules = new GbnfParser(new GbnfScanner(grammar, isToken)).Parse();
        new GbnfRules(rules).Check();
    }
}

/// <summary>A rule: for each alternative its elements, <see cref="Terminal"/> or the index of a rule.</summary>
/// <param name="Name">Null for one made of a group or a repetition.</param>
internal sealed record GbnfRule(string? Name)
{
    public const int Terminal = -1;

    /// <summary>Null while only mentioned.</summary>
    public List<List<int>>? Alternatives { get; set; }

    /// <summary>Of the rule that begins a repetition with an end: how many such rules llama.cpp chains.</summary>
    public int Chained { get; set; } = 1;
}
