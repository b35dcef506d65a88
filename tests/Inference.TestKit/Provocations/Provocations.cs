using System.Text;
using System.Text.Json.Nodes;

namespace Inference.TestKit.Provocations;

/// <summary>Every way to make a call fail that a request, a store, an engine or another server offers; each over every door that has it.</summary>
public static class Provocations
{
    private const string ChatMethod = "InferenceService/Chat";
    private const string EmbedMethod = "InferenceService/Embed";
    private const string Absent = "sha256:0000000000000000000000000000000000000000000000000000000000000000";

    private static readonly string ManyWords = new StringBuilder().Insert(0, "word ", 4000).ToString();

    public static IReadOnlyList<Provocation> All { get; } = [.. OfRequests(), .. OfModels(), .. OfOtherServers(), .. OfStores(), .. OfWork()];

    /// <summary>The reasons that something here makes a call fail with.</summary>
    public static IReadOnlySet<string> Reasons(Func<Provocation, bool> door) => All.Where(door).Select(static p => p.Reason).ToHashSet(StringComparer.Ordinal);

    private static IEnumerable<Provocation> OfRequests() =>
    [
        Generate("absent model", "MODEL_NOT_FOUND", """{"model":"absent","prompt":"a"}"""),
        new("absent model, one answer", "MODEL_NOT_FOUND", "ModelService/GetModel", """{"model":"absent"}""") { Ollama = Post("/api/show", """{"model":"absent"}""") },
        Generate("name that is none", "MODEL_NAME_INVALID", """{"model":"größe","prompt":"a"}"""),
        Generate("name with two sources", "MODEL_SOURCE_CONFLICT", """{"model":"toy:local:cloud","prompt":"a"}"""),
        new("no messages and a wrong option", "FIELD_REQUIRED", ChatMethod, """{"model":"toy","messages":[],"options":{"top_p":7}}"""),
        new("copy of nothing", "FIELD_REQUIRED", "ModelService/CopyModel", """{"source":"","destination":"b"}""") { Ollama = Post("/api/copy", """{"source":"","destination":"b"}""") },
        new("options out of range", "FIELD_INVALID", "InferenceService/Generate", """{"model":"toy","prompt":"a","options":{"top_p":7,"temperature":-1}}"""),
        Create("file outside of its folder", "FIELD_INVALID", $$"""{"files":{"/m.gguf":"{{Absent}}"} }"""),
        new("raw with suffix", "FIELD_CONFLICT", "InferenceService/Generate", """{"model":"toy","prompt":"a","raw":true,"suffix":"b","return_context":true}"""),
        Create("draft for a model elsewhere", "FIELD_CONFLICT", $$"""{"from":"toy","remote_host":"http://127.0.0.1:1","draft_files":{"d.gguf":"{{Absent}}"} }"""),
        Generate("raw with template", "RAW_MODE_CONFLICT", """{"model":"toy","prompt":"a","raw":true,"template":"{{ .Prompt }}"}"""),
        Generate("template that does not parse", "TEMPLATE_INVALID", """{"model":"toy","prompt":"a","template":"{{ if }}"}"""),
        new("grammar that does not parse", "GRAMMAR_INVALID", "InferenceService/Generate", """{"model":"toy","prompt":"a","format":{"gbnf":"root ::= ("}}"""),
        new("schema that is no JSON", "JSON_SCHEMA_INVALID", "InferenceService/Generate", """{"model":"remote-500","prompt":"a","format":{"json_schema":"{"}}""") { Target = Target.Scripted },
        Generate("prompt that does not fit", "CONTEXT_LENGTH_EXCEEDED", $$"""{"model":"toy","prompt":"{{ManyWords}}","truncate":false,"shift":true}"""),
        Generate("token beyond the vocabulary", "TOKEN_OUT_OF_RANGE", """{"model":"toy","prompt":"a","context":[1000000]}"""),
        new("token that is none", "TOKEN_OUT_OF_RANGE", "InferenceService/Detokenize", """{"model":"toy","tokens":[1000000]}"""),
        new("strict with a cut prompt", "STRICT_VIOLATION", "InferenceService/Generate", $$"""{"model":"toy","prompt":"{{ManyWords}}","truncate":true,"strict":true}"""),
        new("more than a message may hold", "REQUEST_TOO_LARGE", "InferenceService/Generate", $$"""{"model":"toy","prompt":"{{new string('a', ProvocationScene.MaxRequestBytes)}}"}""")
        {
            Ollama = Post("/v1/chat/completions", new string(' ', (20 << 20) + 1)) with { Packed = true },
        },
        new("what is not the message", "REQUEST_MALFORMED", "InferenceService/Generate", "{}")
        {
            Bytes = [0xFF, 0xFF, 0xFF],
            ForClients = false,
            Rest = Post("/inference/v1/generate", """{"model":""") with { Facts = Fact("detail", "the body is not the JSON that this route reads") },
            Ollama = Post("/api/generate", """{"model":""") with { Facts = Fact("detail", "unexpected EOF") },
        },
        new("timeout that is none", "REQUEST_MALFORMED", "InferenceService/Generate", """{"model":"toy","prompt":"a"}""") { Headers = Fact("grpc-timeout", "soon"), ForClients = false },
        new("option of a wrong type", "OPTION_TYPE_INVALID", "", "")
        {
            Ollama = Post("/api/generate", """{"model":"toy","prompt":"a","options":{"temperature":"hot"}}""") with { Facts = new Dictionary<string, string> { ["option"] = "temperature", ["expected_type"] = "float32" } },
        },
        new("picture that is not here", "MEDIA_INVALID", "", "")
        {
            Ollama = Post("/v1/chat/completions", """{"model":"toy","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"http://pictures.example/1"}}]}]}""") with
            {
                Facts = new Dictionary<string, string>
                {
                    ["field"] = "messages[0].content[0].media",
                    ["detail"] = "image URLs are not currently supported, please use base64 encoded data instead",
                    ["stage"] = "decode",
                },
            },
        },
        new("reranking", "FEATURE_UNSUPPORTED", "InferenceService/Rerank", """{"model":"toy","query":"a","documents":["b"]}"""),
        new("schema", "FEATURE_UNSUPPORTED", "InferenceService/Generate", """{"model":"toy","prompt":"a","format":{"json_schema":"{\"type\":\"object\"}"}}""")
        {
            Ollama = Post("/api/generate", """{"model":"toy","prompt":"a","format":{"type":"object"}}"""),
        },
        new("method that there is not", "FEATURE_UNSUPPORTED", "InferenceService/Nope", "{}"),
        new("health of a service that there is not", "SERVICE_UNKNOWN", "grpc.health.v1.Health/Check", """{"service":"nope"}""")
        {
            ForClients = false,
            Rest = new HttpTwin("GET", "/inference/v1/nope", "") { Facts = Fact("method", "GET /inference/v1/nope") },
        },
    ];

    private static IEnumerable<Provocation> OfModels() =>
    [
        new("embedding model that shall chat", "CAPABILITY_MISSING", ChatMethod, $$"""{"model":"{{SmallStore.EmbeddingModel}}","messages":[{"role":"ROLE_USER","content":[{"text":"a"}]}]}""")
        {
            Ollama = Post("/api/chat", $$"""{"model":"{{SmallStore.EmbeddingModel}}","messages":[{"role":"user","content":"a"}]}"""),
        },
        Generate("weights that are none", "MODEL_CORRUPT", """{"model":"not-gguf","prompt":"a"}"""),
        Generate("weights that are cut", "MODEL_CORRUPT", """{"model":"cut","prompt":"a"}"""),
        Generate("architecture that nobody knows", "MODEL_UNSUPPORTED", """{"model":"strange","prompt":"a"}"""),
        Scripted("stored parameter of a wrong type", "MODEL_PARAMETER_INVALID", """{"model":"bad-parameters","prompt":"a"}"""),
        new("two pictures for a model that sees one", "MEDIA_TOO_MANY", "InferenceService/Generate", """{"model":"one-picture","prompt":"a","media":[{"data":"YQ=="},{"data":"Yg=="}]}""")
        {
            Target = Target.Scripted,
            Ollama = Post("/api/generate", """{"model":"one-picture","prompt":"a","images":["YQ==","Yg=="]}"""),
        },
        Scripted("template that fails", "TEMPLATE_FAILED", """{"model":"bad-template","prompt":"a"}"""),
    ];

    private static IEnumerable<Provocation> OfOtherServers() =>
    [
        Generate("copy of a remote that is off", "REMOTE_DISABLED", """{"model":"toy:cloud","prompt":"a"}"""),
        Scripted("model on a server that is not asked", "REMOTE_MODEL_UNSUPPORTED", """{"model":"far","prompt":"a"}"""),
        Scripted("model on a server that is not there", "REMOTE_UNAVAILABLE", """{"model":"unreachable","prompt":"a"}"""),
        Scripted("model that another server lacks", "REMOTE_MODEL_NOT_FOUND", """{"model":"remote-404","prompt":"a"}"""),
        Scripted("model on a server that is busy", "REMOTE_BUSY", """{"model":"remote-429","prompt":"a"}"""),
        Scripted("model on a server that refuses", "REMOTE_REFUSED", """{"model":"remote-400","prompt":"a"}"""),
        Scripted("model on a server that fails", "REMOTE_FAILED", """{"model":"remote-500","prompt":"a"}"""),
        Scripted("model on a server that wants an account", "SIGNIN_REQUIRED", """{"model":"remote-401","prompt":"a"}"""),
        Pull("pull of what the registry lacks", "REGISTRY_MODEL_NOT_FOUND", "{registry}/ns/absent"),
        Pull("pull of what the registry keeps", "REGISTRY_REFUSED", "{registry}/ns/refused"),
        Pull("pull of what the registry garbles", "REGISTRY_PROTOCOL", "{registry}/ns/garbled"),
        Pull("pull from nobody", "REGISTRY_UNAVAILABLE", "127.0.0.1:1/ns/any"),
        Pull("pull of what arrives otherwise", "TRANSFER_CORRUPT", "{registry}/ns/wrong"),
        Pull("pull that needs a key", "IDENTITY_UNREADABLE", "{registry}/ns/signed") with { Target = Target.Busy },
    ];

    private static IEnumerable<Provocation> OfStores() =>
    [
        new("copy of what is absent", "MODEL_NOT_FOUND", "ModelService/CopyModel", """{"source":"absent","destination":"copy"}""") { Ollama = Post("/api/copy", """{"source":"absent","destination":"copy"}""") },
        new("digest that is none", "BLOB_DIGEST_INVALID", "ModelService/GetBlob", """{"digest":"sha256:12"}""") { Ollama = Post("/api/blobs/sha256:12", "a") },
        new("blob that is absent", "BLOB_NOT_FOUND", "ModelService/GetBlob", $$"""{"digest":"{{Absent}}"}""") { Ollama = new HttpTwin("HEAD", $"/api/blobs/{Absent}", "") },
        new("blob with another digest", "BLOB_DIGEST_MISMATCH", "ModelService/UploadBlob", $$"""{"digest":"{{Absent}}","data":"YQ=="}""") { ForClients = false, Ollama = Post($"/api/blobs/{Absent}", "a") },
        Create("model from an absent file", "BLOB_NOT_FOUND", $$"""{"files":{"m.gguf":"{{Absent}}"} }"""),
        Create("model from a text", "MODEL_FILE_INVALID", """{"files":{"m.gguf":"{text}"} }"""),
        Create("numbers that there are not", "QUANTIZATION_INVALID", """{"from":"toy","quantize":"Q9"}"""),
        Create("numbers that are few already", "QUANTIZATION_FAILED", """{"from":"few","quantize":"Q8_0"}""") with { Target = Target.Scripted },
        Generate("store that cannot be listed", "STORE_FAILED", """{"model":"any","prompt":"a"}""") with { Target = Target.Broken },
        new("store that cannot be listed, copying", "STORE_FAILED", "ModelService/CopyModel", """{"source":"any","destination":"copy"}""") { Target = Target.Broken, Ollama = Post("/api/copy", """{"source":"any","destination":"copy"}""") },
        Pull("pull of more than a disk holds", "STORE_FULL", "{registry}/ns/huge") with { Measured = "available_bytes" },
    ];

    private static IEnumerable<Provocation> OfWork() =>
    [
        Generate("a server on its way out", "SERVER_DRAINING", """{"model":"toy","prompt":"a"}""") with { Target = Target.Draining },
        Generate("full queue", "SERVER_BUSY", """{"model":"other","prompt":"a"}""") with { Target = Target.Busy },
        Scripted("work that ends by itself", "REQUEST_CANCELLED", """{"model":"gives-up","prompt":"a"}"""),
        Scripted("too little memory", "INSUFFICIENT_MEMORY", """{"model":"big","prompt":"a"}""") with { Measured = "available_bytes" },
        Scripted("load that fails", "LOAD_FAILED", """{"model":"load-fails","prompt":"a"}"""),
        Scripted("load that stands still", "LOAD_STALLED", """{"model":"stalls","prompt":"a"}""") with { TimeoutMs = 3_600_000 },
        Scripted("a bug", "INTERNAL", """{"model":"bug","prompt":"a"}"""),
        Generate("scores that are no numbers", "ENGINE_FAILED", """{"model":"hollow","prompt":"a"}"""),
        Scripted("engine that breaks in mid-stream", "ENGINE_FAILED", """{"model":"breaks","prompt":"a"}"""),
        Scripted("memory that runs out in mid-stream", "ENGINE_OUT_OF_MEMORY", """{"model":"runs-out","prompt":"a"}"""),
        Scripted("a bug in mid-stream", "INTERNAL", """{"model":"bug-midway","prompt":"a"}"""),
        new("vector that is no number", "EMBEDDING_NOT_FINITE", EmbedMethod, """{"model":"hollow-embed","inputs":["a","b"]}""") { Ollama = Post("/api/embed", """{"model":"hollow-embed","input":["a","b"]}""") },
        new("vector that is not there", "EMBEDDING_EMPTY", EmbedMethod, """{"model":"empty","inputs":["a"]}""") { Target = Target.Scripted, Ollama = Post("/api/embed", """{"model":"empty","input":["a"]}""") },
        Scripted("text that is not tokenized", "TOKENIZER_FAILED", """{"model":"wordless","prompt":"a"}"""),
        Scripted("deadline that passes", "DEADLINE_EXCEEDED", """{"model":"silent","prompt":"a"}""") with { Ollama = null },
        Scripted("wait longer than the deadline", "DEADLINE_TOO_SHORT", """{"model":"crowded","prompt":"a"}""") with { Ollama = null },
    ];

    private static Dictionary<string, string> Fact(string key, string value) => new() { [key] = value };

    private static HttpTwin Post(string path, string body) => new("POST", path, body);

    private static Provocation Generate(string name, string reason, string request) => new(name, reason, "InferenceService/Generate", request) { Ollama = Post("/api/generate", request) };

    private static Provocation Scripted(string name, string reason, string request) => Generate(name, reason, request) with { Target = Target.Scripted };

    private static Provocation Pull(string name, string reason, string model)
    {
        var request = $$"""{"model":"{{model}}","insecure":true}""";
        return new(name, reason, "ModelService/PullModel", request) { Ollama = Post("/api/pull", request) };
    }

    // The contract says from_model where Ollama says from, and has its files in a message.
    private static Provocation Create(string name, string reason, string request)
    {
        var ollama = JsonNode.Parse(request)!.AsObject();
        ollama["model"] = "new";
        var contract = new JsonObject();
        foreach (var (key, value) in ollama)
        {
            contract[key is "from" ? "from_model" : key] = value is JsonObject files ? new JsonObject { ["digests"] = files.DeepClone() } : value!.DeepClone();
        }

        return new(name, reason, "ModelService/CreateModel", contract.ToJsonString()) { Ollama = Post("/api/create", ollama.ToJsonString()) };
    }
}
