using System.Text.Json;
using Inference.Prompts.GoTemplates.Formatting;
using Inference.Prompts.GoTemplates.Values;

namespace Inference.UnitTests.Prompts.GoTemplates.Formatting;

public sealed class GoJsonTextTests
{
    [Theory]
    [InlineData("null", "null")]
    [InlineData("[true,false,null,[],{}]", "[true,false,null,[],{}]")]
    [InlineData("[1,-0.5,1e21,1e-7]", "[1,-0.5,1e+21,1e-7]")]
    [InlineData("{\"b\":1,\"a\":{\"d\":2,\"c\":3}}", "{\"a\":{\"c\":3,\"d\":2},\"b\":1}")]
    [InlineData("\"<\\u2028\\u0001\\\"\\ud83d\\ude00\"", "\"\\u003c\\u2028\\u0001\\\"\U0001F600\"")]
    [InlineData("\"\\ud800\"", "\"\uFFFD\"")]
    [InlineData("{\"\\ud800\\u003c\\/\":\"\\udc00\\\\n\"}", "{\"\uFFFD\\u003c/\":\"\uFFFD\\\\n\"}")]
    public void Marshal_DecodedJson_IsWrittenAsGoWritesIt(string json, string expected)
    {
        using var document = JsonDocument.Parse(json);
        Assert.Equal(expected, GoJsonText.Marshal(JsonValues.Any(document.RootElement)));
    }

    // Not a theory: attributes cannot hold half a character.
    [Fact]
    public void Marshal_BytesOfNoCharacter_AreEscapedAndHalvesAreJoined()
    {
        byte[][] texts = [[(byte)'a', 0x80, (byte)'b'], [0xE2, 0x82]];
        Assert.Equal(["\"a\\ufffdb\"", "\"\\ufffd\\ufffd\""], texts.Select(bytes => GoJsonText.Marshal(new GoString(GoText.FromBytes(bytes)))));
        Assert.Equal("\"é\"", GoJsonText.Marshal(new GoString(GoText.FromBytes([0xC3]) + GoText.FromBytes([0xA9]))));
    }

    [Fact]
    public void Marshal_WhatDoesNotMarshal_IsNothing() => Assert.Equal("", GoJsonText.Marshal(new GoFloat(double.NaN)));
}
