using Inference.GoJson;
using Inference.V1;

namespace Inference.Facade.Ollama.Requests;

/// <summary>A message as Ollama writes it: one text, and the images beside it.</summary>
internal sealed class OllamaMessage
{
    // The struct behind api.Message while it decodes itself.
    private static readonly GoStruct<OllamaMessage> Shape = new("Alias", "api.Alias",
    [
        ("role", static (r, m) => m.Role = r.String(m.Role)),
        ("content", static (r, m) => m.Content = r.String(m.Content)),
        ("thinking", static (r, m) => m.Thinking = r.String(m.Thinking)),
        ("images", static (r, m) => OllamaImage.ReadList(r, m.Images)),
        ("tool_calls", static (r, m) => r.List(m.ToolCalls, "[]api.ToolCall", static () => new OllamaToolCall(), OllamaToolCall.Read)),
        ("tool_name", static (r, m) => m.ToolName = r.String(m.ToolName)),
        ("tool_call_id", static (r, m) => m.ToolCallId = r.String(m.ToolCallId)),
    ]);

    public string Role { get; set; } = "";

    public string Content { get; set; } = "";

    public string Thinking { get; set; } = "";

    public List<OllamaImage> Images { get; } = [];

    public List<OllamaToolCall> ToolCalls { get; } = [];

    public string ToolName { get; set; } = "";

    public string ToolCallId { get; set; } = "";

    /// <summary>Reads a message. The type decodes itself into a new one: nothing of the old one stays, not even for null.</summary>
    public static OllamaMessage Read(GoJsonReader reader)
    {
        var message = new OllamaMessage();
        reader.Custom(() => reader.Struct(Shape, message));
        message.Role = message.Role.ToLowerInvariant();
        return message;
    }

    public ChatMessage ToContract()
    {
        var message = new ChatMessage { Thinking = Thinking, ToolName = ToolName, ToolCallId = ToolCallId };
        SetAuthor(message);
        message.Content.AddRange(Parts());
        message.ToolCalls.AddRange(ToolCalls.Select(static c => c.ToContract()));
        return message;
    }

    private void SetAuthor(ChatMessage message)
    {
        if (OllamaRoles.Find(Role) is { } role)
        {
            message.Role = role;
        }
        else
        {
            message.CustomRole = Role;
        }
    }

    // server/prompt.go: each image takes the place of the next [img] in the text; those left over come before the text.
    private IEnumerable<ContentPart> Parts()
    {
        const string Placeholder = "[img]";
        var texts = Images.Count == 0 ? [Content] : Content.Split(Placeholder, Images.Count + 1);
        var placed = texts.Length - 1;
        foreach (var image in Images.Skip(placed))
        {
            yield return new ContentPart { Media = image.ToContract() };
        }

        for (var i = 0; i < texts.Length; i++)
        {
            if (texts[i].Length > 0)
            {
                yield return new ContentPart { Text = texts[i] };
            }

            if (i < placed)
            {
                yield return new ContentPart { Media = Images[i].ToContract() };
            }
        }
    }
}
