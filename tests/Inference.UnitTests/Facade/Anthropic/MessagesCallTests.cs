using Google.Protobuf;
using Inference.Errors;
using Inference.Facade.Anthropic.Requests;
using Inference.Facade.Ollama.Requests;
using Inference.V1;

namespace Inference.UnitTests.Facade.Anthropic;

public sealed class MessagesCallTests
{
    private const string Head = "\"model\":\"m\",\"max_tokens\":5";

    [Theory]
    [InlineData("{\"messages\":[1]}", "json: cannot unmarshal number into Go struct field MessagesRequest.messages of type struct { Role string \"json:\\\"role\\\"\"; Content json.RawMessage \"json:\\\"content\\\"\" }")]
    [InlineData("{\"messages\":[{\"role\":1,\"content\":\"a\"}]}", "json: cannot unmarshal number into Go struct field MessagesRequest.messages.role of type string")]
    [InlineData("{\"messages\":[{\"content\":1}]}", "json: cannot unmarshal number into Go struct field MessagesRequest.messages of type []anthropic.ContentBlock")]
    [InlineData("{\"messages\":[{\"content\":[{\"source\":1}]}]}", "json: cannot unmarshal number into Go struct field MessagesRequest.messages.source of type anthropic.ImageSource")]
    [InlineData("{\"messages\":[{\"content\":[{\"source\":{\"data\":1}}]}]}", "json: cannot unmarshal number into Go struct field MessagesRequest.messages.source.data of type string")]
    [InlineData("{\"messages\":[{\"content\":[{\"input\":[]}]}]}", "Value looks like object, but can't find closing '}' symbol")]
    [InlineData("{\"messages\":[{\"content\":[{\"citations\":[{\"url\":1}]}]}]}", "json: cannot unmarshal number into Go struct field MessagesRequest.messages.citations.url of type string")]
    [InlineData("{\"stream\":1,\"messages\":[{}]}", "unexpected end of JSON input")]
    [InlineData("{\"top_k\":1.5}", "json: cannot unmarshal number 1.5 into Go struct field MessagesRequest.top_k of type int")]
    [InlineData("{\"stop_sequences\":\"x\"}", "json: cannot unmarshal string into Go struct field MessagesRequest.stop_sequences of type []string")]
    [InlineData("{\"tool_choice\":{\"disable_parallel_tool_use\":1}}", "json: cannot unmarshal number into Go struct field ToolChoice.tool_choice.disable_parallel_tool_use of type bool")]
    [InlineData("{\"metadata\":{\"user_id\":1}}", "json: cannot unmarshal number into Go struct field Metadata.metadata.user_id of type string")]
    [InlineData("{\"output_config\":{\"effort\":1}}", "json: cannot unmarshal number into Go struct field OutputConfig.output_config.effort of type string")]
    public void Decode_BadBody_SaysWhatGoSays(string body, string expected) =>
        Assert.Equal(("REQUEST_MALFORMED", expected), Bodies.Problem(() => Decoded(body)));

    [Theory]
    [InlineData("{}", "FIELD_REQUIRED", "model is required")]
    [InlineData("{\"model\":\"m\",\"max_tokens\":-3}", "FIELD_INVALID", "max_tokens is required and must be positive")]
    [InlineData("{" + Head + "}", "FIELD_REQUIRED", "messages is required")]
    [InlineData("{" + Head + ",\"messages\":[{\"content\":[{\"type\":\"image\",\"source\":{\"type\":\"url\",\"url\":\"http://a\"}}]}]}", "MEDIA_INVALID", "invalid image source type: url. Only base64 images are supported.")]
    [InlineData("{" + Head + ",\"messages\":[{\"content\":[{\"type\":\"tool_result\",\"content\":[{\"type\":\"image\",\"source\":{\"type\":\"base64\",\"data\":\"A\"}}]}]}]}", "MEDIA_INVALID", "invalid base64 image data: illegal base64 data at input byte 0")]
    [InlineData("{" + Head + ",\"messages\":[{\"content\":[{\"type\":\"tool_use\",\"name\":\"f\"}]}]}", "FIELD_REQUIRED", "tool_use block missing required 'id' field")]
    [InlineData("{" + Head + ",\"messages\":[{\"content\":[{\"type\":\"tool_use\",\"id\":\"1\"}]}]}", "FIELD_REQUIRED", "tool_use block missing required 'name' field")]
    [InlineData("{" + Head + ",\"messages\":[{\"content\":\"a\"}],\"tools\":[{\"name\":\"f\\\"\",\"input_schema\":[]}]}", "REQUEST_MALFORMED", "invalid input_schema for tool \"f\\\"\": json: cannot unmarshal array into Go value of type api.ToolFunctionParameters")]
    public void ToNative_WhatHasNoForm_SaysWhatOllamaSays(string body, string reason, string expected) =>
        Assert.Equal((reason, expected), Bodies.Problem(() => Decoded(body).ToNative()));

    [Fact]
    public void ToNative_Blocks_ResultsOfToolsComeBeforeWhatTheUserSays()
    {
        var messages = Chat("""
            {"model":"m","max_tokens":5,"system":[{"type":"text","text":"a"},{"type":"x"},{"type":"text","text":"b"}],"messages":[
             {"role":"Assistant","content":[{"type":"thinking","thinking":"t"},{"type":"text","text":"c"},{"type":"tool_use","id":"1","name":"f","input":{"x":1}},{"type":"document"}]},
             {"role":"user","content":[{"type":"text","text":"d"},{"type":"tool_result","tool_use_id":"1","content":[{"type":"text","text":"r"},{"type":"image","source":{"type":"base64","data":"AQ=="}}]},
              {"type":"web_search_tool_result","tool_use_id":"2","content":[{"type":"web_search_result","title":"T","url":"U"}]}]},
             {"role":"user","content":null},{"role":"user","content":[{"type":"text"}]}]}
            """).Messages;
        ChatMessage[] expected =
        [
            new() { Role = Role.System, Content = { new ContentPart { Text = "ab" } } },
            new() { Role = Role.Assistant, Thinking = "t", Content = { new ContentPart { Text = "c" } }, ToolCalls = { new ToolCall { Id = "1", Name = "f", ArgumentsJson = "{\"x\":1}" } } },
            new() { Role = Role.Tool, ToolCallId = "1", Content = { new ContentPart { Media = new Media { Data = ByteString.CopyFrom(1) } }, new ContentPart { Text = "r" } } },
            new() { Role = Role.Tool, ToolCallId = "2", Content = { new ContentPart { Text = "- T: U\n" } } },
            new() { Role = Role.User, Content = { new ContentPart { Text = "d" } } },
        ];
        Assert.Equal(expected, messages);
    }

    [Theory]
    [InlineData("\"thinking\":{\"type\":\"enabled\"},\"output_config\":{\"effort\":\"low\"}", true, null)]
    [InlineData("\"thinking\":{\"type\":\"disabled\"}", false, null)]
    [InlineData("\"thinking\":{\"type\":\"adaptive\"},\"output_config\":{\"effort\":\" XHIGH\"}", null, ThinkingLevel.High)]
    [InlineData("\"output_config\":{\"effort\":\"max\"}", null, ThinkingLevel.Max)]
    [InlineData("\"output_config\":{\"effort\":\"much\"}", null, null)]
    public void ToNative_Thinking_GoesBeforeEffort(string members, bool? enabled, ThinkingLevel? level)
    {
        var expected = enabled is { } on ? new Thinking { Enabled = on } : level is { } asked ? new Thinking { Level = asked } : null;
        Assert.Equal(expected, Chat($"{{{Head},\"messages\":[{{\"content\":\"a\"}}],{members}}}").Thinking);
    }

    [Fact]
    public void ToNative_OwnSearch_ReplacesAFunctionOfThatName()
    {
        var call = Decoded($"{{{Head},\"messages\":[{{\"content\":\"a\"}}],\"tools\":[{{\"name\":\"web_search\",\"input_schema\":1}},{{\"type\":\"web_search_20250305\"}},{{\"name\":\"f\"}}]}}");
        Assert.True(call.SearchesWeb);
        Assert.Equal(["web_search", "f"], call.ToNative().Tools.Select(static t => t.Name));
    }

    [Fact]
    public void ToNative_Options_HaveNoDefaults()
    {
        var call = Decoded($"{{{Head},\"messages\":[{{\"content\":\"a\"}}],\"top_k\":3,\"stop_sequences\":[\"x\"]}}").ToNative();
        Assert.Equal(new SamplingOptions { NumPredict = 5, TopK = 3, Stop = new StopSequences { Sequences = { "x" } } }, OllamaOptions.From(call.Options).Sampling);
    }

    private static MessagesCall Decoded(string body) => Bodies.Decoded(body, MessagesCall.Shape, new MessagesCall());

    private static ChatRequest Chat(string body)
    {
        var call = Decoded(body).ToNative();
        return call.ToContract(OllamaOptions.From(call.Options));
    }
}
