using System.Text.Json;
using Inference.GoJson;

namespace Inference.Store.Manifests;

/// <summary>The layers that are JSON.</summary>
internal static class SmallLayers
{
    private static readonly GoStruct<GoTarget<StoredMessage>> Message = new("Alias", "api.Alias",
    [
        ("role", static (json, m) => m.Value = m.Value with { Role = json.String(m.Value.Role).ToLowerInvariant() }),
        ("content", static (json, m) => m.Value = m.Value with { Content = json.String(m.Value.Content) }),
    ]);

    /// <summary>An object of options; null for null.</summary>
    /// <exception cref="GoJsonException">It is something else.</exception>
    public static JsonElement? ParseParameters(ReadOnlyMemory<byte> file)
    {
        var parameters = GoElement.ReadFirst(file);
        // Into an interface, Go decodes each number as float64: one that does not fit is an error.
        GoJsonReader.Decode(file, new Dictionary<string, object?>(), static (json, map) => json.Map(map));
        return parameters.ValueKind is JsonValueKind.Object ? parameters : null;
    }

    /// <summary>A list of messages, as it is stored.</summary>
    public static void WriteMessages(GoJsonWriter json, IEnumerable<StoredMessage> messages) => json.List(messages, static (json, message) =>
    {
        var members = new GoMembers(json);
        members.Next("\"role\":"u8).String(message.Role);
        members.Next("\"content\":"u8).String(message.Content);
        members.End();
    });

    /// <summary>A list of messages.</summary>
    /// <exception cref="GoJsonException">It is something else.</exception>
    public static IReadOnlyList<StoredMessage> ParseMessages(ReadOnlyMemory<byte> file)
    {
        List<StoredMessage> messages = [];
        GoJsonReader.Decode(file, messages, static (json, list) =>
            json.List(list, "[]api.Message", static () => new StoredMessage("", ""), static (json, old) => json.Record(Message, old)));
        return messages;
    }
}
