using System.Text;
using Google.Protobuf;
using Inference.Errors;
using Inference.Facade.Ollama.Requests;
using Inference.GoJson;

namespace Inference.Facade.OpenAi.Requests;

/// <summary>A message (openai.Message). Its content may be anything until it is converted.</summary>
internal sealed class ChatCompletionMessage
{
    private static readonly GoStruct<ChatCompletionMessage> Shape = new("Message", "openai.Message",
    [
        ("role", static (r, m) => m._role = r.String(m._role)),
        ("content", static (r, m) => m._content = r.Any()),
        ("reasoning", static (r, m) => m._reasoning = r.String(m._reasoning)),
        ("tool_calls", static (r, m) => m.ReadToolCalls(r)),
        ("name", static (r, m) => m._name = r.String(m._name)),
        ("tool_call_id", static (r, m) => m._toolCallId = r.String(m._toolCallId)),
    ]);

    private string _role = "";
    private object? _content;
    private string _reasoning = "";
    private List<ChatCompletionToolCall>? _toolCalls;
    private string _name = "";
    private string _toolCallId = "";

    public static ChatCompletionMessage Read(GoJsonReader reader, ChatCompletionMessage message)
    {
        reader.Struct(Shape, message);
        return message;
    }

    /// <summary>Ollama's messages: one for each, but one for each part where the content has parts.</summary>
    /// <exception cref="InferenceException">REQUEST_MALFORMED, MEDIA_INVALID, FIELD_INVALID.</exception>
    public static List<OllamaMessage> ToNative(List<ChatCompletionMessage> messages)
    {
        var native = new List<OllamaMessage>(messages.Count);
        for (var i = 0; i < messages.Count; i++)
        {
            messages[i].AddTo(native, messages, $"messages[{i}]");
        }

        return native;
    }

    private void AddTo(List<OllamaMessage> native, List<ChatCompletionMessage> all, string field)
    {
        switch (_content)
        {
            case string text:
                var said = Message(text);
                said.Thinking = _reasoning;
                said.ToolName = ToolName(all);
                said.ToolCallId = _toolCallId;
                said.ToolCalls.AddRange(Calls(field));
                native.Add(said);
                return;
            case List<object?> parts:
                native.AddRange(parts.Select((part, i) => Part(part, $"{field}.content[{i}]")));
                if (native.Count > 0 && _toolCalls is { Count: > 0 })
                {
                    // What the message called is told with its last part.
                    var last = native[^1];
                    last.ToolCalls.Clear();
                    last.ToolCalls.AddRange(Calls(field));
                    last.ToolName = ToolName(all);
                    last.ToolCallId = _toolCallId;
                    last.Thinking = _reasoning;
                }

                return;
            case var other when _toolCalls is null:
                throw Catalogue.RequestMalformed.For($"invalid message content type: {GoAny.TypeOf(other)}");
            default:
                var called = Message("");
                called.Thinking = _reasoning;
                called.ToolCallId = _toolCallId;
                called.ToolCalls.AddRange(Calls(field));
                native.Add(called);
                return;
        }
    }

    private OllamaMessage Part(object? part, string field)
    {
        var members = part as Dictionary<string, object?>;
        switch (members?.GetValueOrDefault("type"))
        {
            case "text" when members.GetValueOrDefault("text") is string text:
                return Message(text);
            case "image_url" when Url(members.GetValueOrDefault("image_url")) is { } url:
                return Message("", OpenAiImage.Decode(url, $"{field}.media"));
            case "input_audio":
                return Message("", Sound(members.GetValueOrDefault("input_audio"), $"{field}.media"));
            default:
                throw Catalogue.RequestMalformed.For("invalid message format");
        }
    }

    private static string? Url(object? image) => (image is Dictionary<string, object?> members ? members.GetValueOrDefault("url") : image) as string;

    private static ByteString Sound(object? audio, string field)
    {
        if (audio is not Dictionary<string, object?> members)
        {
            throw Catalogue.RequestMalformed.For("invalid input_audio format");
        }

        if (members.GetValueOrDefault("data") is not string data)
        {
            throw Catalogue.RequestMalformed.For("invalid input_audio format: missing data");
        }

        return GoBase64.Decode(Encoding.UTF8.GetBytes(data), out var problemAt) is { } bytes
            ? UnsafeByteOperations.UnsafeWrap(bytes)
            : throw MediaFault.In(field, $"invalid input_audio base64 data: illegal base64 data at input byte {problemAt}");
    }

    private OllamaMessage Message(string text, ByteString? media = null)
    {
        var message = new OllamaMessage { Role = _role.ToLowerInvariant(), Content = text };
        if (media is not null)
        {
            message.Images.Add(OllamaImage.Of(media));
        }

        return message;
    }

    private IEnumerable<OllamaToolCall> Calls(string field) => (_toolCalls ?? []).Select((c, i) => c.ToNative($"{field}.tool_calls[{i}]"));

    // A result names its function, or else the call that it answers; of calls with one id the last counts.
    private string ToolName(List<ChatCompletionMessage> all)
    {
        if (_role.ToLowerInvariant() is not "tool")
        {
            return "";
        }

        return _name.Length > 0 || _toolCallId.Length == 0
            ? _name
            : all.AsEnumerable().Reverse().SelectMany(static m => m._toolCalls ?? []).FirstOrDefault(c => c.Id == _toolCallId)?.Name ?? "";
    }

    // Without any the content may not be missing; none at all and an empty list are two things.
    private void ReadToolCalls(GoJsonReader reader)
    {
        var calls = _toolCalls ?? [];
        _toolCalls = reader.Peek() is GoKind.Null ? null : calls;
        reader.List(calls, "[]openai.ToolCall", static () => new ChatCompletionToolCall(), ChatCompletionToolCall.Read);
    }
}
