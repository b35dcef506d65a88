namespace Inference.ContractTests.Facade;

/// <summary>What POST /v1/messages says of its bodies.</summary>
internal static class ObservedAnthropicTexts
{
    private const string Json = "json: cannot unmarshal";
    private const string Messages = "Go struct field MessagesRequest.messages";
    private const string Hi = """[{"role":"user","content":"x"}]""";

    public static ObservedText[] All =>
    [
        Root("root-array", "[]", $"{Json} array into Go value of type anthropic.MessagesRequest"),
        Root("root-number", "1", $"{Json} number into Go value of type anthropic.MessagesRequest"),
        Root("root-string", "\"x\"", $"{Json} string into Go value of type anthropic.MessagesRequest"),
        Root("model-number", """{"model":1}""", $"{Json} number into Go struct field MessagesRequest.model of type string"),
        Root("max-tokens-string", """{"max_tokens":"x"}""", $"{Json} string into Go struct field MessagesRequest.max_tokens of type int"),
        Root("messages-none", """{"model":"nope","max_tokens":10,"messages":[]}""", "messages is required"),
        Turns("messages-string", "\"x\"", $"{Json} string into {Messages} of type []anthropic.MessageParam"),
        Turns("message-number", "[1]", $$"""{{Json}} number into {{Messages}} of type struct { Role string "json:\"role\""; Content json.RawMessage "json:\"content\"" }"""),
        Turns("role-number", """[{"role":1,"content":"x"}]""", $"{Json} number into {Messages}.role of type string"),
        Turns("content-number", """[{"role":"user","content":1}]""", $"{Json} number into {Messages} of type []anthropic.ContentBlock"),
        Turns("block-number", """[{"role":"user","content":[1]}]""", $"{Json} number into {Messages} of type anthropic.ContentBlock"),
        Turns("block-type-number", """[{"role":"user","content":[{"type":1}]}]""", $"{Json} number into {Messages}.type of type string"),
        Turns("block-source-string", """[{"role":"user","content":[{"type":"image","source":"x"}]}]""", $"{Json} string into {Messages}.source of type anthropic.ImageSource"),
        Turns("block-source-url", """[{"role":"user","content":[{"type":"image","source":{"type":"url","url":"http://x"}}]}]""", "invalid image source type: url. Only base64 images are supported."),
        Field("stream-string", """{"stream":"x"}""", $"{Json} string into Go struct field MessagesRequest.stream of type bool"),
        Field("temperature-string", """{"temperature":"x"}""", $"{Json} string into Go struct field MessagesRequest.temperature of type float64"),
        Field("metadata-string", """{"metadata":"x"}""", $"{Json} string into Go struct field MessagesRequest.metadata of type anthropic.Metadata"),
        Field("stop-string", """{"stop_sequences":"x"}""", $"{Json} string into Go struct field MessagesRequest.stop_sequences of type []string"),
        Field("tool-choice-string", """{"tool_choice":"x"}""", $"{Json} string into Go struct field MessagesRequest.tool_choice of type anthropic.ToolChoice"),
        Field("thinking-string", """{"thinking":"x"}""", $"{Json} string into Go struct field MessagesRequest.thinking of type anthropic.ThinkingConfig"),
        Field("budget-string", """{"thinking":{"type":"enabled","budget_tokens":"x"}}""", $"{Json} string into Go struct field ThinkingConfig.thinking.budget_tokens of type int"),
        Field("tools-string", """{"tools":"x"}""", $"{Json} string into Go struct field MessagesRequest.tools of type []anthropic.Tool"),
        Field("tool-number", """{"tools":[1]}""", $"{Json} number into Go struct field MessagesRequest.tools of type anthropic.Tool"),
        Field("schema-type-number", """{"tools":[{"name":"f","input_schema":{"type":1}}]}""", $"""invalid input_schema for tool "f": {Json} number into Go struct field ToolFunctionParameters.type of type string"""),
        Field("schema-string", """{"tools":[{"name":"f","input_schema":"x"}]}""", $"""invalid input_schema for tool "f": {Json} string into Go value of type api.ToolFunctionParameters"""),
        Field("schema-properties-string", """{"tools":[{"name":"f","input_schema":{"properties":"x"}}]}""", """invalid input_schema for tool "f": Value looks like object, but can't find closing '}' symbol"""),
        Root("two-sources", $$"""{"model":"m:cloud:local","max_tokens":10,"messages":{{Hi}}}""", "use either :local or :cloud, not both: \"m:cloud:local\"") with { Writer = ErrorWriter.Rewriter },
    ];

    private static ObservedText Root(string id, string body, string text) => new(id, "/v1/messages", body, 400, text);

    private static ObservedText Turns(string id, string messages, string text) => Root(id, $$"""{"model":"nope","max_tokens":10,"messages":{{messages}}}""", text);

    private static ObservedText Field(string id, string fields, string text) => Root(id, $$"""{"model":"nope","max_tokens":10,"messages":{{Hi}},{{fields[1..]}}""", text);
}
