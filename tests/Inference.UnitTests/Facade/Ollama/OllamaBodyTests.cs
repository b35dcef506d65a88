using System.Text;
using Inference.Errors;
using Inference.Facade.Ollama.Requests;
using Inference.GoJson;

namespace Inference.UnitTests.Facade.Ollama;

public sealed class OllamaBodyTests
{
    [Theory]
    [InlineData("", "missing request body")]
    [InlineData(" \t\r\n", "missing request body")]
    [InlineData("{", "unexpected EOF")]
    [InlineData("{\"model\"", "unexpected EOF")]
    [InlineData("{\"model\":\"m\\u12", "unexpected EOF")]
    [InlineData("}", "invalid character '}' looking for beginning of value")]
    [InlineData("{\"model\":01}", "invalid character '1' after object key:value pair")]
    [InlineData("{\"a\":1,}", "invalid character '}' looking for beginning of object key string")]
    [InlineData("{\"a\" 1}", "invalid character '1' after object key")]
    [InlineData("{\"a\":[1,]}", "invalid character ']' looking for beginning of value")]
    [InlineData("{\"a\":[1 2]}", "invalid character '2' after array element")]
    [InlineData("{\"a\":-}", "invalid character '}' in numeric literal")]
    [InlineData("{\"a\":1.}", "invalid character '}' after decimal point in numeric literal")]
    [InlineData("{\"a\":1e+}", "invalid character '}' in exponent of numeric literal")]
    [InlineData("{\"a\":trux}", "invalid character 'x' in literal true (expecting 'e')")]
    [InlineData("{\"a\":\"\\x\"}", "invalid character 'x' in string escape code")]
    [InlineData("{\"a\":\"\\u00g0\"}", "invalid character 'g' in \\u hexadecimal character escape")]
    [InlineData("{\"a\":\"\u0001\"}", "invalid character '\\x01' in string literal")]
    [InlineData("'", "invalid character '\\'' looking for beginning of value")]
    [InlineData("\u00A0", "invalid character 'Â' looking for beginning of value")]
    // What a field takes.
    [InlineData("{\"model\":1}", "json: cannot unmarshal number into Go struct field GenerateRequest.model of type string")]
    [InlineData("{\"MODEL\":{}}", "json: cannot unmarshal object into Go struct field GenerateRequest.model of type string")]
    [InlineData("{\"context\":[1,1.5]}", "json: cannot unmarshal number 1.5 into Go struct field GenerateRequest.context of type int")]
    [InlineData("{\"images\":[[256]]}", "json: cannot unmarshal number 256 into Go struct field GenerateRequest.images of type uint8")]
    [InlineData("{\"images\":[[\"a\"]]}", "json: cannot unmarshal string into Go struct field GenerateRequest.images of type uint8")]
    [InlineData("{\"options\":{\"a\":{\"b\":[1e999]}}}", "json: cannot unmarshal number 1e999 into Go struct field GenerateRequest.options of type float64")]
    // Which of several is told.
    [InlineData("{\"model\":1,\"prompt\":[]}", "json: cannot unmarshal number into Go struct field GenerateRequest.model of type string")]
    [InlineData("{\"model\":1,\"keep_alive\":\"abc\"}", "time: invalid duration \"abc\"")]
    [InlineData("{\"keep_alive\":\"abc\",\"think\":1}", "time: invalid duration \"abc\"")]
    [InlineData("{\"keep_alive\":\"abc\",\"model\":nul}", "invalid character '}' in literal null (expecting 'l')")]
    [InlineData("{\"images\":[\"!\"],\"prompt\":1}", "illegal base64 data at input byte 0")]
    [InlineData("{\"keep_alive\":[1e999]}", "json: cannot unmarshal number 1e999 into Go struct field GenerateRequest.keep_alive of type float64")]
    public void Decode_BadBody_SaysWhatGoSays(string body, string expected) => Assert.Equal(expected, Problem(body, GenerateCall.Shape, new GenerateCall()));

    [Theory]
    [InlineData("[1]", "json: cannot unmarshal array into Go value of type api.ChatRequest")]
    [InlineData("{\"messages\":[1]}", "json: cannot unmarshal number into Go struct field ChatRequest.messages of type api.Alias")]
    [InlineData("{\"messages\":[{\"content\":[]}]}", "json: cannot unmarshal array into Go struct field ChatRequest.messages.content of type string")]
    [InlineData("{\"messages\":[{\"tool_calls\":[{\"function\":{\"name\":1}}]}]}", "json: cannot unmarshal number into Go struct field ChatRequest.messages.tool_calls.function.name of type string")]
    [InlineData("{\"messages\":[{\"tool_calls\":[{\"function\":{\"arguments\":\"{}\"}}]}]}", "Value looks like object, but can't find closing '}' symbol")]
    [InlineData("{\"messages\":[{\"tool_calls\":[{\"function\":{\"arguments\":{\"a\":1e999}}}]}]}", "json: cannot unmarshal number 1e999 into Go struct field ChatRequest.messages.tool_calls.function.arguments of type float64")]
    [InlineData("{\"messages\":[{\"tool_calls\":[{\"function\":{\"arguments\":{\"\\ud800\":1}}}]}]}", "Encountered an invalid escape sequence in a string")]
    [InlineData("{\"stream\":1,\"messages\":[{\"role\":1}]}", "json: cannot unmarshal number into Go struct field ChatRequest.messages.role of type string")]
    [InlineData("{\"stream\":1,\"tools\":[{\"type\":1}]}", "json: cannot unmarshal number into Go struct field ChatRequest.stream of type bool")]
    [InlineData("{\"tools\":\"x\"}", "json: cannot unmarshal string into Go struct field ChatRequest.tools of type api.Tools")]
    [InlineData("{\"tools\":[{\"function\":{\"parameters\":{\"properties\":{\"a\":{\"type\":1}}}}}]}", "json: cannot unmarshal number into Go struct field ToolFunctionParameters.tools.function.parameters.properties.type of type []string")]
    [InlineData("{\"tools\":[{\"function\":{\"parameters\":{\"properties\":{\"a\":{\"properties\":{\"b\":{\"type\":{}}}}}}}}]}", "json: cannot unmarshal object into Go struct field ToolFunctionParameters.tools.function.parameters.properties.properties.type of type []string")]
    [InlineData("{\"tools\":[{\"function\":{\"parameters\":{\"properties\":{\"a\":{\"anyOf\":[1]}}}}}]}", "json: cannot unmarshal number into Go struct field ToolFunctionParameters.tools.function.parameters.properties.anyOf of type api.ToolProperty")]
    public void Decode_BadConversation_SaysWhatGoSays(string body, string expected) => Assert.Equal(expected, Problem(body, ChatCall.Shape, new ChatCall()));

    [Fact]
    public void Decode_BytesThatAreNoText_AreReplacedOneByOne()
    {
        var call = new GenerateCall();
        OllamaBody.Decode((byte[])[.. "{\"prompt\":\"a"u8, 0xE2, 0x82, .. "b\\ud800c\\ud83d\\ude00\"}"u8], GenerateCall.Shape, call);
        Assert.Equal("a\uFFFD\uFFFDb\uFFFDc\U0001F600", call.Request.Prompt);
    }

    [Fact]
    public void Decode_SecondValueUnderAKey_WinsOrMerges()
    {
        var call = Decoded("{\"model\":\"a\",\"Model\":\"b\",\"options\":{\"x\":1,\"y\":2},\"options\":{\"y\":3},\"context\":[1,2,3],\"context\":[4,null]}");
        Assert.Equal("b", call.Request.Model);
        Assert.Equal([("x", 1.0), ("y", 3.0)], call.Options.Select(o => (o.Key, (double)o.Value!)));
        Assert.Equal([4, 2], call.Context);
    }

    [Fact]
    public void Decode_Null_LeavesTextsAndEmptiesTheRest()
    {
        var call = Decoded("{\"prompt\":\"a\",\"prompt\":null,\"stream\":false,\"stream\":null,\"context\":[1],\"context\":null,\"keep_alive\":0,\"keep_alive\":null}");
        Assert.Equal("a", call.Request.Prompt);
        Assert.Null(call.Stream);
        Assert.Empty(call.Context);
        Assert.Null(call.KeepAlive);
    }

    [Fact]
    public void Decode_WhatFollowsTheValue_IsIgnored() => Assert.Equal("m", Decoded("{\"model\":\"m\"}}}}").Request.Model);

    [Fact]
    public void Decode_KeysFoldedAsGoDoes_AreFound() => Assert.Equal(["S", "12s"], [Decoded("{\"\u017Fystem\":\"S\"}").System, Decoded("{\"\u212AEEP_ALIVE\":12}").KeepAlive!.ToString().Trim('"')]);

    [Theory]
    [InlineData("unknown", "[", "]", 10_000, null)]
    [InlineData("unknown", "[", "]", 10_001, "invalid character '[' exceeded max depth")]
    [InlineData("options", "{\"a\":", "}", 10_000, null)]
    [InlineData("options", "{\"a\":", "}", 10_001, "invalid character '{' exceeded max depth")]
    [InlineData("format", "[", "]", 10_000, null)]
    public void Decode_DeepNesting_HasGosLimit(string field, string open, string close, int depth, string? expected)
    {
        // The body itself is one level.
        var value = string.Concat(Enumerable.Repeat(open, depth - 1)) + "1" + string.Concat(Enumerable.Repeat(close, depth - 1));
        Assert.Equal(expected, Problem($"{{\"{field}\":{value}}}", GenerateCall.Shape, new GenerateCall()));
    }

    [Fact]
    public void Decode_DeepToolSchema_NeedsNoMoreStackThanThereIs()
    {
        const int Levels = 4_990;
        var property = string.Concat(Enumerable.Repeat("{\"properties\":{\"a\":", Levels)) + "{\"type\":\"string\"}" + string.Concat(Enumerable.Repeat("}}", Levels));
        var call = new ChatCall();
        OllamaBody.Decode(Encoding.UTF8.GetBytes($"{{\"tools\":[{{\"function\":{{\"parameters\":{property}}}}}]}}"), ChatCall.Shape, call);
        Assert.EndsWith(string.Concat(Enumerable.Repeat("}}", Levels)), call.Tools[0].ToContract().Function.ParametersJsonSchema, StringComparison.Ordinal);
    }

    private static GenerateCall Decoded(string body)
    {
        var call = new GenerateCall();
        OllamaBody.Decode(Encoding.UTF8.GetBytes(body), GenerateCall.Shape, call);
        return call;
    }

    private static string? Problem<T>(string body, GoStruct<T> shape, T target)
    {
        try
        {
            OllamaBody.Decode(Encoding.UTF8.GetBytes(body), shape, target);
            return null;
        }
        catch (InferenceException e)
        {
            Assert.Same(Catalogue.RequestMalformed, e.Error.Kind);
            return e.Message;
        }
    }
}
