using System.Text;
using Inference.Runtime;
using Inference.Runtime.Sampling;

namespace Inference.UnitTests.Runtime.Sampling;

public sealed class OutputTextTests
{
    [Fact]
    public void Take_PlainText_GivesEachTokenAtOnce() =>
        Assert.Equal(["Hel/1", "lo/1"], Run(["Hel", "lo"], stops: []).Pieces);

    [Fact]
    public void Take_CharacterOverTokens_WaitsForTheWholeOfIt()
    {
        var euro = Encoding.UTF8.GetBytes("a€😀b");
        var tokens = euro.Select(static b => new[] { b }).ToArray();

        Assert.Equal(["a/1", "€/3", "😀/4", "b/1"], Run(tokens, []).Pieces);
    }

    [Fact]
    public void Take_FirstTokenIsNotSure_OpensWithAnEmptyPiece() =>
        Assert.Equal(["/0", "€!/2"], Run([[0xE2], [0x82, 0xAC, (byte)'!']], []).Pieces);

    [Theory]
    [InlineData(new byte[] { 0xFF, (byte)'a' }, "\uFFFDa")]
    [InlineData(new byte[] { 0xE2, 0x82, (byte)'a' }, "\uFFFDa")]
    [InlineData(new byte[] { 0xC0, 0x80 }, "\uFFFD\uFFFD")]
    public void Take_InvalidBytes_BecomeReplacementCharacters(byte[] bytes, string text) =>
        Assert.Equal(text, Run([bytes], []).Text);

    [Fact]
    public void TakeRest_EndWithinACharacter_LeavesItOut()
    {
        var run = Run([[(byte)'a'], [0xE2, 0x82]], []);

        Assert.Equal("a", run.Text);
        Assert.Equal(2, run.Tokens);
    }

    [Fact]
    public void Append_StopOverTokens_EndsBeforeIt()
    {
        var run = Run(["Hi ", "the", "re <", "|e", "nd", "|> more"], stops: ["<|end|>"]);

        Assert.Equal((StopReason.StopSequence, "<|end|>"), (run.Reason, run.Stop));
        Assert.Equal("Hi there ", run.Text);
        Assert.Equal(6, run.Tokens);
        Assert.Equal(["Hi /1", "the/1", "re /1", "/3"], run.Pieces);
    }

    [Fact]
    public void Append_TextThatOnlyBeganLikeAStop_ComesOutWithItsTokens() =>
        Assert.Equal(["a/1", "<|nope/2", "!/1"], Run(["a", "<|", "nope", "!"], ["<|end|>"]).Pieces);

    [Fact]
    public void TakeRest_HeldBackText_ComesOutAtTheEnd() =>
        Assert.Equal(["a /1", "sto/2"], Run(["a s", "t", "o"], ["stop"]).Pieces);

    [Fact]
    public void Append_SeveralStopsInOneToken_TheFirstWins()
    {
        var run = Run(["x STOP END"], ["END", "STOP"]);

        Assert.Equal(("x ", "STOP"), (run.Text, run.Stop));
    }

    [Fact]
    public void Append_EmptyStop_EndsAtTheFirstToken()
    {
        var run = Run(["Hello", " there"], ["", "zzz"]);

        Assert.Equal((StopReason.StopSequence, "", ""), (run.Reason, run.Stop, run.Text));
        Assert.Equal(1, run.Tokens);
    }

    [Fact]
    public void Append_Repetition_LeavesOutTheTokenThatIsTooMany()
    {
        var run = Run([.. Enumerable.Repeat("ha", 40)], [], repetition: true);

        Assert.Equal(StopReason.Repetition, run.Reason);
        Assert.Equal(31, run.Tokens);
        Assert.Equal(62, run.Text.Length);
    }

    [Fact]
    public void Append_RepetitionOfWhiteSpace_IsOneShorter() =>
        Assert.Equal(30, Run([.. Enumerable.Repeat("\n", 40)], [], repetition: true).Tokens);

    [Fact]
    public void Take_Logprobs_TravelWithTheirText()
    {
        var text = new OutputText(["stop"], stopRepetition: false);
        Assert.Null(text.Append("a "u8, Of(1)));
        Assert.Equal([1], Ids(text.Take()));
        Assert.Null(text.Append("st"u8, Of(2)));
        Assert.Null(text.Take());
        Assert.Null(text.Append("ay"u8, Of(3)));
        Assert.Equal([2, 3], Ids(text.Take()));
        Assert.Null(text.Append("!st"u8, Of(4)));
        Assert.Equal([4], Ids(text.Take()));
        Assert.Equal(StopReason.StopSequence, text.Append("op"u8, Of(5)));
        var rest = text.TakeRest();

        Assert.Equal(("", 1), (rest!.Value.Text, rest.Value.Tokens));
        Assert.Null(rest.Value.Logprobs); // a stop text is no part of the answer, nor are its tokens
    }

    private static TokenLogprobs Of(int token) => new(token, [], -1, []);

    private static int[] Ids(Piece? piece) => [.. piece!.Value.Logprobs!.Select(static l => l.Token)];

    private static Outcome Run(string[] tokens, string[] stops, bool repetition = false) =>
        Run(tokens.Select(Encoding.UTF8.GetBytes).ToArray(), stops, repetition);

    private static Outcome Run(byte[][] tokens, string[] stops, bool repetition = false)
    {
        var text = new OutputText(stops, repetition);
        List<Piece> pieces = [];
        StopReason? reason = null;
        foreach (var token in tokens)
        {
            reason = text.Append(token, logprobs: null);
            if (reason is not null)
            {
                break;
            }

            if (text.Take() is { } piece)
            {
                pieces.Add(piece);
            }
        }

        if (text.TakeRest() is { } rest)
        {
            pieces.Add(rest);
        }

        return new Outcome(
            [.. pieces.Select(static p => $"{p.Text}/{p.Tokens}")], string.Concat(pieces.Select(static p => p.Text)), pieces.Sum(static p => p.Tokens), reason, text.StopSequence);
    }

    private sealed record Outcome(string[] Pieces, string Text, int Tokens, StopReason? Reason, string? Stop);
}
