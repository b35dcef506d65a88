using System.Text;
using Inference.Errors;
using Inference.Facade.Ollama.Requests;
using Inference.GoJson;

namespace Inference.Facade.OpenAi.Requests;

/// <summary>An item of the input. Its type decides how the rest of it is read.</summary>
internal abstract class ResponsesItem
{
    private static readonly GoStruct<Head> HeadShape = new("", "struct { Type string \"json:\\\"type\\\"\"; Role string \"json:\\\"role\\\"\" }",
        ("type", static (r, h) => h.Type = r.String(h.Type)),
        ("role", static (r, h) => h.Role = r.String(h.Role)));

    /// <returns>What is wrong with it; null for nothing.</returns>
    public static string? Decode(ReadOnlyMemory<byte> json, out ResponsesItem? item)
    {
        item = null;
        var head = new Head();
        if (GoJsonReader.Unmarshal(json, head, static (r, h) => r.Struct(HeadShape, h)) is { } fault)
        {
            return fault.ToString();
        }

        switch (head.Type)
        {
            case "message":
            case "" when head.Role.Length > 0:
                item = new ResponsesMessage();
                break;
            case "":
                return "input item missing required 'type' field";
            case "function_call":
                item = new ResponsesFunctionCall();
                break;
            case "function_call_output":
                item = new ResponsesFunctionOutput();
                break;
            case "reasoning":
                item = new ResponsesThinking();
                break;
            case "web_search_call":
                item = new ResponsesPastSearch();
                break;
            default:
                return $"unknown input item type: {GoQuote.Quote(head.Type)}";
        }

        return item.Read(json);
    }

    /// <param name="conversation">Where to.</param>
    /// <param name="field">Where it stands, in the contract's words.</param>
    /// <exception cref="InferenceException">It has no form in /api/chat.</exception>
    public abstract void AddTo(ResponsesConversation conversation, string field);

    protected abstract string? Read(ReadOnlyMemory<byte> json);

    private sealed class Head
    {
        public string Type { get; set; } = "";

        public string Role { get; set; } = "";
    }
}

/// <summary>A message (openai.ResponsesInputMessage).</summary>
internal sealed class ResponsesMessage : ResponsesItem
{
    private static readonly GoStruct<ResponsesMessage> Shape = new("", "struct { Type string \"json:\\\"type\\\"\"; Role string \"json:\\\"role\\\"\"; Content json.RawMessage \"json:\\\"content\\\"\" }",
        ("type", static (r, _) => r.String("")),
        ("role", static (r, m) => m._role = r.String(m._role)),
        ("content", static (r, m) => m._json = r.Raw()));

    private string _role = "";
    private ReadOnlyMemory<byte> _json;
    private List<ResponsesContent> _content = [];

    public override void AddTo(ResponsesConversation conversation, string field) => conversation.Add(ResponsesContent.ToNative(_content, _role, field));

    protected override string? Read(ReadOnlyMemory<byte> json) =>
        GoJsonReader.Unmarshal(json, this, static (r, m) => r.Struct(Shape, m))?.ToString() ?? ResponsesContent.Decode(_json, "content", out _content);
}

/// <summary>A call that the model made (openai.ResponsesFunctionCall).</summary>
internal sealed class ResponsesFunctionCall : ResponsesItem
{
    private static readonly GoStruct<ResponsesFunctionCall> Shape = new("ResponsesFunctionCall", "openai.ResponsesFunctionCall",
        ("id", static (r, _) => r.String("")),
        ("type", static (r, _) => r.String("")),
        ("call_id", static (r, c) => c._callId = r.String(c._callId)),
        ("name", static (r, c) => c._name = r.String(c._name)),
        ("arguments", static (r, c) => c._arguments = r.String(c._arguments)));

    private string _callId = "";
    private string _name = "";
    private string _arguments = "";

    public override void AddTo(ResponsesConversation conversation, string field)
    {
        var call = new OllamaToolCall { Id = _callId, Name = _name };
        if (_arguments.Length > 0 && GoJsonReader.Unmarshal(Encoding.UTF8.GetBytes(_arguments), call, static (r, c) => c.ReadArguments(r)) is { } fault)
        {
            throw ArgumentsFault.In($"{field}.tool_calls[0]", _arguments, fault);
        }

        conversation.AddCall(call);
    }

    protected override string? Read(ReadOnlyMemory<byte> json) => GoJsonReader.Unmarshal(json, this, static (r, c) => r.Struct(Shape, c))?.ToString();
}

/// <summary>What a call led to (openai.ResponsesFunctionCallOutput).</summary>
internal sealed class ResponsesFunctionOutput : ResponsesItem
{
    private static readonly GoStruct<ResponsesFunctionOutput> Shape = new("", "struct { Type string \"json:\\\"type\\\"\"; CallID string \"json:\\\"call_id\\\"\"; Output json.RawMessage \"json:\\\"output\\\"\" }",
        ("type", static (r, _) => r.String("")),
        ("call_id", static (r, o) => o._callId = r.String(o._callId)),
        ("output", static (r, o) => o._json = r.Raw()));

    private string _callId = "";
    private ReadOnlyMemory<byte> _json;
    private List<ResponsesContent> _content = [];

    public override void AddTo(ResponsesConversation conversation, string field)
    {
        var message = ResponsesContent.ToNative(_content, "tool", field);
        message.ToolCallId = _callId;
        conversation.Add(message);
    }

    protected override string? Read(ReadOnlyMemory<byte> json) =>
        GoJsonReader.Unmarshal(json, this, static (r, o) => r.Struct(Shape, o))?.ToString() ?? ResponsesContent.Decode(_json, "output", out _content);
}

/// <summary>What the model thought (openai.ResponsesReasoningInput).</summary>
internal sealed class ResponsesThinking : ResponsesItem
{
    private static readonly GoStruct<ResponsesThinking> SummaryShape = new("ResponsesReasoningSummary", "openai.ResponsesReasoningSummary",
        ("type", static (r, _) => r.String("")),
        ("text", static (r, _) => r.String("")));

    private static readonly GoStruct<ResponsesThinking> Shape = new("ResponsesReasoningInput", "openai.ResponsesReasoningInput",
        ("id", static (r, _) => r.String("")),
        ("type", static (r, _) => r.String("")),
        ("summary", static (r, t) => r.List(new List<ResponsesThinking>(), "[]openai.ResponsesReasoningSummary", static () => new ResponsesThinking(), Summary)),
        ("encrypted_content", static (r, t) => t._content = r.String(t._content)));

    private string _content = "";

    public override void AddTo(ResponsesConversation conversation, string field) => conversation.AddThinking(_content);

    protected override string? Read(ReadOnlyMemory<byte> json) => GoJsonReader.Unmarshal(json, this, static (r, t) => r.Struct(Shape, t))?.ToString();

    private static ResponsesThinking Summary(GoJsonReader reader, ResponsesThinking summary)
    {
        reader.Struct(SummaryShape, summary);
        return summary;
    }
}

/// <summary>A search that the server made: nothing of it goes into the prompt.</summary>
internal sealed class ResponsesPastSearch : ResponsesItem
{
    public override void AddTo(ResponsesConversation conversation, string field)
    {
        // Its results were told in the answer that followed.
    }

    protected override string? Read(ReadOnlyMemory<byte> json) => null;
}
