using Inference.Runtime.Sampling;

namespace Inference.UnitTests.Runtime.Sampling;

public sealed class RepetitionGuardTests
{
    [Theory]
    [InlineData("ha", 31)]
    [InlineData(" ", 30)] // nothing was seen before, and trimmed it is nothing
    [InlineData("\n\n", 30)]
    public void Exceeds_SamePiece_AfterThirtyRepeats(string piece, int taken)
    {
        var guard = new RepetitionGuard();
        for (var i = 0; i < taken; i++)
        {
            Assert.False(guard.Exceeds(piece));
        }

        Assert.True(guard.Exceeds(piece));
    }

    [Fact]
    public void Exceeds_OnlyWhiteSpaceAroundDiffers_CountsAsTheSame()
    {
        var guard = new RepetitionGuard();
        for (var i = 0; i < 31; i++)
        {
            Assert.False(guard.Exceeds(i % 2 == 0 ? " ha" : "ha\n"));
        }

        Assert.True(guard.Exceeds("ha"));
    }

    [Fact]
    public void Exceeds_AnotherPieceBetween_StartsAgain()
    {
        var guard = new RepetitionGuard();
        for (var i = 0; i < 200; i++)
        {
            Assert.False(guard.Exceeds(i % 31 == 30 ? new string('x', 40) : "ha"));
        }
    }
}
