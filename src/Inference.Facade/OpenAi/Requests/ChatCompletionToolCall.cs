using System.Text;
using Inference.Errors;
using Inference.Facade.Ollama.Requests;
using Inference.GoJson;

namespace Inference.Facade.OpenAi.Requests;

/// <summary>A call that the model made earlier in the conversation (openai.ToolCall): its arguments are a text.</summary>
internal sealed class ChatCompletionToolCall
{
    // A struct without a name has an empty one in messages, and its whole text as type.
    private static readonly GoStruct<ChatCompletionToolCall> FunctionShape = new("", "struct { Name string \"json:\\\"name\\\"\"; Arguments string \"json:\\\"arguments\\\"\" }",
        ("name", static (r, c) => c.Name = r.String(c.Name)),
        ("arguments", static (r, c) => c._arguments = r.String(c._arguments)));

    private static readonly GoStruct<ChatCompletionToolCall> Shape = new("ToolCall", "openai.ToolCall",
        ("id", static (r, c) => c.Id = r.String(c.Id)),
        // Decoded for their types, and then of no effect.
        ("index", static (r, _) => r.Int(0)),
        ("type", static (r, _) => r.String("")),
        ("function", static (r, c) => r.Struct(FunctionShape, c)));

    private string _arguments = "";

    public string Id { get; private set; } = "";

    public string Name { get; private set; } = "";

    public static ChatCompletionToolCall Read(GoJsonReader reader, ChatCompletionToolCall call)
    {
        reader.Struct(Shape, call);
        return call;
    }

    /// <param name="field">Where it stands, in the contract's words.</param>
    /// <exception cref="InferenceException">FIELD_INVALID for arguments that are not the text of an object.</exception>
    public OllamaToolCall ToNative(string field)
    {
        var call = new OllamaToolCall { Id = Id, Name = Name };
        if (GoJsonReader.Unmarshal(Encoding.UTF8.GetBytes(_arguments), call, static (r, c) => c.ReadArguments(r)) is not null)
        {
            throw ArgumentsFault.In(field, _arguments);
        }

        return call;
    }
}
