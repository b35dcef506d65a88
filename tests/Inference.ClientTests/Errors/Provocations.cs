using System.Text;
using Inference.TestKit;

namespace Inference.ClientTests.Errors;

/// <summary>Every way to make a call fail that a request, a store or an engine offers.</summary>
internal static class Provocations
{
    private const string Generate = "InferenceService/Generate";
    private const string Chat = "InferenceService/Chat";
    private const string Embed = "InferenceService/Embed";
    private const string Pull = "ModelService/PullModel";

    public static IReadOnlyList<Provocation> All { get; } =
    [
        // The request is wrong.
        new("absent model", "MODEL_NOT_FOUND", Generate, """{"model":"absent","prompt":"a"}"""),
        new("absent model, one answer", "MODEL_NOT_FOUND", "ModelService/GetModel", """{"model":"absent"}"""),
        new("name that is none", "MODEL_NAME_INVALID", Generate, """{"model":"größe","prompt":"a"}"""),
        new("name with two sources", "MODEL_SOURCE_CONFLICT", Generate, """{"model":"toy:local:cloud","prompt":"a"}"""),
        new("no messages and a wrong option", "FIELD_REQUIRED", Chat, """{"model":"toy","messages":[],"options":{"top_p":7}}"""),
        new("options out of range", "FIELD_INVALID", Generate, """{"model":"toy","prompt":"a","options":{"top_p":7,"temperature":-1}}"""),
        new("raw with suffix", "FIELD_CONFLICT", Generate, """{"model":"toy","prompt":"a","raw":true,"suffix":"b","return_context":true}"""),
        new("raw with template", "RAW_MODE_CONFLICT", Generate, """{"model":"toy","prompt":"a","raw":true,"template":"{{ .Prompt }}"}"""),
        new("template that does not parse", "TEMPLATE_INVALID", Generate, """{"model":"toy","prompt":"a","template":"{{ if }}"}"""),
        new("grammar that does not parse", "GRAMMAR_INVALID", Generate, """{"model":"toy","prompt":"a","format":{"gbnf":"root ::= ("}}"""),
        new("prompt that does not fit", "CONTEXT_LENGTH_EXCEEDED", Generate, $$"""{"model":"toy","prompt":"{{new StringBuilder().Insert(0, "word ", 4000)}}"}"""),
        new("token beyond the vocabulary", "TOKEN_OUT_OF_RANGE", "InferenceService/Detokenize", """{"model":"toy","tokens":[1000000]}"""),
        new("strict with a cut prompt", "STRICT_VIOLATION", Generate, $$"""{"model":"toy","prompt":"{{new StringBuilder().Insert(0, "word ", 4000)}}","truncate":true,"strict":true}"""),
        new("more than a message may hold", "REQUEST_TOO_LARGE", Generate, $$"""{"model":"toy","prompt":"{{new string('a', ProvocationScene.MaxRequestBytes)}}"}"""),
        new("digest that is none", "BLOB_DIGEST_INVALID", "ModelService/GetBlob", """{"digest":"sha256:12"}"""),
        new("absent blob", "BLOB_NOT_FOUND", "ModelService/GetBlob", $$"""{"digest":"sha256:{{new string('0', 64)}}"}"""),
        new("reranking", "FEATURE_UNSUPPORTED", "InferenceService/Rerank", """{"model":"toy","query":"a","documents":["b"]}"""),
        new("method that there is not", "FEATURE_UNSUPPORTED", "InferenceService/Nope", "{}"),

        // The model cannot.
        new("embedding model that shall chat", "CAPABILITY_MISSING", Chat, $$"""{"model":"{{SmallStore.EmbeddingModel}}","messages":[{"role":"ROLE_USER","content":[{"text":"a"}]}]}"""),
        new("weights that are none", "MODEL_CORRUPT", Generate, """{"model":"not-gguf","prompt":"a"}"""),
        new("weights that are cut", "MODEL_CORRUPT", Generate, """{"model":"cut","prompt":"a"}"""),
        new("copy of a remote that is off", "REMOTE_DISABLED", Generate, """{"model":"toy:cloud","prompt":"a"}"""),
        new("architecture that nobody knows", "MODEL_UNSUPPORTED", Generate, """{"model":"strange","prompt":"a"}"""),
        Scripted("stored parameter of a wrong type", "MODEL_PARAMETER_INVALID", """{"model":"bad-parameters","prompt":"a"}"""),
        Scripted("template that fails", "TEMPLATE_FAILED", """{"model":"bad-template","prompt":"a"}"""),

        // Other servers.
        Scripted("model on a server that is not asked", "REMOTE_MODEL_UNSUPPORTED", """{"model":"far","prompt":"a"}"""),
        Scripted("model on a server that is not there", "REMOTE_UNAVAILABLE", """{"model":"unreachable","prompt":"a"}"""),
        Scripted("model that another server lacks", "REMOTE_MODEL_NOT_FOUND", """{"model":"remote-404","prompt":"a"}"""),
        Scripted("model on a server that is busy", "REMOTE_BUSY", """{"model":"remote-429","prompt":"a"}"""),
        Scripted("model on a server that refuses", "REMOTE_REFUSED", """{"model":"remote-400","prompt":"a"}"""),
        Scripted("model on a server that fails", "REMOTE_FAILED", """{"model":"remote-500","prompt":"a"}"""),
        Scripted("model on a server that wants an account", "SIGNIN_REQUIRED", """{"model":"remote-401","prompt":"a"}"""),
        new("pull of what the registry lacks", "REGISTRY_MODEL_NOT_FOUND", Pull, """{"model":"{elsewhere}/ns/absent","insecure":true}"""),
        new("pull of what the registry keeps", "REGISTRY_REFUSED", Pull, """{"model":"{elsewhere}/ns/refused","insecure":true}"""),
        new("pull of what the registry garbles", "REGISTRY_PROTOCOL", Pull, """{"model":"{elsewhere}/ns/garbled","insecure":true}"""),
        new("pull from nobody", "REGISTRY_UNAVAILABLE", Pull, """{"model":"127.0.0.1:1/ns/any","insecure":true}"""),

        // The store.
        new("copy of what is absent", "MODEL_NOT_FOUND", "ModelService/CopyModel", """{"source":"absent","destination":"copy"}"""),
        new("creating from an absent file", "BLOB_NOT_FOUND", "ModelService/CreateModel", $$"""{"model":"new","files":{"digests":{"m.gguf":"sha256:{{new string('0', 64)}}"} } }"""),

        // Loading and computing.
        new("a server on its way out", "SERVER_DRAINING", Generate, """{"model":"toy","prompt":"a"}""") { Target = Target.Draining },
        Scripted("work that ends by itself", "REQUEST_CANCELLED", """{"model":"gives-up","prompt":"a"}"""),
        Scripted("full queue", "SERVER_BUSY", """{"model":"busy","prompt":"a"}"""),
        Scripted("too little memory", "INSUFFICIENT_MEMORY", """{"model":"big","prompt":"a"}"""),
        Scripted("load that fails", "LOAD_FAILED", """{"model":"load-fails","prompt":"a"}"""),
        Scripted("load that stands still", "LOAD_STALLED", """{"model":"stalls","prompt":"a"}"""),
        Scripted("a bug", "INTERNAL", """{"model":"bug","prompt":"a"}"""),
        Scripted("engine that breaks in mid-stream", "ENGINE_FAILED", """{"model":"breaks","prompt":"a"}"""),
        Scripted("memory that runs out in mid-stream", "ENGINE_OUT_OF_MEMORY", """{"model":"runs-out","prompt":"a"}"""),
        Scripted("a bug in mid-stream", "INTERNAL", """{"model":"bug-midway","prompt":"a"}"""),
        Scripted("vector that is no number", "EMBEDDING_NOT_FINITE", """{"model":"nan","inputs":["a","b"]}""") with { Method = Embed },
        Scripted("deadline", "", """{"model":"silent","prompt":"a"}""") with { TimeoutMs = 700 },
    ];

    private static Provocation Scripted(string name, string reason, string request) => new(name, reason, Generate, request) { Target = Target.Scripted };
}
