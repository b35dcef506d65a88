using Inference.Errors;
using Inference.Facade.Ollama.Requests;
using Inference.Facade.OpenAi.Requests;
using Inference.V1;

namespace Inference.UnitTests.Facade.OpenAi;

public sealed class ResponsesCallTests
{
    [Theory]
    [InlineData("{\"input\":{}}", "input must be a string or array: json: cannot unmarshal object into Go value of type []json.RawMessage")]
    [InlineData("{\"input\":[{\"role\":1}]}", "input[0]: json: cannot unmarshal number into Go struct field .role of type string")]
    [InlineData("{\"input\":[{\"role\":\"user\",\"content\":\"a\"},{\"type\":\"x\\n\"}]}", "input[1]: unknown input item type: \"x\\n\"")]
    [InlineData("{\"input\":[{}]}", "input[0]: input item missing required 'type' field")]
    [InlineData("{\"input\":[{\"role\":\"user\",\"content\":1}]}", "input[0]: content must be a string or array: json: cannot unmarshal number into Go value of type []json.RawMessage")]
    [InlineData("{\"input\":[{\"role\":\"user\",\"content\":[{\"type\":1}]}]}", "input[0]: content[0]: json: cannot unmarshal number into Go struct field .type of type string")]
    [InlineData("{\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_text\",\"text\":\"a\"},{\"type\":\"x\"}]}]}", "input[0]: content[1]: unknown content type: x")]
    [InlineData("{\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_text\",\"text\":1}]}]}", "input[0]: content[0]: json: cannot unmarshal number into Go struct field ResponsesTextContent.text of type string")]
    [InlineData("{\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_image\",\"image_url\":{}}]}]}", "input[0]: content[0]: json: cannot unmarshal object into Go struct field ResponsesImageContent.image_url of type string")]
    [InlineData("{\"input\":[{\"type\":\"function_call\",\"arguments\":{}}]}", "input[0]: json: cannot unmarshal object into Go struct field ResponsesFunctionCall.arguments of type string")]
    [InlineData("{\"input\":[{\"type\":\"function_call_output\",\"output\":1}]}", "input[0]: output must be a string or array: json: cannot unmarshal number into Go value of type []json.RawMessage")]
    [InlineData("{\"input\":[{\"type\":\"function_call_output\",\"output\":[{}]}]}", "input[0]: output[0]: unknown content type: ")]
    [InlineData("{\"input\":[{\"type\":\"reasoning\",\"summary\":[1]}]}", "input[0]: json: cannot unmarshal number into Go struct field ResponsesReasoningInput.summary of type openai.ResponsesReasoningSummary")]
    [InlineData("{\"stream\":1,\"input\":1}", "input must be a string or array: json: cannot unmarshal number into Go value of type []json.RawMessage")]
    [InlineData("{\"include\":[1]}", "json: cannot unmarshal number into Go struct field ResponsesRequest.include of type string")]
    [InlineData("{\"reasoning\":{\"summary\":1}}", "json: cannot unmarshal number into Go struct field ResponsesReasoning.reasoning.summary of type string")]
    [InlineData("{\"text\":{\"format\":{\"strict\":1}}}", "json: cannot unmarshal number into Go struct field ResponsesTextFormat.text.format.strict of type bool")]
    [InlineData("{\"tools\":[{\"tools\":[{\"name\":1}]}]}", "json: cannot unmarshal number into Go struct field ResponsesTool.tools.tools.name of type string")]
    public void Decode_BadBody_SaysWhatGoSays(string body, string expected) =>
        Assert.Equal(("REQUEST_MALFORMED", expected), Bodies.Problem(() => Decoded(body)));

    [Theory]
    [InlineData("{\"input\":[{\"type\":\"function_call\",\"arguments\":\"{bad\"}]}", "FIELD_INVALID", "failed to parse function call arguments: invalid character 'b' looking for beginning of object key string")]
    [InlineData("{\"input\":[{\"type\":\"function_call\",\"arguments\":\"{\"}]}", "FIELD_INVALID", "failed to parse function call arguments: unexpected end of JSON input")]
    [InlineData("{\"input\":[{\"type\":\"function_call\",\"arguments\":\"{}x\"}]}", "FIELD_INVALID", "failed to parse function call arguments: invalid character 'x' after top-level value")]
    [InlineData("{\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_file\"}]}]}", "MEDIA_INVALID", "file inputs are not currently supported")]
    [InlineData("{\"input\":[{\"type\":\"function_call_output\",\"output\":[{\"type\":\"input_image\",\"image_url\":\"x\"}]}]}", "MEDIA_INVALID", "invalid image input")]
    [InlineData("{\"reasoning\":{\"effort\":\"x\\\"\"}}", "FIELD_INVALID", "invalid reasoning value: \"x\\\"\" (must be \"minimal\", \"low\", \"medium\", \"high\", \"xhigh\", \"ultra\", \"max\", or \"none\")")]
    [InlineData("{\"tools\":[{\"parameters\":{\"required\":1}}]}", "REQUEST_MALFORMED", "failed to unmarshal tool parameters: json: cannot unmarshal number into Go struct field ToolFunctionParameters.required of type []string")]
    public void ToNative_WhatHasNoForm_SaysWhatOllamaSays(string body, string reason, string expected) =>
        Assert.Equal((reason, expected), Bodies.Problem(() => Decoded(body).ToNative(), OllamaRoute.Chat));

    [Fact]
    public void ToNative_Items_ArePutTogetherToMessages()
    {
        var messages = Chat("""
            {"instructions":"be","input":[{"role":"user","content":[{"type":"input_text","text":"a"},{"type":"output_text","text":"b"}]},
             {"type":"reasoning","encrypted_content":"t1"},{"type":"function_call","call_id":"1","name":"f","arguments":"{\"x\":1}"},{"type":"function_call","call_id":"2","name":"g","arguments":""},
             {"type":"function_call_output","call_id":"1","output":[{"type":"input_text","text":"r"}]},{"type":"web_search_call","id":"w"},
             {"type":"reasoning","encrypted_content":"t2"},{"type":"message","role":"assistant","content":"done"},{"type":"reasoning","encrypted_content":"t3"}]}
            """).Messages;
        ChatMessage[] expected =
        [
            new() { Role = Role.System, Content = { new ContentPart { Text = "be" } } },
            new() { Role = Role.User, Content = { new ContentPart { Text = "ab" } } },
            new() { Role = Role.Assistant, Thinking = "t1", ToolCalls = { new ToolCall { Id = "1", Name = "f", ArgumentsJson = "{\"x\":1}" }, new ToolCall { Id = "2", Name = "g", ArgumentsJson = "{}" } } },
            new() { Role = Role.Tool, ToolCallId = "1", Content = { new ContentPart { Text = "r" } } },
            new() { Role = Role.Assistant, Thinking = "t2", Content = { new ContentPart { Text = "done" } } },
            new() { Role = Role.Assistant, Thinking = "t3" },
        ];
        Assert.Equal(expected, messages);
    }

    [Fact]
    public void ToNative_Namespace_GivesItsToolsLongNames()
    {
        var tools = Chat("""{"input":"a","tools":[{"type":"namespace","name":"n","tools":[{"type":"function","name":"f"},{"type":"namespace","name":"m","tools":[{"name":"g"}]}]},{"type":"web_search"}]}""").Tools;
        Assert.Equal(["n.f", "n.m.g", "web_search"], tools.Select(static t => t.Function.Name));
    }

    [Fact]
    public void ToNative_ManyNamespacesInOneAnother_NeedNoMoreStackThanThereIs()
    {
        const int Levels = 4_990;
        var body = "{\"tools\":[" + string.Concat(Enumerable.Repeat("{\"type\":\"namespace\",\"tools\":[", Levels)) + "{\"name\":\"f\"}" + string.Concat(Enumerable.Repeat("]}", Levels)) + "]}";
        Assert.EndsWith(".f", Decoded(body).ToNative().Tools.Single().Name, StringComparison.Ordinal);
    }

    [Fact]
    public void ToNative_Defaults_TopPStaysTheModels()
    {
        var call = Decoded("""{"input":"a","max_output_tokens":3}""").ToNative();
        Assert.Equal(new SamplingOptions { Temperature = 1, NumPredict = 3 }, OllamaOptions.From(call.Options).Sampling);
    }

    private static ResponsesCall Decoded(string body) => Bodies.Decoded(body, ResponsesCall.Shape, new ResponsesCall());

    private static ChatRequest Chat(string body)
    {
        var call = Decoded(body).ToNative();
        return call.ToContract(OllamaOptions.From(call.Options));
    }
}
