using Inference.Llama;

namespace Inference.UnitTests.Llama.Sampling.Grammar;

public sealed class GbnfTests
{
    /// <summary>Grammars as people write them. llama.cpp takes them, and so must we.</summary>
    public static TheoryData<string> Good => new(
        "root ::= \"yes\" | \"no\"",
        "root ::= \"\"",
        "root ::=\n",
        "# a comment\n\nroot ::= a b # and another\na ::= \"a\"\n\n\nb ::= \"b\"",
        "root ::= \"a\"\r\nb ::= [a-z]\r\n",
        "root ::= [^\"\\\\\\x7F\\x00-\\x1F]* \"\\u00e9\" \"\\U0001F600\" \"\\t\\r\\n\\\\\\\"\\[\\]\"",
        "root ::= [a-zA-Z0-9_-] [-a] [^]",
        "root ::= . (\"a\" | \"b\")+ \"c\"? \"d\"* \"e\"{3} \"f\"{2,} \"g\"{2,5} \"h\"{ 1 , 2 } \"i\"{0}",
        "root ::= \"日本\" [ぁ-ん]+ \"\U0001F600\"",
        "root ::= (\n  \"a\" |\n  \"b\"\n) \"c\"",
        "root ::= \"a\" |\n \"b\"",
        "root ::= (ws word?)*\nws ::= [ ]*\nword ::= [a-z]+",
        "root ::= \"(\" root \")\" | \"x\"",
        "root ::= <[5]> !<[6]>",
        "root ::= [a-z]{0,1999} (\"x\" [0-9]?){0,900}",
        """
        root   ::= object
        value  ::= object | array | string | number | ("true" | "false" | "null") ws
        object ::= "{" ws ( string ":" ws value ("," ws string ":" ws value)* )? "}" ws
        array  ::= "[" ws ( value ("," ws value)* )? "]" ws
        string ::= "\"" ( [^"\\\x7F\x00-\x1F] | "\\" (["\\bfnrt] | "u" [0-9a-fA-F]{4}) )* "\"" ws
        number ::= ("-"? ([0-9] | [1-9] [0-9]{0,15})) ("." [0-9]+)? ([eE] [-+]? [0-9] [1-9]{0,15})? ws
        ws     ::= | " " | "\n" [ \t]{0,20}
        """);

    /// <summary>What each says, and the part of the message that tells it.</summary>
    public static TheoryData<string, string> Bad => new()
    {
        { "", "empty" },
        { "  # only a comment", "empty" },
        { "start ::= \"a\"", "no rule 'root'" },
        { "root ::= a", "'a' is not defined" },
        { "root ::= \"a\"\n| \"b\"", "line 2, column 1: expected the name of a rule" },
        { "root ::= (\"a\"", "expected \")\"" },
        { "root ::= \"a\")", "expected the end of the rule" },
        { "root ::= \"a", "ends inside" },
        { "root ::= [a", "ends inside" },
        { "root ::= \"a\\", "unknown escape" },
        { "root ::= \"\\q\"", "unknown escape" },
        { "root ::= \"\\x4\"", "hexadecimal" },
        { "root ::= \"a\0b\"", "zero" },
        { "root = \"a\"", "expected \"::=\"" },
        { "root ::= *", "nothing to repeat" },
        { "root ::= \"\"*", "nothing to repeat" },
        { "root ::= \"a\"{1,0}", "at least 1 and at most 0" }, // hung
        { "root ::= \"a\"{5,4}", "at least 5 and at most 4" },
        { "root ::= \"a\"{,4}", "expected a number" },
        { "root ::= \"a\"{1", "expected \"}\"" },
        { "root ::= \"a\"{99999999999}", "repetitions" },
        { "root ::= \"a\"{2001}", "repetitions" },
        { "root ::= \"" + new string('a', 60_000) + "\"{1999}", "too much is repeated" }, // a gigabyte
        { "root ::= <[5>", "expected" },
        { "root ::= <no-such-token>", "not one token" },
        { "root ::= (" + new string('(', 200) + "\"a\"" + new string(')', 201), "nested" },
        { new string('(', 100_000), "at most" },
    };

    [Theory]
    [MemberData(nameof(Good))]
    public void Parse_WhatLlamaCppTakes_IsTaken(string grammar)
    {
        var parsed = Gbnf.Parse(grammar, static _ => 5);
        Assert.Equal(GbnfKind.End, parsed.Elements[^1].Kind);
        using var theirs = NativeGrammar.Create(grammar);
        Assert.NotNull(theirs);
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public void Parse_WhatCannotBeRun_SaysWhy(string grammar, string why)
    {
        why = grammar.Length > Gbnf.MostBytes ? "65536 is the most" : why;
        var e = Toy.Throws(LlamaFault.Grammar, () => Gbnf.Parse(grammar, static _ => null));
        Assert.Contains(why, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_LongestGrammar_IsTaken()
    {
        var grammar = "root ::= \"" + new string('a', Gbnf.MostBytes - 11) + "\"";
        Gbnf.Parse(grammar, static _ => null);
        Toy.Throws(LlamaFault.Grammar, () => Gbnf.Parse(grammar + " ", static _ => null));
    }

    [Fact]
    public void Parse_AnyText_IsTakenOrRefusedButNeverFails()
    {
        const string alphabet = "root ::=\n\"a\"|()[]{}*+?.<>!#\\-^,01x ";
        var random = new Random(7);
        for (var i = 0; i < 20_000; i++)
        {
            var grammar = "root ::= " + new string([.. Enumerable.Range(0, random.Next(24)).Select(_ => alphabet[random.Next(alphabet.Length)])]);
            try
            {
                Follow(grammar, random);
            }
            catch (LlamaException e)
            {
                Assert.Equal(LlamaFault.Grammar, e.Fault);
            }
        }
    }

    private static void Follow(string grammar, Random random)
    {
        var sampler = new GrammarSampler(Toy.Vocabulary, grammar);
        int[] tokens = [.. Toy.Vocabulary.Tokenize("abcortx01 -\n", addSpecial: false, parseSpecial: false), Toy.Vocabulary.Eos!.Value];
        for (var i = 0; i < 4 && Array.FindAll(tokens, sampler.Allows) is { Length: > 0 } allowed; i++)
        {
            sampler.Accept(allowed[random.Next(allowed.Length)]);
        }
    }
}
