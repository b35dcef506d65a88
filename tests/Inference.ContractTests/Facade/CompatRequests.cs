using System.Text.Json;

namespace Inference.ContractTests.Facade;

/// <summary>The structs that the /v1 routes decode their bodies into (openai/, anthropic/), with those types that decode themselves.</summary>
internal static class CompatRequests
{
    private static readonly GoType.Struct StreamOptions = GoType.StructOf("openai.StreamOptions", ("include_usage", GoType.Bool));

    private static readonly GoType.Struct OpenAiMessage = GoType.StructOf("openai.Message",
        ("role", GoType.String), ("content", GoType.Anything), ("reasoning", GoType.String), ("name", GoType.String), ("tool_call_id", GoType.String),
        ("tool_calls", GoType.ListOf("[]openai.ToolCall", GoType.StructOf("openai.ToolCall", ("id", GoType.String), ("index", GoType.Int), ("type", GoType.String),
            ("function", Unnamed("name string Name", "arguments string Arguments"))))));

    private static readonly GoType.Struct ResponsesTool = new("ResponsesTool", "openai.ResponsesTool", static () =>
    [
        ("type", GoType.String), ("name", GoType.String), ("description", GoType.String), ("strict", GoType.Bool), ("parameters", GoType.Object),
        ("tools", GoType.ListOf("[]openai.ResponsesTool", ResponsesTool!)),
    ]);

    private static readonly GoType.Struct Block = GoType.StructOf("anthropic.ContentBlock",
        ("type", GoType.String), ("text", GoType.String), ("id", GoType.String), ("name", GoType.String), ("input", NativeRequests.Arguments), ("tool_use_id", GoType.String),
        ("content", GoType.Anything), ("is_error", GoType.Bool), ("thinking", GoType.String), ("signature", GoType.String),
        ("source", GoType.StructOf("anthropic.ImageSource", ("type", GoType.String), ("media_type", GoType.String), ("data", GoType.String), ("url", GoType.String))),
        ("citations", GoType.ListOf("[]anthropic.Citation", GoType.StructOf("anthropic.Citation",
            ("type", GoType.String), ("url", GoType.String), ("title", GoType.String), ("encrypted_index", GoType.String), ("cited_text", GoType.String)))));

    private static readonly GoType Blocks = GoType.ListOf("[]anthropic.ContentBlock", Block);

    private static readonly GoType.Struct Turn = Unnamed("role string Role", "content json.RawMessage Content") with { Always = "\"content\":\"x\"" };

    private static readonly GoType Turns = GoType.ListOf("[]anthropic.MessageParam", new GoType.Own(ReadTurn)
    {
        OfNull = true,
        Inside = [(static v => v, Turn), (static v => $$"""{"role":"user","content":{{v}}}""", Blocks)],
    });

    public static readonly (string Path, GoType.Struct Type)[] All =
    [
        Request("/v1/chat/completions", "openai.ChatCompletionRequest",
            ("model", GoType.String), ("messages", GoType.ListOf("[]openai.Message", OpenAiMessage)), ("stream", GoType.Bool), ("stream_options", StreamOptions),
            ("max_tokens", GoType.Int), ("seed", GoType.Int), ("stop", GoType.Anything), ("temperature", GoType.Float64), ("frequency_penalty", GoType.Float64),
            ("presence_penalty", GoType.Float64), ("top_p", GoType.Float64), ("tools", GoType.ListOf("[]api.Tool", NativeRequests.Tool)),
            ("response_format", GoType.StructOf("openai.ResponseFormat", ("type", GoType.String), ("json_schema", GoType.StructOf("openai.JsonSchema", ("schema", GoType.RawMessage))))),
            ("reasoning", GoType.StructOf("openai.Reasoning", ("effort", GoType.String))), ("reasoning_effort", GoType.String), ("logprobs", GoType.Bool),
            ("top_logprobs", GoType.Int), ("_debug_render_only", GoType.Bool)),
        Request("/v1/completions", "openai.CompletionRequest",
            ("model", GoType.String), ("prompt", GoType.String), ("suffix", GoType.String), ("frequency_penalty", GoType.Float32), ("presence_penalty", GoType.Float32),
            ("top_p", GoType.Float32), ("temperature", GoType.Float32), ("max_tokens", GoType.Int), ("seed", GoType.Int), ("logprobs", GoType.Int), ("stop", GoType.Anything),
            ("stream", GoType.Bool), ("stream_options", StreamOptions), ("_debug_render_only", GoType.Bool)),
        Request("/v1/embeddings", "openai.EmbedRequest", ("input", GoType.Anything), ("model", GoType.String), ("encoding_format", GoType.String), ("dimensions", GoType.Int)),
        Request("/v1/responses", "openai.ResponsesRequest",
            ("model", GoType.String), ("instructions", GoType.String), ("background", GoType.Bool), ("conversation", GoType.RawMessage), ("include", GoType.Strings),
            ("input", ResponsesItems.Input), ("max_output_tokens", GoType.Int), ("temperature", GoType.Float64), ("top_p", GoType.Float64), ("truncation", GoType.String),
            ("reasoning", GoType.StructOf("openai.ResponsesReasoning", ("effort", GoType.String), ("generate_summary", GoType.String), ("summary", GoType.String))),
            ("text", GoType.StructOf("openai.ResponsesText", ("format", GoType.StructOf("openai.ResponsesTextFormat",
                ("type", GoType.String), ("name", GoType.String), ("schema", GoType.RawMessage), ("strict", GoType.Bool))))),
            ("tools", GoType.ListOf("[]openai.ResponsesTool", ResponsesTool)), ("stream", GoType.Bool)),
        Request("/v1/messages", "anthropic.MessagesRequest",
            ("model", GoType.String), ("max_tokens", GoType.Int), ("messages", Turns), ("system", GoType.Anything), ("stream", GoType.Bool), ("temperature", GoType.Float64),
            ("top_p", GoType.Float64), ("top_k", GoType.Int), ("stop_sequences", GoType.Strings),
            ("tools", GoType.ListOf("[]anthropic.Tool", GoType.StructOf("anthropic.Tool",
                ("type", GoType.String), ("name", GoType.String), ("description", GoType.String), ("input_schema", GoType.RawMessage), ("max_uses", GoType.Int)))),
            ("tool_choice", GoType.StructOf("anthropic.ToolChoice", ("type", GoType.String), ("name", GoType.String), ("disable_parallel_tool_use", GoType.Bool))),
            ("thinking", GoType.StructOf("anthropic.ThinkingConfig", ("type", GoType.String), ("budget_tokens", GoType.Int))),
            ("metadata", GoType.StructOf("anthropic.Metadata", ("user_id", GoType.String))), ("output_config", GoType.StructOf("anthropic.OutputConfig", ("effort", GoType.String)))),
    ];

    /// <summary>A struct without a name, which is called by all of its text.</summary>
    /// <param name="fields">Name in JSON, type and name in Go of each.</param>
    public static GoType.Struct Unnamed(params string[] fields)
    {
        var parts = Array.ConvertAll(fields, static f => f.Split(' '));
        var text = string.Join("; ", parts.Select(static p => $"""{p[2]} {p[1]} "json:\"{p[0]}\"" """.TrimEnd()));
        return new GoType.Struct("", $"struct {{ {text} }}", () => Array.ConvertAll(parts, static p => (p[0], p[1] is "string" ? GoType.String : GoType.RawMessage)));
    }

    // A text, or blocks; where there is none, nothing is decoded, which is not JSON.
    private static DecoderWords? ReadTurn(JsonElement value)
    {
        if (DecoderModel.Unmarshal(Turn, value) is { } wrong)
        {
            return wrong;
        }

        return ResponsesItems.Last(value, "content") is not { } content ? DecoderWords.Of("unexpected end of JSON input")
            : content.ValueKind is JsonValueKind.String ? null
            : DecoderModel.Unmarshal(Blocks, content);
    }

    private static (string Path, GoType.Struct Type) Request(string path, string name, params (string Name, GoType Type)[] fields) =>
        (path, GoType.StructOf(name, fields) with { Always = "\"model\":\"a b\"" });
}
