using System.Text.Json;
using Inference.Errors;
using Inference.V1;

namespace Inference.Services.Requests;

/// <summary>What conversation.proto asks of messages, tools and media.</summary>
internal static class MessageRules
{
    public static void Check(this IList<ChatMessage> messages, FieldErrors errors, bool lenient)
    {
        for (var i = 0; i < messages.Count; i++)
        {
            var path = $"messages[{i}]";
            if (!lenient)
            {
                CheckAuthor(messages[i], path, errors);
            }

            for (var k = 0; k < messages[i].Content.Count; k++)
            {
                CheckPart(messages[i].Content[k], $"{path}.content[{k}]", errors);
            }

            for (var k = 0; k < messages[i].ToolCalls.Count; k++)
            {
                CheckCall(messages[i].ToolCalls[k], $"{path}.tool_calls[{k}]", errors, lenient);
            }
        }
    }

    public static void Check(this IList<Media> media, FieldErrors errors)
    {
        for (var i = 0; i < media.Count; i++)
        {
            CheckMedia(media[i], $"media[{i}]", errors);
        }
    }

    public static void Check(this IList<Tool> tools, FieldErrors errors, bool lenient)
    {
        for (var i = 0; i < tools.Count; i++)
        {
            var path = $"tools[{i}].function";
            if (tools[i].Function is not { } function)
            {
                if (!lenient)
                {
                    errors.Required(path);
                }

                continue;
            }

            if (!lenient && function.Name.Length == 0)
            {
                errors.Required($"{path}.name");
            }
            else if (!lenient && !function.Name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.'))
            {
                errors.Invalid($"{path}.name", function.Name, "must be letters, digits, _, - and .");
            }

            if (function.ParametersJsonSchema.Length > 0 && !IsJsonObject(function.ParametersJsonSchema))
            {
                errors.Invalid($"{path}.parameters_json_schema", function.ParametersJsonSchema, "must be the JSON text of an object");
            }
        }
    }

    private static void CheckAuthor(ChatMessage message, string path, FieldErrors errors)
    {
        if (message.AuthorCase is ChatMessage.AuthorOneofCase.None || message is { AuthorCase: ChatMessage.AuthorOneofCase.Role, Role: Role.Unspecified })
        {
            errors.Required($"{path}.role");
        }
        else if (message.AuthorCase is ChatMessage.AuthorOneofCase.Role && !Enum.IsDefined(message.Role))
        {
            errors.Invalid($"{path}.role", (int)message.Role, "must be a Role");
        }
    }

    private static void CheckPart(ContentPart part, string path, FieldErrors errors)
    {
        switch (part.KindCase)
        {
            case ContentPart.KindOneofCase.None:
                errors.Required($"{path}.kind");
                break;
            case ContentPart.KindOneofCase.Media:
                CheckMedia(part.Media, $"{path}.media", errors);
                break;
        }
    }

    private static void CheckMedia(Media media, string path, FieldErrors errors)
    {
        if (media.SourceCase is Media.SourceOneofCase.None)
        {
            errors.Required($"{path}.data");
        }
    }

    private static void CheckCall(ToolCall call, string path, FieldErrors errors, bool lenient)
    {
        if (!lenient && call.Name.Length == 0)
        {
            errors.Required($"{path}.name");
        }

        if (call.ArgumentsJson.Length == 0)
        {
            errors.Required($"{path}.arguments_json");
        }
        else if (!IsJsonObject(call.ArgumentsJson))
        {
            errors.Invalid($"{path}.arguments_json", call.ArgumentsJson, "must be the JSON text of an object");
        }
    }

    private static bool IsJsonObject(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind is JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
