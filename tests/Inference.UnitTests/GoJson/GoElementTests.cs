using System.Text;
using Inference.GoJson;

namespace Inference.UnitTests.GoJson;

public sealed class GoElementTests
{
    [Theory]
    [InlineData("{\"a\":1} junk", "{\"a\":1}")]
    [InlineData(" \n[1,2]}", "[1,2]")]
    [InlineData("\"a\\\\\"\"b\"", "\"a\\\\\"")]
    [InlineData("null", "null")]
    [InlineData("-0.5e+10x", "-0.5e+10")]
    [InlineData("0 1", "0")]
    [InlineData("{}", "{}")]
    [InlineData("[[],{},[{}]]", "[[],{},[{}]]")]
    public void ReadFirst_Value_IsReadAndTheRestIsNot(string text, string value) => Assert.Equal(value, Read(text).GetRawText());

    [Theory]
    [InlineData("", "EOF")]
    [InlineData(" \t\r\n", "EOF")]
    [InlineData("{", "unexpected EOF")]
    [InlineData("{\"a\"", "unexpected EOF")]
    [InlineData("{\"a\":", "unexpected EOF")]
    [InlineData("{\"a\":1", "unexpected EOF")]
    [InlineData("[1,", "unexpected EOF")]
    [InlineData("\"a", "unexpected EOF")]
    [InlineData("\"\\u12", "unexpected EOF")]
    [InlineData("tru", "unexpected EOF")]
    [InlineData("-", "unexpected EOF")]
    [InlineData("1.", "unexpected EOF")]
    [InlineData("1e", "unexpected EOF")]
    [InlineData("{nope", "invalid character 'n' looking for beginning of object key string")]
    [InlineData("{\"a\":1,}", "invalid character '}' looking for beginning of object key string")]
    [InlineData("[1,]", "invalid character ']' looking for beginning of value")]
    [InlineData("}", "invalid character '}' looking for beginning of value")]
    [InlineData("{\"a\" 1}", "invalid character '1' after object key")]
    [InlineData("{\"a\":01}", "invalid character '1' after object key:value pair")]
    [InlineData("[1 2]", "invalid character '2' after array element")]
    [InlineData("not json", "invalid character 'o' in literal null (expecting 'u')")]
    [InlineData("trve", "invalid character 'v' in literal true (expecting 'u')")]
    [InlineData("falsy", "invalid character 'y' in literal false (expecting 'e')")]
    [InlineData("\"\u0001\"", "invalid character '\\x01' in string literal")]
    [InlineData("\"\t\"", "invalid character '\\t' in string literal")]
    [InlineData("\"\\x\"", "invalid character 'x' in string escape code")]
    [InlineData("\"\\u12g4\"", "invalid character 'g' in \\u hexadecimal character escape")]
    [InlineData("-a", "invalid character 'a' in numeric literal")]
    [InlineData("1.a", "invalid character 'a' after decimal point in numeric literal")]
    [InlineData("1e+a", "invalid character 'a' in exponent of numeric literal")]
    [InlineData("'", "invalid character '\\'' looking for beginning of value")]
    [InlineData("{'a':1}", "invalid character '\\'' looking for beginning of object key string")]
    [InlineData("\\", "invalid character '\\\\' looking for beginning of value")]
    [InlineData("é", "invalid character 'Ã' looking for beginning of value")]
    [InlineData("[1\"", "invalid character '\"' after array element")]
    public void ReadFirst_NoValue_FailsInGosWords(string text, string error) => Assert.Equal(error, Assert.Throws<GoJsonException>(() => Read(text)).Message);

    [Fact]
    public void ReadFirst_DeepNesting_Fails()
    {
        Assert.Equal(256, Depth(Read(Nested(256))));
        Assert.Equal("invalid character '[' exceeded max depth", Assert.Throws<GoJsonException>(() => Read(Nested(257))).Message);
    }

    [Theory]
    [InlineData("\"\\ud800\"", "\ufffd")]
    [InlineData("\"\\udc00x\"", "\ufffdx")]
    [InlineData("\"\\ud83d\\ude00\"", "\U0001F600")]
    [InlineData("\"\\ud83d\\u0041\"", "\ufffdA")]
    [InlineData("\"\\\\ud800\"", "\\ud800")]
    [InlineData("\"\\\\\\ud800\"", "\\\ufffd")]
    public void ReadFirst_HalfASurrogatePair_IsReplaced(string text, string value) => Assert.Equal(value, Read(text).GetString());

    [Fact]
    public void ReadFirst_BytesThatAreNoUtf8_AreReplaced() => Assert.Equal("a\ufffdb", GoElement.ReadFirst((byte[])[(byte)'"', (byte)'a', 0xff, (byte)'b', (byte)'"']).GetString());

    [Fact]
    public void ReadFirst_ABrokenSequence_IsReplacedByteByByte() =>
        Assert.Equal("\ufffd\ufffdé", GoElement.ReadFirst((byte[])[(byte)'"', 0xE2, 0x82, .. "é\""u8]).GetString());

    [Fact]
    public void ReadFirst_AnyMutation_FailsOnlyWithItsOwnException()
    {
        var seed = Encoding.UTF8.GetBytes("""{"schemaVersion":2,"config":{"digest":"sha256:\u00e9\ud83d\ude00","size":-1.5e3},"layers":[{"a":null,"b":[true,false]},[]]}""");
        var random = new Random(2);
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = seed[..random.Next(seed.Length + 1)];
            for (var n = random.Next(3); n > 0 && bytes.Length > 0; n--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            if (Record.Exception(() => GoElement.ReadFirst(bytes)) is { } error)
            {
                Assert.IsType<GoJsonException>(error);
            }
        }
    }

    private static System.Text.Json.JsonElement Read(string text) => GoElement.ReadFirst(Encoding.UTF8.GetBytes(text));

    private static string Nested(int depth) => new string('[', depth) + new string(']', depth);

    private static int Depth(System.Text.Json.JsonElement value) => value.GetArrayLength() == 0 ? 1 : 1 + Depth(value[0]);
}
