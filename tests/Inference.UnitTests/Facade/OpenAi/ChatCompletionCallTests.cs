using Google.Protobuf;
using Inference.Errors;
using Inference.Facade.Ollama.Requests;
using Inference.Facade.OpenAi.Requests;
using Inference.V1;

namespace Inference.UnitTests.Facade.OpenAi;

public sealed class ChatCompletionCallTests
{
    [Theory]
    [InlineData("", "EOF")]
    [InlineData("[]", "json: cannot unmarshal array into Go value of type openai.ChatCompletionRequest")]
    [InlineData("{\"messages\":\"x\"}", "json: cannot unmarshal string into Go struct field ChatCompletionRequest.messages of type []openai.Message")]
    [InlineData("{\"messages\":[{\"role\":1}]}", "json: cannot unmarshal number into Go struct field Message.messages.role of type string")]
    [InlineData("{\"messages\":[{\"tool_calls\":{}}]}", "json: cannot unmarshal object into Go struct field Message.messages.tool_calls of type []openai.ToolCall")]
    [InlineData("{\"messages\":[{\"tool_calls\":[{\"index\":\"0\"}]}]}", "json: cannot unmarshal string into Go struct field ToolCall.messages.tool_calls.index of type int")]
    [InlineData("{\"messages\":[{\"tool_calls\":[{\"function\":1}]}]}", "json: cannot unmarshal number into Go struct field ToolCall.messages.tool_calls.function of type struct { Name string \"json:\\\"name\\\"\"; Arguments string \"json:\\\"arguments\\\"\" }")]
    [InlineData("{\"messages\":[{\"content\":[1e999]}]}", "json: cannot unmarshal number 1e999 into Go struct field Message.messages.content of type float64")]
    [InlineData("{\"seed\":1.5}", "json: cannot unmarshal number 1.5 into Go struct field ChatCompletionRequest.seed of type int")]
    [InlineData("{\"temperature\":1e400}", "json: cannot unmarshal number 1e400 into Go struct field ChatCompletionRequest.temperature of type float64")]
    [InlineData("{\"stream_options\":[]}", "json: cannot unmarshal array into Go struct field ChatCompletionRequest.stream_options of type openai.StreamOptions")]
    [InlineData("{\"response_format\":{\"json_schema\":[]}}", "json: cannot unmarshal array into Go struct field ResponseFormat.response_format.json_schema of type openai.JsonSchema")]
    [InlineData("{\"reasoning\":\"high\"}", "json: cannot unmarshal string into Go struct field ChatCompletionRequest.reasoning of type openai.Reasoning")]
    [InlineData("{\"tools\":[1],\"stream\":1}", "json: cannot unmarshal number into Go struct field ChatCompletionRequest.tools of type api.Tool")]
    public void Decode_BadBody_SaysWhatGoSays(string body, string expected) =>
        Assert.Equal(("REQUEST_MALFORMED", expected), Bodies.Problem(() => Decoded(body)));

    [Theory]
    [InlineData("[{}]", "REQUEST_MALFORMED", "invalid message content type: <nil>")]
    [InlineData("[{\"content\":1}]", "REQUEST_MALFORMED", "invalid message content type: float64")]
    [InlineData("[{\"content\":true}]", "REQUEST_MALFORMED", "invalid message content type: bool")]
    [InlineData("[{\"content\":{}}]", "REQUEST_MALFORMED", "invalid message content type: map[string]interface {}")]
    [InlineData("[{\"tool_calls\":null}]", "REQUEST_MALFORMED", "invalid message content type: <nil>")]
    [InlineData("[{\"content\":[\"x\"]}]", "REQUEST_MALFORMED", "invalid message format")]
    [InlineData("[{\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":1}}]}]", "REQUEST_MALFORMED", "invalid message format")]
    [InlineData("[{\"content\":[{\"type\":\"input_audio\",\"input_audio\":\"x\"}]}]", "REQUEST_MALFORMED", "invalid input_audio format")]
    [InlineData("[{\"content\":[{\"type\":\"input_audio\",\"input_audio\":{\"data\":1}}]}]", "REQUEST_MALFORMED", "invalid input_audio format: missing data")]
    [InlineData("[{\"content\":[{\"type\":\"input_audio\",\"input_audio\":{\"data\":\"AAAAA\"}}]}]", "MEDIA_INVALID", "invalid input_audio base64 data: illegal base64 data at input byte 4")]
    [InlineData("[{\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"http://a/b\"}}]}]", "MEDIA_INVALID", "image URLs are not currently supported, please use base64 encoded data instead")]
    [InlineData("[{\"content\":[{\"type\":\"image_url\",\"image_url\":\"data:image/png;base64,A\"}]}]", "MEDIA_INVALID", "invalid image input")]
    [InlineData("[{\"content\":\"\",\"tool_calls\":[{\"function\":{\"arguments\":\"\"}}]}]", "FIELD_INVALID", "invalid tool call arguments")]
    [InlineData("[{\"content\":\"\",\"tool_calls\":[{\"function\":{\"arguments\":\"{} x\"}}]}]", "FIELD_INVALID", "invalid tool call arguments")]
    [InlineData("[{\"content\":\"\",\"tool_calls\":[{\"function\":{\"arguments\":\"[1]\"}}]}]", "FIELD_INVALID", "invalid tool call arguments")]
    [InlineData("[]", "FIELD_REQUIRED", "[] is too short - 'messages'")]
    public void ToNative_BadMessages_SaysWhatOllamaSays(string messages, string reason, string expected) =>
        Assert.Equal((reason, expected), Bodies.Problem(() => Decoded($"{{\"messages\":{messages}}}").ToNative(), OllamaRoute.Chat));

    [Fact]
    public void ToNative_BadMessageAndBadEffort_TellsTheMessage() =>
        Assert.Equal("invalid message format", Bodies.Problem(() => Decoded("""{"messages":[{"content":[1]}],"reasoning_effort":"x"}""").ToNative()).Text);

    [Fact]
    public void ToNative_BadArguments_NamesTheFieldOfTheContract()
    {
        var error = Assert.Throws<InferenceException>(() => Decoded("""{"messages":[{"content":"a"},{"content":"","tool_calls":[{"function":{"arguments":"{}"}},{"function":{"arguments":"x"}}]}]}""").ToNative()).Error;
        Assert.Equal("messages[1].tool_calls[1].arguments_json", error.Facts["field"]);
    }

    [Theory]
    [InlineData("", null, null)]
    [InlineData("none", false, null)]
    [InlineData("minimal", null, ThinkingLevel.Low)]
    [InlineData("low", null, ThinkingLevel.Low)]
    [InlineData("medium", null, ThinkingLevel.Medium)]
    [InlineData("high", null, ThinkingLevel.High)]
    [InlineData("xhigh", null, ThinkingLevel.Max)]
    [InlineData("ultra", null, ThinkingLevel.Max)]
    [InlineData("max", null, ThinkingLevel.Max)]
    public void ToNative_Effort_IsThinking(string effort, bool? enabled, ThinkingLevel? level)
    {
        var thinking = Chat($$"""{"messages":[{"content":"a"}],"reasoning_effort":"{{effort}}"}""").Thinking;
        var expected = enabled is { } on ? new Thinking { Enabled = on } : level is { } asked ? new Thinking { Level = asked } : null;
        Assert.Equal(expected, thinking);
    }

    [Fact]
    public void ToNative_BothEfforts_TheInnerOneCounts() =>
        Assert.Equal(ThinkingLevel.Low, Chat("""{"messages":[{"content":"a"}],"reasoning_effort":"bogus","reasoning":{"effort":"low"}}""").Thinking.Level);

    [Fact]
    public void ToNative_Defaults_AreOpenAis()
    {
        var call = Decoded("""{"model":"m","messages":[{"role":"USER","content":"a"}]}""").ToNative();
        var options = OllamaOptions.From(call.Options);
        Assert.Equal(new SamplingOptions { Temperature = 1, TopP = 1 }, options.Sampling);
        Assert.Empty(options.Warnings);
        Assert.False(call.Streams);
        Assert.Equal(new ChatMessage { Role = Role.User, Content = { new ContentPart { Text = "a" } } }, Assert.Single(call.ToContract(options).Messages));
    }

    [Fact]
    public void ToNative_Options_AreThoseSent()
    {
        var call = Decoded("""{"messages":[{"content":"a"}],"max_tokens":7,"seed":3,"stop":["x",1,"y"],"temperature":0,"top_p":0.5,"frequency_penalty":0.25,"presence_penalty":-1}""").ToNative();
        var expected = new SamplingOptions
        {
            NumPredict = 7, Seed = 3, Temperature = 0, TopP = 0.5f, FrequencyPenalty = 0.25f, PresencePenalty = -1,
            Stop = new StopSequences { Sequences = { "x", "y" } },
        };
        Assert.Equal(expected, OllamaOptions.From(call.Options).Sampling);
    }

    [Theory]
    [InlineData("{\"type\":\" JSON_object \"}", "\"json\"")]
    [InlineData("{\"type\":\"json_schema\",\"json_schema\":{\"schema\":{ \"a\" : \"<\" }}}", "{\"a\":\"\\u003c\"}")]
    [InlineData("{\"type\":\"json_schema\"}", "")]
    [InlineData("{\"type\":\"text\"}", "")]
    public void ToNative_ResponseFormat_IsFormat(string format, string expected)
    {
        var call = Decoded($"{{\"messages\":[{{\"content\":\"a\"}}],\"response_format\":{format}}}").ToNative();
        Assert.Equal(expected, System.Text.Encoding.UTF8.GetString(call.Format.Span));
    }

    [Fact]
    public void ToNative_Parts_AreMessagesOfTheirOwn_AndCallsGoWithTheLast()
    {
        var messages = Chat("""
            {"messages":[{"role":"assistant","reasoning":"r","tool_call_id":"i","content":[{"type":"text","text":"a"},{"type":"image_url","image_url":{"url":"data:;base64,AQI="}}],
             "tool_calls":[{"id":"c","function":{"name":"f","arguments":"{\"b\":1,\"a\":2}"}}]}]}
            """).Messages;
        Assert.Equal(2, messages.Count);
        Assert.Equal(new ChatMessage { Role = Role.Assistant, Content = { new ContentPart { Text = "a" } } }, messages[0]);
        var expected = new ChatMessage
        {
            Role = Role.Assistant, Thinking = "r", ToolCallId = "i", Content = { new ContentPart { Media = new Media { Data = ByteString.CopyFrom(1, 2) } } },
            ToolCalls = { new ToolCall { Id = "c", Name = "f", ArgumentsJson = "{\"b\":1,\"a\":2}" } },
        };
        Assert.Equal(expected, messages[1]);
    }

    [Theory]
    [InlineData("\"name\":\"g\",\"tool_call_id\":\"1\"", "g")]
    [InlineData("\"tool_call_id\":\"1\"", "second")]
    [InlineData("\"tool_call_id\":\"2\"", "")]
    [InlineData("\"name\":\"\"", "")]
    public void ToNative_ResultOfATool_IsNamedByItselfOrByItsCall(string members, string expected)
    {
        var messages = Chat($$$"""
            {"messages":[{"tool_calls":[{"id":"1","function":{"name":"first","arguments":"{}"}}]},{"tool_calls":[{"id":"1","function":{"name":"second","arguments":"null"}}]},
             {"role":"Tool","content":"r",{{{members}}}}]}
            """).Messages;
        Assert.Equal(expected, messages[2].ToolName);
    }

    private static ChatCompletionCall Decoded(string body) => Bodies.Decoded(body, ChatCompletionCall.Shape, new ChatCompletionCall());

    private static ChatRequest Chat(string body)
    {
        var call = Decoded(body).ToNative();
        return call.ToContract(OllamaOptions.From(call.Options));
    }
}
