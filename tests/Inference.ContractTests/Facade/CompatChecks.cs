namespace Inference.ContractTests.Facade;

/// <summary>What the /v1 routes look for, in their order: what is for the cloud goes there before it is read, and what is read has to become a native request.</summary>
internal static class CompatChecks
{
    private const string Hi = """[{"role":"user","content":"x"}]""";
    private const string Efforts = "\"minimal\", \"low\", \"medium\", \"high\", \"xhigh\", \"ultra\", \"max\", or \"none\"";

    private static readonly CheckedFault InTheCloud = new("in-the-cloud", """{"model":"m:cloud"}""", 403, "ollama cloud is disabled: remote model is unavailable") { Writer = ErrorWriter.Handler };

    private static readonly CheckedFault[] Names =
    [
        Native("two-sources", """{"model":"a:cloud:local"}""", 400, "use either :local or :cloud, not both: \"a:cloud:local\""),
        Native("no-name", """{"model":"a b"}""", 400, "invalid model name"),
    ];

    private static readonly CheckedFault NotThere = Native("not-there", """{"model":"nope"}""", 404, "model 'nope' not found");

    private static readonly CheckedFault[] ChatModels =
    [
        Native("blank-model", """{"model":" "}""", 400, "model is required"),
        .. Names,
        NotThere,
    ];

    public static IEnumerable<ObservedText> Chat => CheckedFault.Pairs("/v1/chat/completions", $$"""{"model":"m","messages":{{Hi}}}""",
    [
        CheckedFault.NotJson,
        InTheCloud,
        new("bad-property", """{"tools":[{"function":{"parameters":{"properties":7}}}]}""", 400, "Value looks like object, but can't find closing '}' symbol"),
        new("bad-kind", """{"seed":"x"}""", 400, "json: cannot unmarshal string into Go struct field ChatCompletionRequest.seed of type int"),
        new("no-messages", """{"messages":[]}""", 400, "[] is too short - 'messages'"),
        new("bad-content", """{"messages":[{"role":"user","content":7}]}""", 400, "invalid message content type: float64"),
        new("bad-arguments", """{"messages":[{"role":"assistant","content":"","tool_calls":[{"function":{"name":"f","arguments":"x"}}]}]}""", 400, "invalid tool call arguments"),
        new("bad-effort", """{"reasoning_effort":"x"}""", 400, $"invalid reasoning value: \"x\" (must be {Efforts})"),
        Native("top-logprobs", """{"top_logprobs":21}""", 400, "top_logprobs must be between 0 and 20"),
        .. ChatModels,
        Native("cannot-think", """{"reasoning_effort":"low"}""", 400, """ "{model}" does not support thinking""".TrimStart()),
        Native("cannot-chat", """{"model":"embed"}""", 400, """ "embed" does not support chat""".TrimStart()),
        Native("cannot-call", """{"tools":[null]}""", 400, "registry.ollama.ai/library/{model}:latest does not support tools"),
        Native("bad-schema", """{"response_format":{"type":"json_schema","json_schema":{"schema":7}}}""", 500, """invalid format: "7"; expected "json" or a valid JSON Schema object"""),
    ]);

    public static IEnumerable<ObservedText> Completions => CheckedFault.Pairs("/v1/completions", """{"model":"m","prompt":"x"}""",
    [
        CheckedFault.NotJson,
        InTheCloud,
        new("bad-kind", """{"seed":"x"}""", 400, "json: cannot unmarshal string into Go struct field CompletionRequest.seed of type int"),
        new("bad-stop", """{"stop":["a",7]}""", 400, "invalid type for 'stop' field: float64"),
        Native("top-logprobs", """{"logprobs":21}""", 400, "top_logprobs must be between 0 and 20"),
        Native("blank-model", """{"model":" "}""", 404, "model ' ' not found"),
        .. Names,
        NotThere,
        Native("makes-images", """{"model":"image"}""", 400, "image generation models are not currently supported"),
        Native("cannot-generate", """{"model":"embed"}""", 400, """ "embed" does not support generate""".TrimStart()),
        Native("cannot-insert", """{"suffix":"x"}""", 400, "registry.ollama.ai/library/{model}:latest does not support insert"),
    ]);

    public static IEnumerable<ObservedText> Embeddings => CheckedFault.Pairs("/v1/embeddings", """{"model":"m","input":"x"}""",
    [
        CheckedFault.NotJson,
        InTheCloud,
        new("bad-kind", """{"dimensions":"x"}""", 400, "json: cannot unmarshal string into Go struct field EmbedRequest.dimensions of type int"),
        new("bad-encoding", """{"encoding_format":"hex"}""", 400, "Invalid value for 'encoding_format' = hex. Supported values: ['float', 'base64']."),
        new("no-input", """{"input":[]}""", 400, "invalid input"),
        Native("blank-model", """{"model":" "}""", 404, "model ' ' not found"),
        .. Names,
        Native("bad-input", """{"input":7}""", 400, "invalid input type"),
        Native("not-there", """{"model":"nope"}""", 404, """model "nope" not found, try pulling it first"""),
    ]);

    public static IEnumerable<ObservedText> Responses => CheckedFault.Pairs("/v1/responses", """{"model":"m","input":"x"}""",
    [
        CheckedFault.NotJson,
        InTheCloud,
        new("bad-item", """{"input":[{"type":"zz"}]}""", 400, """input[0]: unknown input item type: "zz" """.TrimEnd()),
        new("bad-kind", """{"truncation":7}""", 400, "json: cannot unmarshal number into Go struct field ResponsesRequest.truncation of type string"),
        new("file", """{"input":[{"role":"user","content":[{"type":"input_file"}]}]}""", 400, "file inputs are not currently supported"),
        new("bad-arguments", """{"input":[{"type":"function_call","arguments":"{bad"}]}""", 400, "failed to parse function call arguments: invalid character 'b' looking for beginning of object key string"),
        new("bad-effort", """{"reasoning":{"effort":"x"}}""", 400, $"invalid reasoning value: \"x\" (must be {Efforts})"),
        new("bad-parameters", """{"tools":[{"type":"function","name":"f","parameters":{"type":7}}]}""", 400, "failed to unmarshal tool parameters: json: cannot unmarshal number into Go struct field ToolFunctionParameters.type of type string"),
        .. ChatModels,
        Native("cannot-think", """{"reasoning":{"effort":"low"}}""", 400, """ "{model}" does not support thinking""".TrimStart()),
        Native("cannot-call", """{"tools":[{"type":"function","name":"f"}]}""", 400, "registry.ollama.ai/library/{model}:latest does not support tools"),
    ]);

    public static IEnumerable<ObservedText> Messages => CheckedFault.Pairs("/v1/messages", $$"""{"model":"m","max_tokens":10,"messages":{{Hi}}}""",
    [
        CheckedFault.NotJson,
        InTheCloud,
        new("bad-message", """{"messages":[{"role":7,"content":"x"}]}""", 400, "json: cannot unmarshal number into Go struct field MessagesRequest.messages.role of type string"),
        new("bad-kind", """{"top_k":"x"}""", 400, "json: cannot unmarshal string into Go struct field MessagesRequest.top_k of type int"),
        new("no-model", """{"model":""}""", 400, "model is required"),
        new("no-length", """{"max_tokens":0}""", 400, "max_tokens is required and must be positive"),
        new("no-messages", """{"messages":[]}""", 400, "messages is required"),
        new("no-source", """{"messages":[{"role":"user","content":[{"type":"image"}]}]}""", 400, "invalid image source"),
        new("no-id", """{"messages":[{"role":"assistant","content":[{"type":"tool_use"}]}]}""", 400, "tool_use block missing required 'id' field"),
        new("bad-schema", """{"tools":[{"name":"f","input_schema":{"type":7}}]}""", 400, """invalid input_schema for tool "f": json: cannot unmarshal number into Go struct field ToolFunctionParameters.type of type string"""),
        new("searches-in-the-cloud", """{"model":"x:cloud","tools":[{"type":"web_search_1","name":"web_search"}]}""", 403, "ollama cloud is disabled: web search is unavailable"),
        .. ChatModels,
        Native("cannot-chat", """{"model":"embed"}""", 400, """ "embed" does not support chat""".TrimStart()),
        Native("cannot-call", """{"tools":[{"name":"f"}]}""", 400, "registry.ollama.ai/library/{model}:latest does not support tools"),
    ]);

    private static CheckedFault Native(string id, string members, int status, string text) => new(id, members, status, text) { Writer = ErrorWriter.Rewriter };
}
