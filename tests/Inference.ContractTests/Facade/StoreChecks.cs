namespace Inference.ContractTests.Facade;

/// <summary>What create and copy look for, in their order; of the others all but the kinds of members is about one name.</summary>
internal static class StoreChecks
{
    private const string Digest = "sha256:4444444444444444444444444444444444444444444444444444444444444444";

    public static IEnumerable<ObservedText> Create => CheckedFault.Pairs("/api/create", """{"model":"made","from":"m","stream":false}""",
    [
        CheckedFault.NotJson,
        new("bad-message", """{"messages":[{"role":1}]}""", 400, "json: cannot unmarshal number into Go struct field CreateRequest.messages.role of type string"),
        new("bad-kind", """{"renderer":7}""", 400, "json: cannot unmarshal number into Go struct field CreateRequest.renderer of type string"),
        new("file-outside", $$$"""{"files":{"../x":"{{{Digest}}}"}}""", 400, "file path must be relative"),
        new("draft-without-digest", """{"draft_files":{"d.gguf":""}}""", 400, "invalid digest format"),
        new("draft-quantize", """{"draft_quantize":"Q4_0","draft_files":null}""", 400, "--draft-quantize requires a DRAFT model"),
        new("adapter-without-digest", """{"adapters":{"a.gguf":""}}""", 400, "invalid digest format"),
        new("no-name", """{"model":"a b"}""", 400, "invalid model name"),
        InStream("from-no-name", """{"from":"c d"}""", 400, "invalid model name"),
        InStream("bad-remote", """{"from":"x","remote_host":"http://[bad"}""", 400, "bad remote"),
        InStream("from-nothing", """{"from":""}""", 400, "neither 'from' or 'files' was specified"),
        InStream("draft-of-remote", $$$"""{"from":"x:cloud","draft_files":{"d.gguf":"{{{Digest}}}"}}""", 400, "DRAFT cannot be used with remote models"),
        InStream("draft-of-nothing", """{"draft_files":{}}""", 400, "unknown type"),
        InStream("adapter-of-bad-digest", """{"adapters":{"a.gguf":"sha256:zz"}}""", 400, "invalid digest format"),
        InStream("bad-info", """{"info":{"model_family":7}}""", 400, """info field "model_family" must be a string"""),
        InStream("bad-quantize", """{"quantize":"q9"}""", 500, "unsupported quantization type Q9 - supported types are F32, F16, Q4_K_S, Q4_K_M, Q8_0"),
        InStream("bad-template", """{"template":"{{ .Prompt"}""", 400, "template error: template: :1: unclosed action"),
        InStream("bad-license", """{"license":7}""", 500, "json: cannot unmarshal number into Go value of type []string"),
    ]);

    public static IEnumerable<ObservedText> Copy => CheckedFault.Pairs("/api/copy", """{"source":"m","destination":"copied"}""",
    [
        CheckedFault.NotJson,
        new("bad-source", """{"source":"a b"}""", 400, """source "a b" is invalid"""),
        new("bad-destination", """{"destination":"c d"}""", 400, """destination "c d" is invalid"""),
        new("not-there", """{"source":"nope"}""", 404, """model "nope" not found"""),
    ]);

    public static IEnumerable<ObservedText> Others =>
    [
        .. CheckedFault.Pairs("/api/delete", """{"model":"m"}""",
        [
            CheckedFault.NotJson,
            new("bad-kind", """{"name":7}""", 400, "json: cannot unmarshal number into Go struct field DeleteRequest.name of type string"),
            new("no-model", """{"model":" "}""", 400, "model is required"),
            new("no-name", """{"model":"a b"}""", 400, """name "a b" is invalid"""),
            new("two-sources", """{"model":"a:cloud:local"}""", 400, "use either :local or :cloud, not both: \"a:cloud:local\""),
            new("not-there", """{"model":"nope"}""", 404, "model 'nope' not found"),
        ]),
        .. CheckedFault.Pairs("/api/pull", """{"model":"a b"}""",
        [
            CheckedFault.NotJson,
            new("bad-kind", """{"stream":7}""", 400, "json: cannot unmarshal number into Go struct field PullRequest.stream of type bool"),
            new("no-model", """{"model":" "}""", 400, "invalid model name"),
            new("two-sources", """{"model":"a:cloud:local"}""", 400, "use either :local or :cloud, not both: \"a:cloud:local\""),
        ]),
        .. CheckedFault.Pairs("/api/push", """{"model":"a b"}""",
        [
            CheckedFault.NotJson,
            new("bad-kind", """{"stream":7}""", 400, "json: cannot unmarshal number into Go struct field PushRequest.stream of type bool"),
            new("no-model", """{"model":""}""", 400, "model is required"),
        ]),
    ];

    private static CheckedFault InStream(string id, string members, int status, string text) => new(id, members, status, text) { Writer = ErrorWriter.Wait };
}
