namespace Inference.ContractTests.Facade;

/// <summary>What generate, chat, embed, embeddings and show look for, in their order.</summary>
internal static class NativeChecks
{
    private const string NotRemote = "ollama cloud is disabled: remote model is unavailable";

    private static readonly CheckedFault[] Names =
    [
        new("two-sources", """{"model":"a:cloud:local"}""", 400, "use either :local or :cloud, not both: \"a:cloud:local\""),
        new("no-name", """{"model":"a b"}""", 400, "invalid model name"),
        new("in-the-cloud", """{"model":"m:cloud"}""", 403, NotRemote),
    ];

    private static readonly CheckedFault BadDuration = new("bad-duration", """{"keep_alive":"1d"}""", 400, "time: unknown unit \"d\" in duration \"1d\"");
    private static readonly CheckedFault BadOption = new("bad-option", """{"options":{"temperature":"x"}}""", 500, """option "temperature" must be of type float32""");
    private static readonly CheckedFault TopLogprobs = new("top-logprobs", """{"top_logprobs":21}""", 400, "top_logprobs must be between 0 and 20");
    private static readonly CheckedFault CannotThink = new("cannot-think", """{"think":true}""", 400, """ "{model}" does not support thinking""".TrimStart());
    private static readonly CheckedFault BadFormat = new("bad-format", """{"format":7}""", 500, """invalid format: "7"; expected "json" or a valid JSON Schema object""");

    public static IEnumerable<ObservedText> Generate => CheckedFault.Pairs("/api/generate", """{"model":"m","prompt":"x","stream":false}""",
    [
        CheckedFault.NotJson,
        BadDuration,
        new("bad-kind", """{"shift":"x"}""", 400, "json: cannot unmarshal string into Go struct field GenerateRequest.shift of type bool"),
        TopLogprobs,
        new("no-model", """{"model":" "}""", 404, "model ' ' not found"),
        .. Names,
        new("not-there", """{"model":"nope"}""", 404, "model 'nope' not found"),
        new("remote-as-local", """{"model":"remote:local"}""", 404, "model 'remote:local' not found"),
        new("remote", """{"model":"remote"}""", 403, NotRemote),
        new("unload", """{"prompt":"","keep_alive":0}""", 200, "\"done_reason\":\"unload\""),
        new("makes-images", """{"model":"image"}""", 400, "image generation models are not currently supported"),
        new("raw-with-system", """{"raw":true,"system":"x"}""", 400, "raw mode does not support template, system, or context"),
        CannotThink,
        new("cannot-generate", """{"model":"embed"}""", 400, """ "embed" does not support generate""".TrimStart()),
        new("cannot-insert", """{"suffix":"x"}""", 400, "registry.ollama.ai/library/{model}:latest does not support insert"),
        BadOption,
        new("load", """{"prompt":""}""", 200, "\"done_reason\":\"load\""),
        new("bad-template", """{"template":"{{ nofunc }}"}""", 500, """template: :1: function "nofunc" not defined"""),
        BadFormat,
    ]);

    public static IEnumerable<ObservedText> Chat => CheckedFault.Pairs("/api/chat", """{"model":"m","messages":[{"role":"user","content":"x"}],"stream":false}""",
    [
        CheckedFault.NotJson,
        new("bad-message", """{"messages":[{"role":1}]}""", 400, "json: cannot unmarshal number into Go struct field ChatRequest.messages.role of type string"),
        new("bad-kind", """{"shift":"x"}""", 400, "json: cannot unmarshal string into Go struct field ChatRequest.shift of type bool"),
        TopLogprobs,
        new("no-model", """{"model":" "}""", 400, "model is required"),
        .. Names,
        new("not-there", """{"model":"nope"}""", 404, "model 'nope' not found"),
        new("remote-as-local", """{"model":"remote:local"}""", 404, "model 'remote:local' not found"),
        new("unload", """{"messages":[],"keep_alive":0}""", 200, "\"done_reason\":\"unload\""),
        new("remote", """{"model":"remote"}""", 403, NotRemote),
        CannotThink,
        new("cannot-chat", """{"model":"embed"}""", 400, """ "embed" does not support chat""".TrimStart()),
        new("cannot-call", """{"tools":[null]}""", 400, "registry.ollama.ai/library/{model}:latest does not support tools"),
        BadOption,
        new("load", """{"messages":[]}""", 200, "\"done_reason\":\"load\""),
        BadFormat,
    ]);

    public static IEnumerable<ObservedText> Embed => CheckedFault.Pairs("/api/embed", """{"model":"m","input":"x"}""",
    [
        CheckedFault.NotJson,
        BadDuration,
        new("bad-kind", """{"truncate":"x"}""", 400, "json: cannot unmarshal string into Go struct field EmbedRequest.truncate of type bool"),
        new("no-model", """{"model":" "}""", 404, "model ' ' not found"),
        .. Names,
        new("bad-input", """{"input":7}""", 400, "invalid input type"),
        new("not-there", """{"model":"nope"}""", 404, """model "nope" not found, try pulling it first"""),
        new("remote", """{"model":"remote"}""", 404, """model "remote" not found, try pulling it first"""),
        BadOption,
        new("no-input", """{"input":[]}""", 200, "\"embeddings\":[]"),
    ]);

    public static IEnumerable<ObservedText> Embeddings => CheckedFault.Pairs("/api/embeddings", """{"model":"m","prompt":"x"}""",
    [
        CheckedFault.NotJson,
        BadDuration,
        new("bad-kind", """{"prompt":7}""", 400, "json: cannot unmarshal number into Go struct field EmbeddingRequest.prompt of type string"),
        new("no-model", """{"model":" "}""", 400, "model is required"),
        .. Names,
        new("not-there", """{"model":"nope"}""", 404, """model "nope" not found, try pulling it first"""),
        new("in-other-case", """{"model":"mixed"}""", 404, """model "mixed" not found, try pulling it first"""),
        BadOption,
        new("no-prompt", """{"prompt":""}""", 200, "{\"embedding\":[]}"),
    ]);

    public static IEnumerable<ObservedText> Show => CheckedFault.Pairs("/api/show", """{"model":"m"}""",
    [
        CheckedFault.NotJson,
        new("bad-kind", """{"verbose":7}""", 400, "json: cannot unmarshal number into Go struct field ShowRequest.verbose of type bool"),
        new("no-model", """{"model":""}""", 400, "model is required"),
        .. Names.Select(static n => n with { Text = n.Text.Replace("remote model is", "remote model details are", StringComparison.Ordinal) }),
        new("not-there", """{"model":"nope"}""", 404, "model 'nope:latest' not found"),
        new("remote", """{"model":"remote:local"}""", 403, "ollama cloud is disabled: remote model details are unavailable"),
        // The older key is not looked at where the newer has something, even if that is wrong.
        new("older-name", """{"name":"a b"}""", 200, "\"modelfile\""),
    ]).Where(static p => !p.Id.StartsWith("no-model before older", StringComparison.Ordinal));
}
