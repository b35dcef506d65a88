using System.Text.Json;
using Inference.Prompts.GoTemplates.Formatting;
using Inference.Prompts.GoTemplates.Values;
using Inference.V1;

namespace Inference.Prompts.Rendering;

/// <summary>Messages as the Go structures that Ollama gives to templates, with the names that show in errors.</summary>
internal static class TemplateMessages
{
    private static readonly GoType s_image = new(GoKind.Slice, "api.ImageData", GoTypes.Uint8);

    private static readonly GoType s_arguments = new(GoKind.Map, "template.templateArgs", GoTypes.Any)
    {
        Methods = new Dictionary<string, Func<GoValue, GoValue>> { ["String"] = PrintsAsJson },
    };

    private static readonly GoType s_function = new(GoKind.Struct, "template.templateToolCallFunction")
    {
        Fields = [new("Index", GoTypes.Int), new("Name", GoTypes.String), new("Arguments", s_arguments)],
    };

    private static readonly GoType s_call = new(GoKind.Struct, "template.templateToolCall")
    {
        Fields = [new("ID", GoTypes.String), new("Function", s_function)],
    };

    private static readonly GoType s_images = new(GoKind.Slice, "[]api.ImageData", s_image);
    private static readonly GoType s_calls = new(GoKind.Slice, "[]template.templateToolCall", s_call);

    private static readonly GoType s_message = new(GoKind.Struct, "template.templateMessage")
    {
        Fields =
        [
            new("Role", GoTypes.String),
            new("Content", GoTypes.String),
            new("Thinking", GoTypes.String),
            new("Images", s_images),
            new("ToolCalls", s_calls),
            new("ToolName", GoTypes.String),
            new("ToolCallID", GoTypes.String),
        ],
    };

    private static readonly GoType s_messages = new(GoKind.Slice, "[]*template.templateMessage", s_message.Pointer);

    public static GoSlice List(IEnumerable<Turn> turns) => new(s_messages, [.. turns.Select(static t => new GoPointer(s_message.Pointer, Message(t)))]);

    /// <summary><c>String()</c> of the maps and lists that templates print.</summary>
    public static GoValue PrintsAsJson(GoValue value) => new GoString(value is GoMap { IsNil: true } ? "{}" : GoJsonText.Marshal(value));

    private static GoStruct Message(Turn turn)
    {
        var message = turn.Message;
        return new GoStruct(
            s_message,
            new GoString(turn.Role),
            new GoString(turn.Content),
            new GoString(message.Thinking),
            new GoSlice(s_images, turn.Media.Count == 0 ? null : [.. turn.Media.Select(static m => new GoBytes(s_image, m.Data.Memory))]),
            new GoSlice(s_calls, message.ToolCalls.Count == 0 ? null : [.. message.ToolCalls.Select(Call)]),
            new GoString(message.ToolName),
            new GoString(message.ToolCallId));
    }

    private static GoStruct Call(ToolCall call) => new(
        s_call,
        new GoString(call.Id),
        new GoStruct(s_function, new GoInt(call.Index), new GoString(call.Name), Arguments(call.ArgumentsJson)));

    // The services let only objects through; here anything else is no arguments.
    private static GoMap Arguments(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, JsonValues.Options);
            return GoMap.Sorted(s_arguments, document.RootElement.ValueKind == JsonValueKind.Object ? JsonValues.Members(document.RootElement) : null);
        }
        catch (JsonException)
        {
            return GoMap.Sorted(s_arguments, null);
        }
    }
}
