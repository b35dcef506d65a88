using System.Text.Json;
using Inference.Errors;
using Inference.Services.Requests;
using Inference.V1;

namespace Inference.Services.Remote;

/// <summary>Requests of the contract in Ollama's form.</summary>
internal static class RemoteRequests
{
    /// <exception cref="InferenceException">FEATURE_UNSUPPORTED, RAW_MODE_CONFLICT.</exception>
    public static RemoteBody ToRemote(this GenerateRequest request, Warnings warnings)
    {
        request.CheckRaw();
        var body = new RemoteBody();
        body.Set("prompt", json => json.WriteStringValue(request.Prompt));
        if (request.Suffix.Length > 0)
        {
            body.Set("suffix", json => json.WriteStringValue(request.Suffix));
        }

        if (request.HasSystem)
        {
            body.Set("system", json => json.WriteStringValue(request.System));
        }

        if (request.Template.Length > 0)
        {
            body.Set("template", json => json.WriteStringValue(request.Template));
        }

        if (request.Raw)
        {
            body.Set("raw", static json => json.WriteBooleanValue(true));
        }

        if (request.Context.Count > 0)
        {
            body.Set("context", json => JsonSerializer.Serialize(json, request.Context.ToArray()));
        }

        if (request.Media.Count > 0)
        {
            body.Set("images", json => WriteMedia(json, request.Media));
        }

        RemoteOptions.Write(body, CommonFields.Of(request), warnings);
        return body;
    }

    /// <exception cref="InferenceException">FEATURE_UNSUPPORTED.</exception>
    public static RemoteBody ToRemote(this ChatRequest request, Warnings warnings)
    {
        RemoteOptions.Refuse(request is { HasParallelToolCalls: true, ParallelToolCalls: false }, "parallel_tool_calls");
        var body = new RemoteBody();
        body.Set("messages", json =>
        {
            json.WriteStartArray();
            foreach (var message in request.Messages)
            {
                WriteMessage(json, message);
            }

            json.WriteEndArray();
        });
        if (request.OfferedTools() is { Count: > 0 } tools)
        {
            body.Set("tools", json => WriteTools(json, tools));
        }

        RemoteOptions.Write(body, CommonFields.Of(request), warnings);
        return body;
    }

    public static RemoteBody ToRemote(this EmbedRequest request)
    {
        RemoteOptions.Refuse(request is { HasNormalize: true, Normalize: false }, "normalize");
        var body = new RemoteBody();
        body.Set("input", json => JsonSerializer.Serialize(json, request.Inputs.ToArray()));
        body.Set("truncate", json => json.WriteBooleanValue(request.Truncate));
        if (request.HasDimensions)
        {
            body.Set("dimensions", json => json.WriteNumberValue(request.Dimensions));
        }

        RemoteOptions.Refuse(request.LoadOptions is not null, "load_options");
        return body;
    }

    private static void WriteMessage(Utf8JsonWriter json, ChatMessage message)
    {
        json.WriteStartObject();
        json.WriteString("role"u8, message.AuthorCase is ChatMessage.AuthorOneofCase.CustomRole ? message.CustomRole : message.Role.ToString().ToLowerInvariant());
        json.WriteString("content"u8, string.Concat(message.Content.Select(static p => p.Text)));
        Optional(json, "thinking", message.Thinking);
        List<Media> media = [.. message.Content.Select(static p => p.Media).OfType<Media>()];
        if (media.Count > 0)
        {
            json.WritePropertyName("images"u8);
            WriteMedia(json, media);
        }

        if (message.ToolCalls.Count > 0)
        {
            json.WriteStartArray("tool_calls"u8);
            foreach (var call in message.ToolCalls)
            {
                WriteCall(json, call);
            }

            json.WriteEndArray();
        }

        Optional(json, "tool_name", message.ToolName);
        Optional(json, "tool_call_id", message.ToolCallId);
        json.WriteEndObject();
    }

    private static void WriteCall(Utf8JsonWriter json, ToolCall call)
    {
        json.WriteStartObject();
        Optional(json, "id", call.Id);
        json.WriteStartObject("function"u8);
        json.WriteNumber("index"u8, call.Index);
        json.WriteString("name"u8, call.Name);
        json.WritePropertyName("arguments"u8);
        json.WriteRawValue(call.ArgumentsJson.Length > 0 ? call.ArgumentsJson : "{}");
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteTools(Utf8JsonWriter json, IReadOnlyList<Tool> tools)
    {
        json.WriteStartArray();
        foreach (var tool in tools)
        {
            json.WriteStartObject();
            json.WriteString("type"u8, tool.HasType ? tool.Type : "function");
            json.WriteStartObject("function"u8);
            json.WriteString("name"u8, tool.Function?.Name);
            Optional(json, "description", tool.Function?.Description ?? "");
            if (tool.Function is { ParametersJsonSchema: { Length: > 0 } schema })
            {
                json.WritePropertyName("parameters"u8);
                json.WriteRawValue(schema);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteMedia(Utf8JsonWriter json, IEnumerable<Media> media)
    {
        json.WriteStartArray();
        foreach (var item in media)
        {
            json.WriteBase64StringValue(item.Data.Span);
        }

        json.WriteEndArray();
    }

    private static void Optional(Utf8JsonWriter json, string name, string value)
    {
        if (value.Length > 0)
        {
            json.WriteString(name, value);
        }
    }
}
