using System.Text;
using Inference.Llama;

namespace Inference.UnitTests.Llama.Sampling;

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
        { "root ::= (\"a\"{0,100}){100}", "repetitions" },
        { "root ::= \"" + new string('a', 60_000) + "\"{1999}", "repeats too much" }, // a gigabyte
        { "root ::= <[5>", "expected" },
        { "root ::= <no-such-token>", "not one token" },
        { "root ::= root", "begins with itself" },
        { "root ::= root \"a\" | \"b\"", "rule 'root' begins with itself" },
        { "root ::= a\na ::= b \"x\"\nb ::= a \"y\"", "begins with itself" },
        { "root ::= e root \"x\" | \"y\"\ne ::= f\nf ::= \"\"", "rule 'root' begins with itself" }, // filled the memory
        { "root ::= e root\ne ::= f\nf ::= \"\"", "begins with itself" }, // an assertion
        { "root ::= (" + new string('(', 200) + "\"a\"" + new string(')', 201), "nested" },
        { new string('(', 100_000), "at most" },
    };

    [Theory]
    [MemberData(nameof(Good))]
    public void Check_WhatLlamaCppTakes_IsTaken(string grammar)
    {
        Gbnf.Check(grammar, static _ => true);
        using var sampler = new GrammarSampler(Toy.Model, grammar);
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public void Check_WhatCannotBeRun_SaysWhy(string grammar, string why)
    {
        if (grammar.Length > Gbnf.MostBytes)
        {
            why = "65536 is the most";
        }

        var e = Toy.Throws(LlamaFault.Grammar, () => Gbnf.Check(grammar, static _ => false));
        Assert.Contains(why, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_NestedAsDeepAsAllowed_IsTaken()
    {
        using var sampler = new GrammarSampler(Toy.Model, "root ::= " + new string('(', 200) + "\"a\"" + new string(')', 200));
        Assert.True(sampler.Allows(Toy.Vocabulary.Tokenize("a", addSpecial: false, parseSpecial: false)[0]));
    }

    [Fact]
    public void Check_ManyChoices_AreTaken()
    {
        var grammar = "root ::= " + string.Join(" | ", Enumerable.Range(0, 1024).Select(i => $"\"choice {i}\""));
        using var sampler = new GrammarSampler(Toy.Model, grammar);
        Assert.False(sampler.Allows(Toy.Vocabulary.Eos!.Value));
    }

    [Fact]
    public void Check_BeginningsThatMultiply_AreRefused()
    {
        var grammar = new StringBuilder("root ::= r0\n"); // 2^40 stacks natively, within 1 kB
        for (var i = 0; i < 40; i++)
        {
            grammar.Append($"r{i} ::= r{i + 1} \"x\" | r{i + 1} \"y\"\n");
        }

        grammar.Append("r40 ::= \"z\"");
        var e = Toy.Throws(LlamaFault.Grammar, () => Gbnf.Check(grammar.ToString(), static _ => false));
        Assert.Contains("too many ways", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("root ::= x{0,1999}\nx ::= y\ny ::= \"\" | \"a\"")] // 5 s a token
    [InlineData("root ::= (a a a a a a a a a a){30}\na ::= b\nb ::= \"a\"?")]
    [InlineData("root ::= g g\ng ::= (x? y?){0,99}\nx ::= \"x\"?\ny ::= \"y\"*")]
    public void Check_ManyOptionalPartsInARow_AreRefused(string grammar)
    {
        var e = Toy.Throws(LlamaFault.Grammar, () => Gbnf.Check(grammar, static _ => false));
        Assert.Contains("optional parts", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_OptionalPartsByTheHundreds_AreTakenUpToALimit()
    {
        static string Row(int count) => "root ::= " + string.Concat(Enumerable.Repeat("\"c\"? ", count));
        Gbnf.Check(Row(256), static _ => false);
        Toy.Throws(LlamaFault.Grammar, () => Gbnf.Check(Row(257), static _ => false));
    }

    [Fact]
    public void Check_LongChainOfRules_DoesNotOverflowAStack()
    {
        static string Chain(int length) =>
            "root ::= r0\n" + string.Concat(Enumerable.Range(0, length).Select(i => $"r{i} ::= r{i + 1}\n")) + $"r{length} ::= \"a\"";

        using (new GrammarSampler(Toy.Model, Chain(1_900)))
        {
            Toy.Throws(LlamaFault.Grammar, () => Gbnf.Check(Chain(3_000), static _ => false));
        }
    }

    [Fact]
    public void Check_LongestGrammar_IsTaken()
    {
        var grammar = "root ::= \"" + new string('a', Gbnf.MostBytes - 11) + "\"";
        Gbnf.Check(grammar, static _ => false);
        Toy.Throws(LlamaFault.Grammar, () => Gbnf.Check(grammar + " ", static _ => false));
    }

    [Fact]
    public void Check_AnyText_IsTakenOrRefusedButNeverFails()
    {
        const string alphabet = "root ::=\n\"a\"|()[]{}*+?.<>!#\\-^,01x ";
        var random = new Random(7);
        for (var i = 0; i < 20_000; i++)
        {
            var grammar = "root ::= " + new string([.. Enumerable.Range(0, random.Next(24)).Select(_ => alphabet[random.Next(alphabet.Length)])]);
            try
            {
                Gbnf.Check(grammar, static _ => false);
            }
            catch (LlamaException e)
            {
                Assert.Equal(LlamaFault.Grammar, e.Fault);
                continue;
            }

            // What we take, llama.cpp can be asked about: it answers, and does not die.
            try
            {
                Follow(grammar, random);
            }
            catch (LlamaException e)
            {
                Assert.Contains("left recursion", e.Message, StringComparison.Ordinal);
            }
        }
    }

    private static void Follow(string grammar, Random random)
    {
        using var sampler = new GrammarSampler(Toy.Model, grammar);
        int[] tokens = [.. Toy.Vocabulary.Tokenize("abcortx01 -\n", addSpecial: false, parseSpecial: false), Toy.Vocabulary.Eos!.Value];
        for (var i = 0; i < 4 && Array.FindAll(tokens, sampler.Allows) is { Length: > 0 } allowed; i++)
        {
            sampler.Accept(allowed[random.Next(allowed.Length)]);
        }
    }
}
