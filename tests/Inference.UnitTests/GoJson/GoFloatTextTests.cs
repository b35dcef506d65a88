using System.Globalization;
using Inference.GoJson;

namespace Inference.UnitTests.GoJson;

public sealed class GoFloatTextTests
{
    [Theory]
    [InlineData(0, "0")]
    [InlineData(-0.0, "-0")]
    [InlineData(1, "1")]
    [InlineData(0.1, "0.1")]
    [InlineData(-1.5, "-1.5")]
    [InlineData(123456, "123456")]
    [InlineData(100000, "100000")]
    [InlineData(1000000, "1e+06")]
    [InlineData(1048576, "1.048576e+06")]
    [InlineData(123456.5, "123456.5")]
    [InlineData(0.0001, "0.0001")]
    [InlineData(0.00012, "0.00012")]
    [InlineData(0.00001, "1e-05")]
    [InlineData(1e-7, "1e-07")]
    [InlineData(9007199254740993, "9.007199254740992e+15")]
    [InlineData(1.7976931348623157e308, "1.7976931348623157e+308")]
    [InlineData(5e-324, "5e-324")]
    [InlineData(1e100, "1e+100")]
    [InlineData(4096.0, "4096")]
    [InlineData(0.3, "0.3")]
    [InlineData(999999.0, "999999")]
    [InlineData(-1048576.0, "-1.048576e+06")]
    public void Format_ShortestG_HasTheFormOfFmt(double number, string text) => Assert.Equal(text, GoFloatText.Format(number, 'g', -1));

    [Fact]
    public void Format_AnyDouble_ReadsBackAsItself()
    {
        var random = new Random(4);
        for (var i = 0; i < 20_000; i++)
        {
            var number = BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue));
            if (double.IsFinite(number))
            {
                Assert.Equal(number, double.Parse(GoFloatText.Format(number, 'g', -1), CultureInfo.InvariantCulture));
            }
        }
    }
}
