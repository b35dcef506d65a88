using System.Text.Json;

namespace Inference.ContractTests.Facade;

/// <summary>The structs that Ollama's own routes decode their bodies into (api/types.go), with those types that decode themselves.</summary>
internal static class NativeRequests
{
    private const string Levels = "\"high\", \"medium\", \"low\", \"max\", true, or false";

    private static readonly GoType Duration = new GoType.Own(static value => (DecoderModel.Unmarshal(GoType.Anything, value), value.ValueKind) switch
    {
        ({ } overflow, _) => overflow,
        (_, JsonValueKind.Number) => null,
        // None of the probes is a duration.
        (_, JsonValueKind.String) => DecoderWords.Of($"time: invalid duration \"{value.GetString()}\""),
        (_, JsonValueKind.Array) => DecoderWords.Of("Unsupported type: '[]interface {}'"),
        (_, JsonValueKind.Object) => DecoderWords.Of("Unsupported type: 'map[string]interface {}'"),
        _ => DecoderWords.Of("Unsupported type: 'bool'"),
    });

    private static readonly GoType Think = new GoType.Own(static value => value.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => null,
        JsonValueKind.String => DecoderWords.Of($"invalid think value: \"{value.GetString()}\" (must be {Levels})"),
        _ => DecoderWords.Of($"think must be a boolean or string ({Levels})"),
    });

    private static readonly GoType Images = GoType.ListOf("[]api.ImageData", new GoType.Bytes("api.ImageData"));

    public static readonly GoType.Own Arguments = GoType.Ordered(GoType.Anything, ofNull: true);

    private static readonly GoType.Struct Call = GoType.StructOf("api.ToolCall", ("id", GoType.String), ("function", GoType.StructOf("api.ToolCallFunction",
        ("index", GoType.Int), ("name", GoType.String), ("arguments", Arguments))));

    private static readonly GoType.Struct Alias = GoType.StructOf("api.Alias",
        ("role", GoType.String), ("content", GoType.String), ("thinking", GoType.String), ("images", Images),
        ("tool_calls", GoType.ListOf("[]api.ToolCall", Call)), ("tool_name", GoType.String), ("tool_call_id", GoType.String));

    private static readonly GoType Messages = GoType.ListOf("[]api.Message", new GoType.Own(static value => DecoderModel.Unmarshal(Alias, value))
    {
        OfNull = true,
        Inside = [(static v => v, Alias)],
    });

    private static readonly GoType.Struct Property = new("ToolProperty", "api.ToolProperty", static () =>
    [
        ("anyOf", GoType.ListOf("[]api.ToolProperty", Property!)), ("type", PropertyType!), ("items", GoType.Anything), ("description", GoType.String),
        ("enum", GoType.ListOf("[]interface {}", GoType.Anything)), ("properties", Properties!), ("required", GoType.Strings),
    ]);

    private static readonly GoType PropertyType = new GoType.Own(static value => value.ValueKind is JsonValueKind.String ? null : DecoderModel.Unmarshal(GoType.Strings, value)) { OfNull = true };

    private static readonly GoType Properties = GoType.Ordered(Property, ofNull: false);

    public static readonly GoType.Struct Parameters = GoType.StructOf("api.ToolFunctionParameters",
        ("type", GoType.String), ("$defs", GoType.Anything), ("items", GoType.Anything), ("required", GoType.Strings), ("properties", Properties));

    public static readonly GoType.Struct Tool = GoType.StructOf("api.Tool", ("type", GoType.String), ("items", GoType.Anything),
        ("function", GoType.StructOf("api.ToolFunction", ("name", GoType.String), ("description", GoType.String), ("parameters", Parameters))));

    private static readonly (string Name, GoType Type)[] Shared =
    [
        ("model", GoType.String), ("stream", GoType.Bool), ("format", GoType.RawMessage), ("keep_alive", Duration), ("options", GoType.Object), ("think", Think),
        ("truncate", GoType.Bool), ("shift", GoType.Bool), ("_debug_render_only", GoType.Bool), ("logprobs", GoType.Bool), ("top_logprobs", GoType.Int),
    ];

    /// <summary>What each route reads.</summary>
    public static readonly (string Path, GoType.Struct Type)[] All =
    [
        Request("/api/generate", "api.GenerateRequest",
        [
            ("prompt", GoType.String), ("suffix", GoType.String), ("system", GoType.String), ("template", GoType.String),
            ("context", GoType.ListOf("[]int", GoType.Int)), ("raw", GoType.Bool), ("images", Images), .. Shared,
        ]),
        Request("/api/chat", "api.ChatRequest", [("messages", Messages), ("tools", GoType.ListOf("api.Tools", Tool)), .. Shared]),
        Request("/api/embed", "api.EmbedRequest",
            [("model", GoType.String), ("input", GoType.Anything), ("keep_alive", Duration), ("truncate", GoType.Bool), ("dimensions", GoType.Int), ("options", GoType.Object)]),
        Request("/api/embeddings", "api.EmbeddingRequest", [("model", GoType.String), ("prompt", GoType.String), ("keep_alive", Duration), ("options", GoType.Object)]),
        Request("/api/show", "api.ShowRequest",
            [("model", GoType.String), ("system", GoType.String), ("template", GoType.String), ("verbose", GoType.Bool), ("options", GoType.Object), ("name", GoType.String)]),
        Request("/api/create", "api.CreateRequest",
        [
            .. ((string[])["model", "quantize", "draft_quantize", "from", "remote_host", "template", "system", "renderer", "parser", "requires", "name", "quantization"]).Select(static n => (n, GoType.String)),
            ("stream", GoType.Bool), ("files", GoType.Texts), ("draft_files", GoType.Texts), ("adapters", GoType.Texts), ("license", GoType.Anything),
            ("parameters", GoType.Object), ("info", GoType.Object), ("messages", Messages),
        ]),
        Request("/api/copy", "api.CopyRequest", [("source", GoType.String), ("destination", GoType.String)]) ,
        Request("/api/delete", "api.DeleteRequest", [("model", GoType.String), ("name", GoType.String)]),
        Request("/api/pull", "api.PullRequest", Transfer()),
        Request("/api/push", "api.PushRequest", Transfer()),
    ];

    private static (string Name, GoType Type)[] Transfer() =>
        [("model", GoType.String), ("insecure", GoType.Bool), ("username", GoType.String), ("password", GoType.String), ("stream", GoType.Bool), ("name", GoType.String)];

    // No model has this name, so nothing is done where the body is understood.
    private static (string Path, GoType.Struct Type) Request(string path, string name, (string Name, GoType Type)[] fields) =>
        (path, GoType.StructOf(name, fields) with { Always = path is "/api/copy" ? "\"source\":\"a b\"" : "\"model\":\"a b\"" });
}
