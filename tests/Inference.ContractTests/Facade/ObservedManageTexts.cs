namespace Inference.ContractTests.Facade;

/// <summary>What show, create, copy, delete, pull and push say over a store without models.</summary>
internal static class ObservedManageTexts
{
    private const string Show = "/api/show";
    private const string Create = "/api/create";
    private const string Copy = "/api/copy";
    private const string Json = "json: cannot unmarshal";

    // In the store of these tests, like the name says a safetensors.
    private const string SafeTensors = "sha256:374708fff7719dd5979ec875d56cd2286f6d3cf7ec317a3b25632aab28ec37bb";

    public static ObservedText[] Empty =>
    [
        new("show-namespace", Show, """{"model":"a/b"}""", 404, "model 'a/b:latest' not found"),
        new("show-host", Show, """{"model":"host:5000/ns/m"}""", 404, "model 'host:5000/ns/m:latest' not found"),
        new("show-capitals", Show, """{"model":"NOPE"}""", 404, "model 'NOPE:latest' not found"),
        new("show-root-number", Show, "1", 400, $"{Json} number into Go value of type api.ShowRequest"),
        new("show-model-number", Show, """{"model":1}""", 400, $"{Json} number into Go struct field ShowRequest.model of type string"),
        new("show-options-number", Show, """{"model":"nope","options":1}""", 400, $$"""{{Json}} number into Go struct field ShowRequest.options of type map[string]interface {}"""),
        new("create-root-string", Create, "\"x\"", 400, $"{Json} string into Go value of type api.CreateRequest"),
        new("create-model-number", Create, """{"model":1}""", 400, $"{Json} number into Go struct field CreateRequest.model of type string"),
        new("create-quantize-number", Create, """{"model":"c1","quantize":1}""", 400, $"{Json} number into Go struct field CreateRequest.quantize of type string"),
        new("create-system-number", Create, """{"model":"c1","system":1}""", 400, $"{Json} number into Go struct field CreateRequest.system of type string"),
        new("create-files-string", Create, """{"model":"c1","files":"x"}""", 400, $"{Json} string into Go struct field CreateRequest.files of type map[string]string"),
        new("create-stream-string", Create, """{"model":"c1","stream":"x"}""", 400, $"{Json} string into Go struct field CreateRequest.stream of type bool"),
        new("create-remote-draft", Create, $$"""{"model":"c1","from":"x:cloud","draft_files":{"d.gguf":"{{SafeTensors}}"},"stream":false}""", 400, "DRAFT cannot be used with remote models") { Writer = ErrorWriter.Wait },
        new("create-info-context-length", Create, """{"model":"c1","from":"x:cloud","info":{"context_length":"x"},"stream":false}""", 400, """info field "context_length" must be a number""") { Writer = ErrorWriter.Wait },
        new("create-safetensors-alone", Create, $$"""{"model":"c1","files":{"x.safetensors":"{{SafeTensors}}"},"stream":false}""", 500, "open config.json: no such file or directory") { Writer = ErrorWriter.Wait },
        new("create-remote-template", Create, """{"model":"c1","from":"x:cloud","template":"{{ .Prompt","stream":false}""", 400, "template error: template: :1: unclosed action") { Writer = ErrorWriter.Wait },
        new("copy-source-absent", Copy, """{"source":"nope","destination":"x"}""", 404, """model "nope" not found"""),
        new("copy-destination-number", Copy, """{"source":"a","destination":1}""", 400, $"{Json} number into Go struct field CopyRequest.destination of type string"),
        new("copy-source-html", Copy, """{"source":"<x>","destination":"x"}""", 400, """source "<x>" is invalid"""),
        new("copy-source-quote", Copy, """{"source":"a\"b","destination":"x"}""", 400, """source "a\"b" is invalid"""),
        new("copy-source-nul", Copy, """{"source":"a\u0000b","destination":"x"}""", 400, """source "a\x00b" is invalid"""),
        new("delete-root-string", "/api/delete", "\"x\"", 400, $"{Json} string into Go value of type api.DeleteRequest"),
        new("delete-space", "/api/delete", """{"model":"a b"}""", 400, """name "a b" is invalid"""),
        new("delete-four-parts", "/api/delete", """{"model":"a/b/c/d"}""", 400, """name "a/b/c/d" is invalid"""),
        new("pull-root-array", "/api/pull", "[]", 400, $"{Json} array into Go value of type api.PullRequest"),
        new("pull-insecure-number", "/api/pull", """{"model":"nope","insecure":1}""", 400, $"{Json} number into Go struct field PullRequest.insecure of type bool"),
        new("push-root-string", "/api/push", "\"x\"", 400, $"{Json} string into Go value of type api.PushRequest"),
        new("push-username-number", "/api/push", """{"model":"nope","username":1}""", 400, $"{Json} number into Go struct field PushRequest.username of type string"),
    ];
}
