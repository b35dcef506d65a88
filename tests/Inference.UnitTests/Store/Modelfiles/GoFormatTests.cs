using System.Text.Json;
using Inference.Store.Modelfiles;

namespace Inference.UnitTests.Store.Modelfiles;

public sealed class GoFormatTests
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
    public void Number_IsStrconvsShortestG(double number, string text) => Assert.Equal(text, GoFormat.Number(number));

    [Fact]
    public void Number_AnyDouble_ReadsBackAsItself()
    {
        var random = new Random(4);
        for (var i = 0; i < 20_000; i++)
        {
            var number = BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue));
            if (double.IsFinite(number))
            {
                Assert.Equal(number, double.Parse(GoFormat.Number(number), System.Globalization.CultureInfo.InvariantCulture));
            }
        }
    }

    [Theory]
    [InlineData("\"a\\n\\\"b\"", "a\n\"b", "\"a\\n\\\"b\"")]
    [InlineData("true", "true", "true")]
    [InlineData("null", "<nil>", "<nil>")]
    [InlineData("[1,\"a\",null]", "[1 a <nil>]", "[]interface {}{1, \"a\", interface {}(nil)}")]
    [InlineData("{\"b\":1,\"a\":[],\"b\":\"x\"}", "map[a:[] b:x]", "map[string]interface {}{\"a\":[]interface {}{}, \"b\":\"x\"}")]
    public void Value_IsWrittenAsGoWritesIt(string json, string plain, string syntax)
    {
        using var document = JsonDocument.Parse(json);

        Assert.Equal(plain, GoFormat.Plain(document.RootElement));
        Assert.Equal(syntax, GoFormat.Syntax(document.RootElement));
    }
}
