using System.Text.Json;

namespace Inference.ContractTests.Facade;

/// <summary>The input of /v1/responses, which is read in several steps, each of which says where it was (openai/responses.go).</summary>
internal static class ResponsesItems
{
    private static readonly GoType Raws = GoType.ListOf("[]json.RawMessage", GoType.RawMessage);
    private static readonly GoType.Struct Head = CompatRequests.Unnamed("type string Type", "role string Role");
    private static readonly GoType.Struct PartHead = CompatRequests.Unnamed("type string Type");

    private static readonly (string Type, GoType.Struct Shape)[] Items =
    [
        ("message", CompatRequests.Unnamed("type string Type", "role string Role", "content json.RawMessage Content")),
        ("function_call", Fields("ResponsesFunctionCall", "id", "type", "call_id", "name", "arguments")),
        ("function_call_output", CompatRequests.Unnamed("type string Type", "call_id string CallID", "output json.RawMessage Output")),
        ("reasoning", GoType.StructOf("openai.ResponsesReasoningInput", ("id", GoType.String), ("type", GoType.String), ("encrypted_content", GoType.String),
            ("summary", GoType.ListOf("[]openai.ResponsesReasoningSummary", Fields("ResponsesReasoningSummary", "type", "text"))))),
    ];

    private static readonly (string Type, GoType.Struct Shape)[] Parts =
    [
        ("input_text", Fields("ResponsesTextContent", "type", "text")),
        ("output_text", Fields("ResponsesOutputTextContent", "type", "text")),
        ("input_image", Fields("ResponsesImageContent", "type", "detail", "file_id", "image_url")),
        ("input_file", Fields("ResponsesFileContent", "type", "file_data", "file_id", "file_url", "filename")),
    ];

    public static readonly GoType Input = new GoType.Own(static value => Listed(value, "input", Item))
    {
        OfNull = true,
        Inside =
        [
            (static v => v, Raws),
            .. Items.Select(static i => ((Func<string, string>)(static v => $"[{v}]"), (GoType)(i.Shape with { Always = $"\"type\":\"{i.Type}\"" }))),
            .. Parts.Select(static p => ((Func<string, string>)(static v => $$"""[{"role":"user","content":[{{v}}]}]"""), (GoType)(p.Shape with { Always = $"\"type\":\"{p.Type}\"" }))),
            (static v => $$"""[{"role":"user","content":[{{v}}]}]""", Parts[0].Shape),
            (static v => $$"""["x",{"type":"function_call_output","output":[{{v}}]}]""", Parts[0].Shape),
            (static v => $$"""[{"type":"function_call_output","output":[{"type":"input_text"},{{v}}]}]""", Parts[0].Shape),
        ],
    };

    /// <summary>What an object has under a key that is spelled like this, or with other capitals; null for nothing.</summary>
    public static JsonElement? Last(JsonElement value, string key) => value.ValueKind is not JsonValueKind.Object ? null
        : value.EnumerateObject().Where(m => m.Name.Equals(key, StringComparison.OrdinalIgnoreCase)).Select(static m => (JsonElement?)m.Value).LastOrDefault();

    // A text, or a list of things that are read one after the other.
    private static DecoderWords? Listed(JsonElement value, string name, Func<JsonElement, DecoderWords?> read)
    {
        if (value.ValueKind is JsonValueKind.String or JsonValueKind.Null)
        {
            return null;
        }

        if (DecoderModel.Unmarshal(Raws, value) is { } wrong)
        {
            return DecoderWords.Of($"{name} must be a string or array: {wrong}");
        }

        return value.EnumerateArray().Select((item, i) => read(item) is { } words ? DecoderWords.Of($"{name}[{i}]: {words}") : null).FirstOrDefault(static e => e is not null);
    }

    private static DecoderWords? Item(JsonElement value)
    {
        if (DecoderModel.Unmarshal(Head, value) is { } wrong)
        {
            return wrong;
        }

        var type = Text(value, "type") is { Length: > 0 } named ? named : Text(value, "role").Length > 0 ? "message" : "";
        if (type is "")
        {
            return DecoderWords.Of("input item missing required 'type' field");
        }

        var at = Array.FindIndex(Items, i => i.Type == type);
        if (at < 0)
        {
            return DecoderWords.Of($"unknown input item type: \"{type}\"");
        }

        return DecoderModel.Unmarshal(Items[at].Shape, value) ?? type switch
        {
            "message" when Last(value, "content") is { } content => Listed(content, "content", Part),
            "function_call_output" when Last(value, "output") is { } output => Listed(output, "output", Part),
            _ => null,
        };
    }

    private static DecoderWords? Part(JsonElement value)
    {
        if (DecoderModel.Unmarshal(PartHead, value) is { } wrong)
        {
            return wrong;
        }

        var type = Text(value, "type");
        var at = Array.FindIndex(Parts, p => p.Type == type);
        return at < 0 ? DecoderWords.Of($"unknown content type: {type}") : DecoderModel.Unmarshal(Parts[at].Shape, value);
    }

    // Null leaves what was there before.
    private static string Text(JsonElement value, string key) => value.ValueKind is not JsonValueKind.Object ? ""
        : value.EnumerateObject().LastOrDefault(m => m.Name.Equals(key, StringComparison.OrdinalIgnoreCase) && m.Value.ValueKind is JsonValueKind.String) is { Value.ValueKind: JsonValueKind.String } member ? member.Value.GetString()! : "";

    private static GoType.Struct Fields(string name, params string[] fields) => GoType.StructOf($"openai.{name}", Array.ConvertAll(fields, static f => (f, GoType.String)));
}
