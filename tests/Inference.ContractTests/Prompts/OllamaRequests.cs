using System.Text.Json.Nodes;
using Google.Protobuf;
using Inference.Prompts.Rendering;
using Inference.V1;

namespace Inference.ContractTests.Prompts;

/// <summary>Requests in Ollama's JSON, as the contract's messages: as much of it as the recordings need.</summary>
internal static class OllamaRequests
{
    private static readonly Dictionary<string, Role> s_roles = new()
    {
        ["system"] = Role.System,
        ["user"] = Role.User,
        ["assistant"] = Role.Assistant,
        ["tool"] = Role.Tool,
    };

    public static ChatPrompt Chat(JsonObject request, bool thinks) =>
        new([.. Items(request["messages"]).Select(Message)], Tools(request), Think(request, thinks));

    /// <summary>A prompt of /api/generate is a conversation of one message, or of two.</summary>
    public static ChatPrompt Generate(JsonObject request, bool thinks)
    {
        var user = new JsonObject { ["role"] = "user", ["content"] = Text(request, "prompt"), ["images"] = request["images"]?.DeepClone() };
        var system = new JsonObject { ["role"] = "system", ["content"] = Text(request, "system") };
        JsonObject[] messages = Text(request, "system").Length > 0 ? [system, user] : [user];

        // A stored template is given an empty list of tools, one in the request none.
        return new ChatPrompt([.. messages.Select(Message)], [], Think(request, thinks)) { HasToolList = !request.ContainsKey("template") };
    }

    public static IReadOnlyList<Tool> Tools(JsonObject request) => [.. Items(request["tools"]).Select(Tool)];

    /// <summary>A model that thinks does so unless told otherwise.</summary>
    public static ThinkSetting Think(JsonObject request, bool thinks) => request["think"] switch
    {
        null => new ThinkSetting(thinks, thinks, ""),
        JsonValue value when value.TryGetValue<bool>(out var enabled) => new ThinkSetting(true, enabled, ""),
        var level => new ThinkSetting(true, true, level.GetValue<string>()),
    };

    private static IEnumerable<JsonObject> Items(JsonNode? list) => list?.AsArray().Select(static item => item!.AsObject()) ?? [];

    private static string Text(JsonObject json, string name) => json[name]?.GetValue<string>() ?? "";

    private static ChatMessage Message(JsonObject json)
    {
        var message = new ChatMessage
        {
            Thinking = Text(json, "thinking"),
            ToolName = Text(json, "tool_name"),
            ToolCallId = Text(json, "tool_call_id"),
            Content = { Content(json) },
            ToolCalls = { Items(json["tool_calls"]).Select(Call) },
        };
        if (s_roles.TryGetValue(Text(json, "role"), out var role))
        {
            message.Role = role;
        }
        else
        {
            message.CustomRole = Text(json, "role");
        }

        return message;
    }

    // An image stands where the text says [img], otherwise in front of it.
    private static List<ContentPart> Content(JsonObject json)
    {
        var parts = new List<ContentPart>();
        var rest = Text(json, "content");
        var front = 0;
        foreach (var image in json["images"]?.AsArray() ?? [])
        {
            var media = new ContentPart { Media = new Media { Data = ByteString.FromBase64(image!.GetValue<string>()) } };
            var place = rest.IndexOf("[img]", StringComparison.Ordinal);
            if (place < 0)
            {
                parts.Insert(front++, media);
                continue;
            }

            parts.Add(new ContentPart { Text = rest[..place] });
            parts.Add(media);
            rest = rest[(place + "[img]".Length)..];
        }

        parts.Add(new ContentPart { Text = rest });
        return parts;
    }

    private static ToolCall Call(JsonObject json)
    {
        var function = json["function"]!.AsObject();
        return new ToolCall
        {
            Id = Text(json, "id"),
            Index = function["index"]?.GetValue<int>() ?? 0,
            Name = Text(function, "name"),
            ArgumentsJson = function["arguments"]?.ToJsonString() ?? "{}",
        };
    }

    private static Tool Tool(JsonObject json)
    {
        var function = json["function"]!.AsObject();
        return new Tool
        {
            Type = Text(json, "type"),
            Function = new FunctionTool
            {
                Name = Text(function, "name"),
                Description = Text(function, "description"),
                ParametersJsonSchema = function["parameters"]?.ToJsonString() ?? "",
            },
        };
    }
}
