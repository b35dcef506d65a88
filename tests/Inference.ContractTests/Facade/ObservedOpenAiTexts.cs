namespace Inference.ContractTests.Facade;

/// <summary>What the OpenAI routes say of their bodies.</summary>
internal static class ObservedOpenAiTexts
{
    private const string Chat = "/v1/chat/completions";
    private const string Completions = "/v1/completions";
    private const string Json = "json: cannot unmarshal";
    private const string Hi = """[{"role":"user","content":"x"}]""";

    public static ObservedText[] Types =>
    [
        new("chat-root-array", Chat, "[]", 400, $"{Json} array into Go value of type openai.ChatCompletionRequest"),
        new("chat-root-number", Chat, "1", 400, $"{Json} number into Go value of type openai.ChatCompletionRequest"),
        new("chat-root-string", Chat, "\"x\"", 400, $"{Json} string into Go value of type openai.ChatCompletionRequest"),
        new("chat-messages-string", Chat, """{"model":"nope","messages":"x"}""", 400, $"{Json} string into Go struct field ChatCompletionRequest.messages of type []openai.Message"),
        new("chat-role-number", Chat, """{"model":"nope","messages":[{"role":1}]}""", 400, $"{Json} number into Go struct field Message.messages.role of type string"),
        new("chat-call-id-number", Chat, """{"model":"nope","messages":[{"role":"assistant","tool_calls":[{"id":1}]}]}""", 400, $"{Json} number into Go struct field ToolCall.messages.tool_calls.id of type string"),
        Field("frequency-penalty", """{"frequency_penalty":"x"}""", "string into Go struct field ChatCompletionRequest.frequency_penalty of type float64"),
        Field("max-tokens", """{"max_tokens":"x"}""", "string into Go struct field ChatCompletionRequest.max_tokens of type int"),
        Field("reasoning", """{"reasoning":"x"}""", "string into Go struct field ChatCompletionRequest.reasoning of type openai.Reasoning"),
        Field("seed", """{"seed":"x"}""", "string into Go struct field ChatCompletionRequest.seed of type int"),
        Field("stream", """{"stream":"x"}""", "string into Go struct field ChatCompletionRequest.stream of type bool"),
        Field("stream-options", """{"stream_options":"x"}""", "string into Go struct field ChatCompletionRequest.stream_options of type openai.StreamOptions"),
        Field("temperature", """{"temperature":"x"}""", "string into Go struct field ChatCompletionRequest.temperature of type float64"),
        Field("json-schema", """{"response_format":{"type":"json_schema","json_schema":"x"}}""", "string into Go struct field ResponseFormat.response_format.json_schema of type openai.JsonSchema"),
        new("completions-root-number", Completions, "1", 400, $"{Json} number into Go value of type openai.CompletionRequest"),
        new("completions-root-string", Completions, "\"x\"", 400, $"{Json} string into Go value of type openai.CompletionRequest"),
        new("embeddings-root-array", "/v1/embeddings", "[]", 400, $"{Json} array into Go value of type openai.EmbedRequest"),
    ];

    public static ObservedText[] Conversions =>
    [
        Content("content-bool", "true", "invalid message content type: bool"),
        Content("content-number", "1", "invalid message content type: float64"),
        Content("content-object", "{}", "invalid message content type: map[string]interface {}"),
        Content("audio-string", """[{"type":"input_audio","input_audio":"x"}]""", "invalid input_audio format"),
        new("stop-object", Completions, """{"model":"nope","prompt":"x","stop":[{}]}""", 400, "invalid type for 'stop' field: map[string]interface {}"),
        new("two-sources", Chat, $$"""{"model":"m:cloud:local","messages":{{Hi}}}""", 400, "use either :local or :cloud, not both: \"m:cloud:local\"") { Writer = ErrorWriter.Rewriter },
        new("form-of-nothing", "/v1/audio/transcriptions", "", 400, "failed to parse multipart form: multipart: NextPart: EOF") { Headers = ["Content-Type: multipart/form-data; boundary=x"] },
    ];

    public static ObservedText[] Responses =>
    [
        new("responses-model-number", "/v1/responses", """{"model":1}""", 400, $"{Json} number into Go struct field ResponsesRequest.model of type string"),
        Input("input-object", "{}", $"input must be a string or array: {Json} object into Go value of type []json.RawMessage"),
        Item("item-type", """{"type":"bogus"}""", """unknown input item type: "bogus" """.TrimEnd()),
        Item("content-number-of-item", """{"role":"user","content":1}""", $"content must be a string or array: {Json} number into Go value of type []json.RawMessage"),
        Item("content-type", """{"role":"user","content":[{"type":"bogus"}]}""", "content[0]: unknown content type: bogus"),
        Item("content-text", """{"role":"user","content":[{"type":"input_text","text":1}]}""", $"content[0]: {Json} number into Go struct field ResponsesTextContent.text of type string"),
        Item("arguments-number", """{"type":"function_call","arguments":1}""", $"{Json} number into Go struct field ResponsesFunctionCall.arguments of type string"),
        Item("summary-string", """{"type":"reasoning","summary":"x"}""", $"{Json} string into Go struct field ResponsesReasoningInput.summary of type []openai.ResponsesReasoningSummary"),
        Item("output-number", """{"type":"function_call_output","output":1}""", $"output must be a string or array: {Json} number into Go value of type []json.RawMessage"),
        Item("output-type", """{"type":"function_call_output","output":[{"type":"zz"}]}""", "output[0]: unknown content type: zz"),
        Input("arguments-text", """[{"type":"function_call","call_id":"c","name":"f","arguments":"{bad"}]""", "failed to parse function call arguments: invalid character 'b' looking for beginning of object key string"),
    ];

    private static ObservedText Field(string id, string fields, string text) => new($"chat-{id}", Chat, $$"""{"model":"nope","messages":{{Hi}},{{fields[1..]}}""", 400, $"{Json} {text}");

    private static ObservedText Content(string id, string content, string text) => new(id, Chat, $$"""{"model":"nope","messages":[{"role":"user","content":{{content}}}]}""", 400, text);

    private static ObservedText Input(string id, string input, string text) => new(id, "/v1/responses", $$"""{"model":"nope","input":{{input}}}""", 400, text);

    private static ObservedText Item(string id, string item, string text) => Input(id, $"[{item}]", $"input[0]: {text}");
}
