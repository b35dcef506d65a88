using System.Text.Json;
using Inference.Store.GoJson;

namespace Inference.Store.Manifests;

/// <summary>The layers that are JSON.</summary>
internal static class SmallLayers
{
    private static readonly string[] MessageTags = ["role", "content"];

    /// <summary>An object of options; null for null.</summary>
    /// <exception cref="GoJsonException">It is something else.</exception>
    public static JsonElement? ParseParameters(ReadOnlySpan<byte> file) => GoField.Read<JsonElement?>(file, static root =>
    {
        if (!root.Is(JsonValueKind.Object, "map[string]interface {}"))
        {
            return null;
        }

        CheckNumbers(root, root.Value);
        return root.Value;
    });

    /// <summary>A list of messages.</summary>
    /// <exception cref="GoJsonException">It is something else.</exception>
    public static IReadOnlyList<StoredMessage> ParseMessages(ReadOnlySpan<byte> file) => GoField.Read(file, static root => root.Items("[]api.Message", Message) ?? []);

    // Into an interface, Go decodes each number as float64.
    private static void CheckNumbers(GoField root, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Number when !double.IsFinite(value.GetDouble()):
                root.Mismatch($"number {value.GetRawText()}", "float64");
                break;
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray())
                {
                    CheckNumbers(root, item);
                }

                break;
            case JsonValueKind.Object:
                foreach (var member in value.EnumerateObject())
                {
                    CheckNumbers(root, member.Value);
                }

                break;
        }
    }

    private static StoredMessage Message(GoField item)
    {
        var message = new StoredMessage("", "");
        item.Fields("Alias", "api.Alias", MessageTags, (tag, field) => message = tag switch
        {
            "role" => message with { Role = field.Text().ToLowerInvariant() },
            _ => message with { Content = field.Text() },
        });
        return message;
    }
}
