using Inference.GoJson;

namespace Inference.UnitTests.GoJson;

public sealed class GoJsonReaderTests
{
    private static readonly GoStruct<GoTarget<Pair>> Shape = new("Pair", "test.Pair",
    [
        ("name", static (json, p) => p.Value = p.Value with { Name = json.String(p.Value.Name) }),
        ("size", static (json, p) => p.Value = p.Value with { Size = json.Int64(p.Value.Size) }),
    ]);

    [Theory]
    [InlineData("", "EOF")]
    [InlineData(" \n", "EOF")]
    [InlineData("[[]]", "json: cannot unmarshal array into Go value of type test.Pair")]
    [InlineData("[{\"name\":\"a\"},{\"size\":1.0,\"name\":2}]", "json: cannot unmarshal number 1.0 into Go struct field Pair.size of type int64")]
    [InlineData("{}", "json: cannot unmarshal object into Go value of type []test.Pair")]
    [InlineData("[{\"size\":9223372036854775808}]", "json: cannot unmarshal number 9223372036854775808 into Go struct field Pair.size of type int64")]
    [InlineData("[{\"size\":\"1\"},", "unexpected EOF")]
    public void Decode_WhatDoesNotFit_FailsInGosWords(string text, string expected) =>
        Assert.Equal(expected, Assert.Throws<GoJsonException>(() => Read(text)).Message);

    [Fact]
    public void Decode_Records_KeepWhatIsNotNamed() =>
        Assert.Equal([new Pair("a", long.MinValue), new Pair("zero", 2)], Read("[{\"NAME\":\"a\",\"size\":-9223372036854775808,\"name\":null},{\"other\":[{}],\"size\":2}] rest"));

    private static List<Pair> Read(string text)
    {
        List<Pair> pairs = [];
        GoJsonReader.Decode(System.Text.Encoding.UTF8.GetBytes(text), pairs, static (json, list) =>
            json.List(list, "[]test.Pair", static () => new Pair("zero", 0), static (json, old) => json.Record(Shape, old)));
        return pairs;
    }

    private sealed record Pair(string Name, long Size);
}
