using System.Buffers;
using System.Text;
using Inference.Llama;

namespace Inference.UnitTests.Llama.Sampling.Grammar;

public sealed class GrammarSamplerTests
{
    private const string Json = """
        root   ::= object
        value  ::= object | array | string | number | ("true" | "false" | "null") ws
        object ::= "{" ws ( string ":" ws value ("," ws string ":" ws value)* )? "}" ws
        array  ::= "[" ws ( value ("," ws value)* )? "]" ws
        string ::= "\"" ( [^"\\\x7F\x00-\x1F] | "\\" (["\\bfnrt] | "u" [0-9a-fA-F]{4}) )* "\"" ws
        number ::= ("-"? ([0-9] | [1-9] [0-9]{0,15})) ("." [0-9]+)? ([eE] [-+]? [0-9] [1-9]{0,15})? ws
        ws     ::= | " " | "\n" [ \t]{0,20}
        """;

    public static TheoryData<string> Grammars => new(
        Json,
        "root ::= \"yes\" | \"no\" | \"not\" | \"\"",
        "root ::= [a-z]+ (\" \" [a-z]+)* [.!?]",
        "root ::= [^a-m]{3,6}",
        "root ::= .*",
        "root ::= [äöüß日-本\U0001F600-\U0001F64F]+",
        "root ::= [^ -~]* \"é\"",
        "root ::= \"(\" root \")\" | \"x\"",
        "root ::= (ws word?)*\nws ::= [ ]*\nword ::= [a-z]+",
        "root ::= (\"a\" | \"ab\" | \"abc\")* \"d\"",
        "root ::= <[70]> \"a\" | !<[71]>",
        "root ::= (\"ab\"{0,3} | [x-z]{2,}){1,4} \"end\"");

    [Theory]
    [MemberData(nameof(Grammars))]
    public void Allowed_AtEveryStep_IsWhatLlamaCppAllows(string grammar)
    {
        var random = new Random(5);
        for (var run = 0; run < 5; run++)
        {
            Compare(grammar, random, steps: 12);
        }
    }

    [Fact]
    public void Allowed_OfRandomGrammars_IsWhatLlamaCppAllows()
    {
        var random = new Random(11);
        var compared = 0;
        for (var i = 0; i < 300; i++)
        {
            compared += Compare("root ::= " + Expression(random, depth: 3), random, steps: 5) ? 1 : 0;
        }

        Assert.InRange(compared, 200, 300); // llama.cpp takes a repetition of what may be empty for left recursion
    }

    [Fact]
    public void Accept_JsonOfALongText_GoesOnToItsEnd()
    {
        var text = "{\"list\": [" + string.Join(", ", Enumerable.Range(0, 2_000).Select(i => $"{{\"k{i}\": \"värde {i}\"}}")) + "]}";
        var sampler = new GrammarSampler(Toy.Vocabulary, Json);
        foreach (var token in Toy.Vocabulary.Tokenize(text, addSpecial: false, parseSpecial: false))
        {
            Assert.True(sampler.Allows(token));
            Assert.False(sampler.MayEnd);
            sampler.Accept(token);
        }

        Assert.True(sampler.MayEnd);
        Assert.True(sampler.Allows(Toy.Vocabulary.Eos!.Value));
        sampler.Accept(Toy.Vocabulary.Eos!.Value);
        Assert.True(sampler.MayEnd);
    }

    /// <summary>With each of these llama.cpp hung, filled the memory or ended the process.</summary>
    public static TheoryData<string> TooMuch => new(
        "root ::= root",
        "root ::= root \"a\" | \"b\"",
        "root ::= a\na ::= b \"x\"\nb ::= a \"y\"",
        "root ::= e root \"x\" | \"y\"\ne ::= f\nf ::= \"\"",
        "root ::= e root\ne ::= f\nf ::= \"\"",
        Doubling());

    [Theory]
    [MemberData(nameof(TooMuch))]
    public void New_RulesThatGetNowhere_AreRefusedOrAllowNothing(string grammar)
    {
        try
        {
            var sampler = new GrammarSampler(Toy.Vocabulary, grammar);
            Assert.False(sampler.MayEnd);
            Assert.Equal(-1, sampler.Allowed().IndexOf(true));
        }
        catch (LlamaException e)
        {
            Assert.Equal(LlamaFault.Grammar, e.Fault);
            Assert.Contains("too many readings", e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Accept_ReadingsThatMultiply_EndInAnError()
    {
        var sampler = new GrammarSampler(Toy.Vocabulary, "root ::= \"a\" root \"x\" | \"a\" root \"y\" | \"b\"");
        var a = Toy.Vocabulary.Tokenize("a", addSpecial: false, parseSpecial: false)[^1];
        var e = Toy.Throws(LlamaFault.Grammar, () =>
        {
            for (var i = 0; i < 100; i++)
            {
                sampler.Accept(a);
            }
        });
        Assert.Contains("too many readings", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("root ::= x{0,1999}\nx ::= y\ny ::= \"\" | \"a\"")] // 5 s a token
    [InlineData("root ::= ((\"a\"?)*)*")]
    [InlineData("root ::= \"a\"?*")]
    [InlineData("root ::= [a-z]{0,1999} \"!\"")]
    public void Accept_ManyOptionalParts_AreFollowed(string grammar)
    {
        var sampler = new GrammarSampler(Toy.Vocabulary, grammar);
        var a = Toy.Vocabulary.Tokenize("a", addSpecial: false, parseSpecial: false)[^1];
        for (var i = 0; i < 20; i++)
        {
            Assert.True(sampler.Allows(a));
            Assert.True(sampler.Allowed()[a]);
            sampler.Accept(a);
        }
    }

    [Fact]
    public void New_DeepestNestingAndLongChain_AreFollowed()
    {
        var chain = "root ::= r0\n" + string.Concat(Enumerable.Range(0, 4_000).Select(i => $"r{i} ::= r{i + 1}\n")) + "r4000 ::= " + new string('(', 200) + "\"a\"" + new string(')', 200);
        var sampler = new GrammarSampler(Toy.Vocabulary, chain);
        Assert.Equal(["a"], AllowedTexts(sampler));
    }

    [Fact]
    public void New_ThousandChoices_AllowTheirBeginnings()
    {
        var sampler = new GrammarSampler(Toy.Vocabulary, "root ::= " + string.Join(" | ", Enumerable.Range(0, 1024).Select(i => $"\"{i}!\"")));
        Assert.All(AllowedTexts(sampler), text => Assert.Matches("^[0-9]{1,4}!?$", text));
        Assert.False(sampler.MayEnd);
    }

    private static string[] AllowedTexts(GrammarSampler sampler)
    {
        var allowed = sampler.Allowed().ToArray();
        return [.. Enumerable.Range(0, allowed.Length).Where(t => allowed[t]).Select(t => Toy.Vocabulary.Detokenize([t], special: true))];
    }

    private static string Doubling()
    {
        var grammar = new StringBuilder("root ::= r0\n"); // 2^40 ways to begin, within 1 kB
        for (var i = 0; i < 40; i++)
        {
            grammar.Append($"r{i} ::= r{i + 1} \"x\" | r{i + 1} \"y\"\n");
        }

        return grammar.Append("r40 ::= \"z\"").ToString();
    }

    // Ours is stricter in one thing: what can never become a character.
    private static bool Compare(string grammar, Random random, int steps)
    {
        using var theirs = NativeGrammar.Create(grammar);
        var ours = new GrammarSampler(Toy.Vocabulary, grammar);
        var output = new List<byte>();
        for (var step = 0; step < steps && theirs is not null; step++)
        {
            var expected = theirs.Allowed();
            var actual = ours.Allowed().ToArray();
            var wrong = Enumerable.Range(0, expected.Length)
                .Where(t => expected[t] != actual[t] && (actual[t] || CanBecomeText([.. output, .. Toy.Vocabulary.Pieces[t]])))
                .Select(t => $"{t} {Convert.ToHexString(Toy.Vocabulary.Pieces[t])} ours {actual[t]}").ToArray();
            Assert.True(wrong.Length == 0, $"{grammar}: step {step}, after {Convert.ToHexString([.. output])}: {string.Join(", ", wrong)}");
            var allowed = Enumerable.Range(0, actual.Length).Where(t => actual[t] && !Toy.Vocabulary.IsEnd(t)).ToArray();
            if (allowed.Length == 0)
            {
                break;
            }

            var next = allowed[random.Next(allowed.Length)];
            Assert.True(ours.Allows(next));
            theirs.Follow(next);
            ours.Accept(next);
            output.AddRange(Toy.Vocabulary.Pieces[next]);
        }

        return theirs is not null;
    }

    private static bool CanBecomeText(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var status = Rune.DecodeFromUtf8(bytes, out _, out var length);
            if (status is OperationStatus.NeedMoreData)
            {
                return true;
            }

            if (status is OperationStatus.InvalidData)
            {
                return false;
            }

            bytes = bytes[length..];
        }

        return true;
    }

    // Without references: what is repeated with a reference may be more than llama.cpp can follow.
    private static string Expression(Random random, int depth) => random.Next(depth > 0 ? 7 : 3) switch
    {
        0 => "\"" + "abcdeö t"[random.Next(8)] + "abth"[random.Next(4)] + "\"",
        1 => random.Next(2) == 0 ? "[a-eö]" : "[^a-h\"]",
        2 => "\" \"",
        3 => $"({Expression(random, depth - 1)} | {Expression(random, depth - 1)})",
        4 => $"{Expression(random, depth - 1)} {Expression(random, depth - 1)}",
        5 => $"({Expression(random, depth - 1)}){"*+?"[random.Next(3)]}",
        _ => $"({Expression(random, depth - 1)}){{{random.Next(3)},{2 + random.Next(3)}}}",
    };
}
