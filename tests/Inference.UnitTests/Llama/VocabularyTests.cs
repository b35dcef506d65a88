using System.Text;
using Inference.Llama;
using Inference.TestKit;

namespace Inference.UnitTests.Llama;

public sealed class VocabularyTests
{
    [Theory]
    [InlineData("Once upon a time, there was a little girl.")]
    [InlineData("tabs\tand\nlines\r\n  and   spaces ")]
    [InlineData("äöü €, 日本語, \U0001F600")]
    [InlineData("a zero \0 within")]
    [InlineData("")]
    public void Detokenize_OfWhatWasTokenized_IsTheText(string text)
    {
        var tokens = Toy.Vocabulary.Tokenize(text, addSpecial: false, parseSpecial: false);
        Assert.Equal(text, Toy.Vocabulary.Detokenize(tokens, special: false));
    }

    [Fact]
    public void Tokenize_HalfASurrogate_ReadsAsReplacement()
    {
        var tokens = Toy.Vocabulary.Tokenize("a\ud800b", addSpecial: false, parseSpecial: false);
        Assert.Equal("a\ufffdb", Toy.Vocabulary.Detokenize(tokens, special: false));
    }

    [Fact]
    public void Detokenize_ControlTokens_OnlyWhereAskedFor()
    {
        var end = Toy.Vocabulary.Eos!.Value;
        Assert.True(Toy.Vocabulary.IsControl(end));
        Assert.True(Toy.Vocabulary.IsEnd(end));
        Assert.Equal("", Toy.Vocabulary.Detokenize([end], special: false));
        var name = Toy.Vocabulary.Detokenize([end], special: true);
        Assert.NotEmpty(name);
        Assert.Equal([end], Toy.Vocabulary.Tokenize(name, addSpecial: false, parseSpecial: true));
        Assert.NotEqual([end], Toy.Vocabulary.Tokenize(name, addSpecial: false, parseSpecial: false));
    }

    [Fact]
    public void Detokenize_PartOfACharacter_ReadsAsReplacement()
    {
        var tokens = Toy.Vocabulary.Tokenize("\U0001F600", addSpecial: false, parseSpecial: false);
        Assert.SkipUnless(tokens.Length > 1, "the vocabulary has it whole");
        Assert.Equal("\ufffd", Toy.Vocabulary.Detokenize(tokens.AsSpan(0, 1), special: false));
    }

    [Fact]
    public void Tokenize_AddSpecial_AddsWhatTheModelWants()
    {
        var with = Toy.Vocabulary.Tokenize("x", addSpecial: true, parseSpecial: false);
        var without = Toy.Vocabulary.Tokenize("x", addSpecial: false, parseSpecial: false);
        Assert.Equal(without.Length + (Toy.Vocabulary.AddsBos ? 1 : 0) + (Toy.Vocabulary.AddsEos ? 1 : 0), with.Length);
        Assert.Equal(Toy.Vocabulary.AddsBos ? Toy.Vocabulary.Bos : without[0], with[0]);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1536)]
    [InlineData(int.MaxValue)]
    [InlineData(int.MinValue)]
    public void Ids_OutOfRange_AreCaught(int token)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Toy.Vocabulary.Piece(token, new byte[8]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Toy.Vocabulary.Detokenize([token], special: true));
        Assert.False(Toy.Vocabulary.IsEnd(token));
        Assert.False(Toy.Vocabulary.IsControl(token));
    }

    [Fact]
    public void Piece_NoRoom_TellsHowMuch()
    {
        var token = Enumerable.Range(0, Toy.Vocabulary.Size).First(t => Toy.Vocabulary.Piece(t, new byte[64]) > 2);
        var room = Toy.Vocabulary.Piece(token, []);
        Assert.True(room < 0);
        Assert.Equal(-room, Toy.Vocabulary.Piece(token, new byte[-room]));
    }

    [Fact]
    public void Piece_AllocatesNothing()
    {
        var target = new byte[64];
        Assert.Equal(0, Allocation.Of(() =>
        {
            for (var i = 0; i < 100; i++)
            {
                Toy.Vocabulary.Piece(i, target);
            }
        }));
    }

    [Theory]
    [InlineData('a')]
    [InlineData(' ')]
    [InlineData('7')]
    [InlineData('=')]
    [InlineData('\n')]
    [InlineData('日')]
    public void Tokenize_RunOfOneCharacter_SurvivesAndIsWhole(char c)
    {
        var text = new string(c, 100_000);
        var tokens = Toy.Vocabulary.Tokenize(text, addSpecial: false, parseSpecial: false);
        Assert.Equal(text, Toy.Vocabulary.Detokenize(tokens, special: false));
    }

    [Theory]
    [InlineData("nano-llama-f16.gguf")]
    [InlineData("bert-tiny-rand-f16.gguf")]
    [InlineData("tiny-qwen3-template.gguf")]
    public void Tokenize_RunOfOneCharacter_SurvivesInOtherTokenizers(string file)
    {
        using var alone = LlamaModel.LoadVocabulary(Toy.Golden(file), TestContext.Current.CancellationToken);
        foreach (var c in "a 7=")
        {
            Assert.NotNull(alone.Vocabulary.Tokenize(new string(c, 100_000), addSpecial: false, parseSpecial: false));
        }
    }

    [Fact]
    public void Tokenize_LongestText_Works()
    {
        var text = string.Concat(Enumerable.Repeat("The cat sat on the mat. ", Vocabulary.LongestText / 24));
        Assert.NotEmpty(Toy.Vocabulary.Tokenize(text, addSpecial: false, parseSpecial: false));
    }

    [Fact]
    public void Tokenize_LongerText_IsRefused() =>
        Toy.Throws(LlamaFault.Tokenize, () => Toy.Vocabulary.Tokenize(new string('a', Vocabulary.LongestText + 1), addSpecial: false, parseSpecial: false));

    [Fact]
    public async Task Tokenize_FromManyThreads_IsTheSame()
    {
        var expected = Toy.Tokens("Once upon a time");
        var all = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => Toy.Tokens("Once upon a time"))));
        Assert.All(all, tokens => Assert.Equal(expected, tokens));
    }

    [Fact]
    public void Pieces_OfAllTokens_AreUtf8TogetherWithTheirNeighbours()
    {
        var text = "naïve café \U0001F469‍\U0001F680";
        var target = new byte[64];
        var bytes = Toy.Vocabulary.Tokenize(text, addSpecial: false, parseSpecial: false)
            .SelectMany(t => target.AsSpan(0, Toy.Vocabulary.Piece(t, target)).ToArray()).ToArray();
        Assert.Equal(text, Encoding.UTF8.GetString(bytes));
    }
}
