using System.Buffers;
using System.Text;
using Inference.GoJson;
using Inference.V1;

namespace Inference.Facade.Ollama.Requests;

/// <summary>A call that the model made earlier in the conversation.</summary>
internal sealed class OllamaToolCall
{
    private static readonly GoStruct<OllamaToolCall> FunctionShape = new("ToolCallFunction", "api.ToolCallFunction",
    [
        ("index", static (r, c) => c.Index = r.Int(c.Index)),
        ("name", static (r, c) => c.Name = r.String(c.Name)),
        ("arguments", static (r, c) => c.ReadArguments(r)),
    ]);

    private static readonly GoStruct<OllamaToolCall> Shape = new("ToolCall", "api.ToolCall",
    [
        ("id", static (r, c) => c.Id = r.String(c.Id)),
        ("function", static (r, c) => r.Struct(FunctionShape, c)),
    ]);

    private OrderedDictionary<string, object?> _arguments = [];

    public string Id { get; set; } = "";

    public long Index { get; private set; }

    public string Name { get; set; } = "";

    public static OllamaToolCall Read(GoJsonReader reader, OllamaToolCall call)
    {
        reader.Struct(Shape, call);
        return call;
    }

    public ToolCall ToContract()
    {
        var json = new ArrayBufferWriter<byte>();
        new GoJsonWriter(json).Write(_arguments);
        return new ToolCall
        {
            Id = Id,
            Index = (int)long.Clamp(Index, int.MinValue, int.MaxValue),
            Name = Name,
            ArgumentsJson = Encoding.UTF8.GetString(json.WrittenSpan),
        };
    }

    /// <summary>Reads an object; null is one with nothing in it.</summary>
    public void ReadArguments(GoJsonReader reader)
    {
        var arguments = new OrderedDictionary<string, object?>();
        reader.Ordered(key => arguments[key] = reader.Any());
        _arguments = arguments;
    }
}
