using System.Text.Json;
using Inference.Prompts.GoTemplates.Values;

namespace Inference.Prompts.Rendering;

/// <summary>The keywords of a JSON schema, each in the one form that it can have; in any other it is absent.</summary>
internal readonly struct Schema(JsonElement json)
{
    public string Text(string name) => Find(name, JsonValueKind.String) is { } found ? JsonValues.Text(found) : "";

    public GoValue? Any(string name) => Find(name) is { } found ? JsonValues.Any(found) : null;

    public GoValue?[]? Texts(string name) => Find(name, JsonValueKind.Array) is { } found ? TextsOf(found) : null;

    public GoValue?[]? TextOrTexts(string name) =>
        Find(name, JsonValueKind.String) is { } text ? [new GoString(JsonValues.Text(text))] : Texts(name);

    public IEnumerable<Schema>? Elements(string name) => Find(name, JsonValueKind.Array) is { } found ? found.EnumerateArray().Select(static e => new Schema(e)) : null;

    /// <summary>In the order written; the last of equal names counts, at the place of the first.</summary>
    public IEnumerable<KeyValuePair<string, Schema>>? Members(string name)
    {
        if (Find(name, JsonValueKind.Object) is not { } found)
        {
            return null;
        }

        var members = new Dictionary<string, Schema>();
        foreach (var member in found.EnumerateObject())
        {
            members[JsonValues.Name(member)] = new Schema(member.Value);
        }

        return members;
    }

    private JsonElement? Find(string name, JsonValueKind? kind = null) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var found) && (kind is null || found.ValueKind == kind) ? found : null;

    private static GoValue?[] TextsOf(JsonElement array) =>
        [.. array.EnumerateArray().Where(static e => e.ValueKind == JsonValueKind.String).Select(static e => new GoString(JsonValues.Text(e)))];
}
