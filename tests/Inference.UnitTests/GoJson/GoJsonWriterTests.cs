using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Inference.GoJson;

namespace Inference.UnitTests.GoJson;

public sealed class GoJsonWriterTests
{
    private const int Rounds = 20_000;

    [Theory]
    [InlineData("", "\"\"")]
    [InlineData("plain", "\"plain\"")]
    [InlineData("\"\\/'`", "\"\\\"\\\\/'`\"")]
    [InlineData("\b\f\n\r\t\0\u001f\u007f", "\"\\b\\f\\n\\r\\t\\u0000\\u001f\u007f\"")]
    [InlineData("<a href=\"x\">&</a>", "\"\\u003ca href=\\\"x\\\"\\u003e\\u0026\\u003c/a\\u003e\"")]
    [InlineData("\u2028\u2029\u0085\u00A0\uFEFF\uE000", "\"\\u2028\\u2029\u0085\u00A0\uFEFF\uE000\"")]
    [InlineData("é中\U0001F600\uFFFD", "\"é中\U0001F600\uFFFD\"")]
    public void String_AnyText_IsEscapedAsInGo(string text, string expected) => Assert.Equal(expected, Written(json => json.String(text)));

    // Not a theory: attributes cannot hold half a character.
    [Fact]
    public void String_HalfACharacter_IsReplacedInEscapedForm() => Assert.Equal(
        ["\"a\\ufffdb\"", "\"\\ufffd\\ufffd\"", "\"\U0001F600\\ufffd\""],
        ((string[])["a\uD800b", "\uDC00\uD800", "\U0001F600\uD83D"]).Select(text => Written(json => json.String(text))));

    [Theory]
    [InlineData(0.0, "0")]
    [InlineData(-0.0, "-0")]
    [InlineData(1.0, "1")]
    [InlineData(-1.5, "-1.5")]
    [InlineData(0.1, "0.1")]
    [InlineData(100.0, "100")]
    [InlineData(123456789.0, "123456789")]
    [InlineData(1e-6, "0.000001")]
    [InlineData(9.99e-7, "9.99e-7")]
    [InlineData(1e-7, "1e-7")]
    [InlineData(1.5e-10, "1.5e-10")]
    [InlineData(1e20, "100000000000000000000")]
    [InlineData(1e21, "1e+21")]
    [InlineData(1.7976931348623157e308, "1.7976931348623157e+308")]
    [InlineData(5e-324, "5e-324")]
    [InlineData(123456789012345680.0, "123456789012345680")]
    [InlineData(0.5670403838157654, "0.5670403838157654")]
    [InlineData(-2.1378870010375977, "-2.1378870010375977")]
    public void Double_AnyNumber_HasGosForm(double value, string expected) => Assert.Equal(expected, Written(json => json.Double(value)));

    [Theory]
    [InlineData(0.090611f, "0.090611")]
    [InlineData(0.00070293417f, "0.00070293417")]
    [InlineData(1e-6f, "0.000001")]
    [InlineData(1e-7f, "1e-7")]
    [InlineData(1e20f, "100000000000000000000")]
    [InlineData(1e21f, "1e+21")]
    [InlineData(16777216f, "16777216")]
    [InlineData(1e-5f, "0.00001")]
    [InlineData(float.MaxValue, "3.4028235e+38")]
    [InlineData(float.Epsilon, "1e-45")]
    public void Float_AnyNumber_HasGosForm(float value, string expected) => Assert.Equal(expected, Written(json => json.Float(value)));

    [Fact]
    public void Double_RandomNumbers_ReadBackTheSameWithoutAZeroTooMany()
    {
        var random = new Random(20_26);
        for (var i = 0; i < Rounds; i++)
        {
            var value = BitConverter.Int64BitsToDouble(random.NextInt64());
            if (!double.IsFinite(value))
            {
                continue;
            }

            var text = Written(json => json.Double(value));
            Assert.Equal(value, double.Parse(text, CultureInfo.InvariantCulture));
            Assert.Matches("^-?(0|[1-9][0-9]*)(\\.[0-9]*[1-9])?(e[+-][1-9][0-9]*)?$", text);
            Assert.Equal(text.Contains('e', StringComparison.Ordinal), Math.Abs(value) is > 0 and (< 1e-6 or >= 1e21));
        }
    }

    [Fact]
    public void String_RandomTexts_ReadBackTheSame()
    {
        var random = new Random(14);
        for (var i = 0; i < Rounds; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(40)).Select(_ => Character(random)));
            var written = Written(json => json.String(text));
            Assert.Equal(text, JsonSerializer.Deserialize<string>(written));
            Assert.DoesNotContain(written, static c => c is < ' ' or '<' or '>' or '&' or '\u2028' or '\u2029');
        }
    }

    [Fact]
    public void Write_UntypedValue_SortsKeysByTheirBytes()
    {
        var value = GoAny.Object("""{"z":{"b":1.0,"a":[true,null,"<"],"\ud83d\ude00":1,"\uffee":2},"a":9007199254740993}"""u8.ToArray());
        Assert.Equal("{\"z\":{\"a\":[true,null,\"\\u003c\"],\"b\":1,\"\uFFEE\":2,\"\U0001F600\":1},\"a\":9007199254740992}", Written(json => json.Write(value)));
    }

    [Theory]
    [InlineData("2026-11-21T21:36:56.6300578+00:00", "\"2026-11-21T21:36:56.6300578Z\"")]
    [InlineData("2026-11-21T21:36:56.5000000+00:00", "\"2026-11-21T21:36:56.5Z\"")]
    [InlineData("2026-11-21T21:36:56+00:00", "\"2026-11-21T21:36:56Z\"")]
    [InlineData("2026-11-21T21:36:56.01-07:00", "\"2026-11-21T21:36:56.01-07:00\"")]
    [InlineData("2318-03-05T01:02:03+05:30", "\"2318-03-05T01:02:03+05:30\"")]
    public void Time_AnyTime_HasGosForm(string time, string expected) =>
        Assert.Equal(expected, Written(json => json.Time(DateTimeOffset.Parse(time, CultureInfo.InvariantCulture))));

    private static string Written(Action<GoJsonWriter> write)
    {
        var text = new ArrayBufferWriter<byte>();
        write(new GoJsonWriter(text));
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    private static string Character(Random random) => random.Next(5) switch
    {
        0 => ((char)random.Next(0x20)).ToString(),
        1 => "<>&\"\\\u2028\u2029/"[random.Next(8)].ToString(),
        2 => char.ConvertFromUtf32(random.Next(0x10000, 0x110000)),
        3 => ((char)random.Next(0x80, 0xD800)).ToString(),
        _ => ((char)random.Next(0x20, 0x7F)).ToString(),
    };
}
