using Inference.GoJson;

namespace Inference.UnitTests.GoJson;

public sealed class GoDurationTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("5m", 300_000_000_000)]
    [InlineData("1h30m", 5_400_000_000_000)]
    [InlineData("1.5h", 5_400_000_000_000)]
    [InlineData("-1.5s", -1_500_000_000)]
    [InlineData("+300ms", 300_000_000)]
    [InlineData("1.h", 3_600_000_000_000)]
    [InlineData(".5s", 500_000_000)]
    [InlineData("10us", 10_000)]
    [InlineData("10\u00B5s", 10_000)]
    [InlineData("10\u03BCs", 10_000)]
    [InlineData("9223372036854775807ns", long.MaxValue)]
    [InlineData("-9223372036854775808ns", long.MinValue)]
    [InlineData("0.3333333333333333333h", 1_200_000_000_000)]
    [InlineData("9007199254740993ns", 9_007_199_254_740_993)]
    public void TryParse_ADuration_GivesNanoseconds(string text, long expected)
    {
        Assert.True(GoDuration.TryParse(text, out var nanoseconds, out _));
        Assert.Equal(expected, nanoseconds);
    }

    [Theory]
    [InlineData("", "time: invalid duration \"\"")]
    [InlineData("-", "time: invalid duration \"-\"")]
    [InlineData(".", "time: invalid duration \".\"")]
    [InlineData("3000", "time: missing unit in duration \"3000\"")]
    [InlineData("1h1", "time: missing unit in duration \"1h1\"")]
    [InlineData("1d", "time: unknown unit \"d\" in duration \"1d\"")]
    [InlineData("1h-1m", "time: unknown unit \"h-\" in duration \"1h-1m\"")]
    [InlineData("9223372036854775808ns", "time: invalid duration \"9223372036854775808ns\"")]
    [InlineData("99999999999999h", "time: invalid duration \"99999999999999h\"")]
    [InlineData("5é", "time: unknown unit \"\\xc3\\xa9\" in duration \"5\\xc3\\xa9\"")]
    [InlineData("\"\\\t", "time: invalid duration \"\\\"\\\\\\x09\"")]
    public void TryParse_Anything_SaysWhatGoSays(string text, string expected)
    {
        Assert.False(GoDuration.TryParse(text, out _, out var problem));
        Assert.Equal(expected, problem);
    }
}
