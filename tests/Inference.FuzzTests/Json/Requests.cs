namespace Inference.FuzzTests.Json;

/// <summary>The request types of Ollama's routes that take a body (api/types.go), in the order in which <see cref="Dump"/> prints them.</summary>
internal static class Requests
{
    private static readonly Shape Text = new Shape.Text();
    private static readonly Shape Bool = new Shape.Bool();
    private static readonly Shape Pointer = new Shape.BoolPointer();
    private static readonly Shape Int = new Shape.Int();
    private static readonly Shape Any = new Shape.Any();
    private static readonly Shape Map = new Shape.Map();
    private static readonly Shape Raw = new Shape.Raw();
    private static readonly Shape KeepAlive = new Shape.KeepAlive();
    private static readonly Shape Think = new Shape.Think();
    private static readonly Shape Texts = new Shape.ListOf(static () => Text);
    private static readonly Shape Images = new Shape.ListOf(static () => new Shape.Image());

    private static readonly Shape.Struct Property = new(
        new("anyOf", new Shape.ListOf(static () => Property!)), new("type", new Shape.PropertyType()), new("items", Any), new("description", Text),
        new("enum", new Shape.ListOf(static () => Any)), new("properties", new Shape.Ordered(static () => Property!, Pointer: true)), new("required", Texts));

    private static readonly Shape.Struct Tool = new(
        new("type", Text),
        new("items", Any, Dropped: true),
        new("function", new Shape.Struct(
            new("name", Text),
            new("description", Text),
            new("parameters", new Shape.Struct(
                new("type", Text), new("$defs", Any), new("items", Any), new("required", Texts), new("properties", new Shape.Ordered(static () => Property, Pointer: true)))))));

    private static readonly Shape.Struct ToolCall = new(
        new("id", Text),
        new("function", new Shape.Struct(new("index", Int), new("name", Text), new("arguments", new Shape.Ordered(static () => Any, Pointer: false)))));

    private static readonly Shape Message = new Shape.Message(new(
        new("role", Text), new("content", Text), new("thinking", Text), new("images", Images), new("tool_calls", new Shape.ListOf(static () => ToolCall)),
        new("tool_name", Text), new("tool_call_id", Text)));

    /// <summary>By route.</summary>
    public static IReadOnlyDictionary<string, Shape.Struct> All { get; } = new SortedDictionary<string, Shape.Struct>(StringComparer.Ordinal)
    {
        ["generate"] = new(
            new("model", Text), new("prompt", Text), new("suffix", Text), new("system", Text), new("template", Text), new("context", new Shape.ListOf(static () => Int)),
            new("stream", Pointer), new("raw", Bool), new("format", Raw), new("keep_alive", KeepAlive), new("images", Images), new("options", Map), new("think", Think),
            new("truncate", Pointer), new("shift", Pointer), new("_debug_render_only", Bool), new("logprobs", Bool), new("top_logprobs", Int)),
        ["chat"] = new(
            new("model", Text), new("messages", new Shape.ListOf(static () => Message)), new("stream", Pointer), new("format", Raw), new("keep_alive", KeepAlive),
            new("tools", new Shape.ListOf(static () => Tool)), new("options", Map), new("think", Think),
            new("truncate", Pointer), new("shift", Pointer), new("_debug_render_only", Bool), new("logprobs", Bool), new("top_logprobs", Int)),
        ["embed"] = new(new("model", Text), new("input", Any), new("keep_alive", KeepAlive), new("truncate", Pointer), new("dimensions", Int), new("options", Map)),
        ["embeddings"] = new(new("model", Text), new("prompt", Text), new("keep_alive", KeepAlive), new("options", Map)),
        ["show"] = new(new("model", Text), new("system", Text), new("template", Text, Dropped: true), new("verbose", Bool), new("options", Map), new("name", Text)),
    };
}
