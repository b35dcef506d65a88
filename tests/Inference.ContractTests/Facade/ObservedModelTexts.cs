namespace Inference.ContractTests.Facade;

/// <summary>What is said once a model was found: of its template, of the request's, of options and formats, and of making another from it.</summary>
internal static class ObservedModelTexts
{
    private const string Generate = "/api/generate";

    public static ObservedText[] All =>
    [
        new("show-template-absent", "/api/show", """{"model":"missingtmpl"}""", 404, "model 'missingtmpl:latest' not found"),
        new("template-function", Generate, """{"model":"m","prompt":"x","template":"{{ nofunc }}","stream":false}""", 500, """template: :1: function "nofunc" not defined"""),
        new("template-end", Generate, """{"model":"m","prompt":"x","template":"{{ if .Prompt }}x","stream":false}""", 500, "template: :1: unexpected EOF"),
        new("template-index", Generate, """{"model":"m","prompt":"x","template":"{{ index .Prompt 99 }}","stream":false}""", 500, """template: :1:3: executing "" at <index .Prompt 99>: error calling index: index out of range: 99"""),
        new("template-without-values", Generate, """{"model":"m","prompt":"x","template":"{{ template \"a\" }}","stream":false}""", 500, "undefined template specified"),
        new("format-number", Generate, """{"model":"m","prompt":"x","format":1,"stream":false}""", 500, """invalid format: "1"; expected "json" or a valid JSON Schema object"""),
        new("v1-schema-string", "/v1/chat/completions", """{"model":"m","messages":[{"role":"user","content":"x"}],"response_format":{"type":"json_schema","json_schema":{"schema":"x"}}}""", 500, """invalid format: "\"x\""; expected "json" or a valid JSON Schema object""") { Writer = ErrorWriter.Rewriter },
        Option("draft_num_predict", "integer"),
        Option("main_gpu", "integer"),
        Option("num_gpu", "integer"),
        Option("min_p", "float32"),
        new("create-template-unclosed", "/api/create", """{"model":"c1","from":"m","template":"{{ .Prompt","stream":false}""", 400, "template error: template: :1: unclosed action") { Writer = ErrorWriter.Wait },
        new("create-quantize", "/api/create", """{"model":"c1","from":"m","quantize":"q9","stream":false}""", 500, "unsupported quantization type Q9 - supported types are F32, F16, Q4_K_S, Q4_K_M, Q8_0") { Writer = ErrorWriter.Wait },
    ];

    private static ObservedText Option(string name, string type) =>
        new($"option-{name}", Generate, $$"""{"model":"m","prompt":"x","options":{"{{name}}":"x"},"stream":false}""", 500, $"""option "{name}" must be of type {type}""");
}
