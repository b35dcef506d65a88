namespace Inference.ContractTests.Facade;

/// <summary>What is said of bodies of generate, chat, embed and embeddings, and of names of models that are not there.</summary>
internal static class ObservedInferenceTexts
{
    private const string Generate = "/api/generate";
    private const string Chat = "/api/chat";
    private const string Json = "json: cannot unmarshal";
    private const string Parameters = "Go struct field ToolFunctionParameters.tools.function.parameters";

    private static readonly string Longest = new('a', 80);

    public static ObservedText[] Syntax =>
    [
        new("tab-in-string", Generate, "{\"model\":\"a\tb\"}", 400, @"invalid character '\t' in string literal"),
        new("nul", Generate, "\0", 400, @"invalid character '\x00' looking for beginning of value"),
        new("unicode-escape", Generate, """{"model":"\u00g0"}""", 400, @"invalid character 'g' in \u hexadecimal character escape"),
        new("key-without-quotes", Generate, """{model:"x"}""", 400, "invalid character 'm' looking for beginning of object key string"),
        new("undefined", Generate, "undefined", 400, "invalid character 'u' looking for beginning of value"),
        new("hexadecimal-escape", Generate, """{"model":"\x41"}""", 400, "invalid character 'x' in string escape code"),
        new("exponent-without-digits", Generate, """{"top_logprobs":1e}""", 400, "invalid character '}' in exponent of numeric literal"),
        new("letter-of-two-bytes", Generate, "é", 400, "invalid character 'Ã' looking for beginning of value"),
        new("byte-order-mark", Generate, "\uFEFF{}", 400, "invalid character 'ï' looking for beginning of value"),
        new("key-that-is-not-utf8", Chat, "", 400, "not a valid UTF-8 string (at position 1): a\uDCFF")
        {
            Bytes = [.. """{"model":"nope","messages":[{"tool_calls":[{"function":{"arguments":{"a"""u8, 0xFF, .. "\":1}}}]}]}"u8],
        },
    ];

    public static ObservedText[] Types =>
    [
        new("generate-options-array", Generate, """{"model":"nope","options":[]}""", 400, $$"""{{Json}} array into Go struct field GenerateRequest.options of type map[string]interface {}"""),
        new("generate-options-string", Generate, """{"model":"nope","options":"x"}""", 400, $$"""{{Json}} string into Go struct field GenerateRequest.options of type map[string]interface {}"""),
        new("generate-options-overflow", Generate, """{"model":"nope","options":{"temperature":1e999}}""", 400, $"{Json} number 1e999 into Go struct field GenerateRequest.options of type float64"),
        new("generate-suffix-array", Generate, """{"model":"nope","suffix":[]}""", 400, $"{Json} array into Go struct field GenerateRequest.suffix of type string"),
        new("generate-template-bool", Generate, """{"model":"nope","template":true}""", 400, $"{Json} bool into Go struct field GenerateRequest.template of type string"),
        new("generate-render-only-number", Generate, """{"model":"nope","_debug_render_only":1}""", 400, $"{Json} number into Go struct field GenerateRequest._debug_render_only of type bool"),
        new("generate-images-number", Generate, """{"model":"nope","images":[1]}""", 400, $"{Json} number into Go struct field GenerateRequest.images of type api.ImageData"),
        new("generate-images-byte", Generate, """{"model":"nope","images":[["a"]]}""", 400, $"{Json} string into Go struct field GenerateRequest.images of type uint8"),
        new("generate-context-object", Generate, """{"model":"nope","context":{}}""", 400, $"{Json} object into Go struct field GenerateRequest.context of type []int"),
        new("generate-context-element", Generate, """{"model":"nope","context":["a"]}""", 400, $"{Json} string into Go struct field GenerateRequest.context of type int"),
        new("generate-raw-string", Generate, """{"model":"nope","raw":"x"}""", 400, $"{Json} string into Go struct field GenerateRequest.raw of type bool"),
        new("generate-shift-string", Generate, """{"model":"nope","shift":"x"}""", 400, $"{Json} string into Go struct field GenerateRequest.shift of type bool"),
        new("generate-stream-string", Generate, """{"model":"nope","stream":"x"}""", 400, $"{Json} string into Go struct field GenerateRequest.stream of type bool"),
        new("generate-think-word", Generate, """{"model":"nope","think":"maybe"}""", 400, """invalid think value: "maybe" (must be "high", "medium", "low", "max", true, or false)"""),
        new("chat-root-string", Chat, "\"x\"", 400, $"{Json} string into Go value of type api.ChatRequest"),
        new("chat-model-number", Chat, """{"model":1}""", 400, $"{Json} number into Go struct field ChatRequest.model of type string"),
        new("chat-messages-object", Chat, """{"model":"nope","messages":{}}""", 400, $"{Json} object into Go struct field ChatRequest.messages of type []api.Message"),
        new("chat-message-bool", Chat, """{"model":"nope","messages":[true]}""", 400, $"{Json} bool into Go struct field ChatRequest.messages of type api.Alias"),
        new("chat-message-number", Chat, """{"model":"nope","messages":[1]}""", 400, $"{Json} number into Go struct field ChatRequest.messages of type api.Alias"),
        new("chat-content-array", Chat, """{"model":"nope","messages":[{"content":[]}]}""", 400, $"{Json} array into Go struct field ChatRequest.messages.content of type string"),
        new("chat-thinking-number", Chat, """{"model":"nope","messages":[{"thinking":1}]}""", 400, $"{Json} number into Go struct field ChatRequest.messages.thinking of type string"),
        new("chat-tool-name-number", Chat, """{"model":"nope","messages":[{"tool_name":1}]}""", 400, $"{Json} number into Go struct field ChatRequest.messages.tool_name of type string"),
        new("chat-calls-object", Chat, """{"model":"nope","messages":[{"tool_calls":{}}]}""", 400, $"{Json} object into Go struct field ChatRequest.messages.tool_calls of type []api.ToolCall"),
        new("chat-call-name-number", Chat, """{"model":"nope","messages":[{"tool_calls":[{"function":{"name":1}}]}]}""", 400, $"{Json} number into Go struct field ChatRequest.messages.tool_calls.function.name of type string"),
        new("chat-tools-object", Chat, """{"model":"nope","tools":{}}""", 400, $"{Json} object into Go struct field ChatRequest.tools of type api.Tools"),
        new("chat-tools-string", Chat, """{"model":"nope","tools":"x"}""", 400, $"{Json} string into Go struct field ChatRequest.tools of type api.Tools"),
        new("chat-function-name-number", Chat, """{"model":"nope","tools":[{"function":{"name":1}}]}""", 400, $"{Json} number into Go struct field ToolFunction.tools.function.name of type string"),
        new("chat-required-string", Chat, """{"model":"nope","tools":[{"function":{"parameters":{"required":"x"}}}]}""", 400, $"{Json} string into {Parameters}.required of type []string"),
        new("chat-any-of-element", Chat, """{"model":"nope","tools":[{"function":{"parameters":{"properties":{"p":{"anyOf":[1]}}}}}]}""", 400, $"{Json} number into {Parameters}.properties.anyOf of type api.ToolProperty"),
        new("chat-property-type-element", Chat, """{"model":"nope","tools":[{"function":{"parameters":{"properties":{"p":{"type":[1]}}}}}]}""", 400, $"{Json} number into {Parameters}.properties.type of type string"),
        new("embeddings-root-number", "/api/embeddings", "1", 400, $"{Json} number into Go value of type api.EmbeddingRequest"),
        new("embeddings-options-array", "/api/embeddings", """{"model":"nope","options":[]}""", 400, $$"""{{Json}} array into Go struct field EmbeddingRequest.options of type map[string]interface {}"""),
    ];

    public static ObservedText[] Durations =>
    [
        new("keep-alive-overflow", Generate, """{"model":"nope","keep_alive":"9223372036854775808ns"}""", 400, "time: invalid duration \"9223372036854775808ns\""),
        new("keep-alive-no-unit", Generate, """{"model":"nope","keep_alive":"5"}""", 400, "time: missing unit in duration \"5\""),
        new("keep-alive-accent", Generate, """{"model":"nope","keep_alive":"5é"}""", 400, """time: unknown unit "\xc3\xa9" in duration """ + "\"5\\xc3\\xa9\""),
        new("keep-alive-days", Generate, """{"model":"nope","keep_alive":"1d"}""", 400, "time: unknown unit \"d\" in duration \"1d\""),
        new("keep-alive-array", Generate, """{"model":"nope","keep_alive":[]}""", 400, "Unsupported type: '[]interface {}'"),
        new("keep-alive-object", Generate, """{"model":"nope","keep_alive":{}}""", 400, "Unsupported type: 'map[string]interface {}'"),
        new("chat-keep-alive", Chat, """{"model":"nope","keep_alive":"x"}""", 400, "time: invalid duration \"x\""),
        new("embed-keep-alive", "/api/embed", """{"model":"nope","keep_alive":"x"}""", 400, "time: invalid duration \"x\""),
    ];

    public static ObservedText[] Names =>
    [
        new("generate-longest-name", Generate, $$"""{"model":"{{Longest}}"}""", 404, $"model '{Longest}' not found"),
        new("chat-longest-name", Chat, $$"""{"model":"{{Longest}}"}""", 404, $"model '{Longest}' not found"),
    ];
}
