using Inference.Errors;
using Inference.Facade.Ollama.Requests;
using Inference.GoJson;

namespace Inference.Facade.Anthropic.Requests;

/// <summary>A tool (anthropic.Tool): a function of the caller's, or the server's search.</summary>
internal sealed class MessagesTool
{
    private static readonly GoStruct<MessagesTool> Shape = new("Tool", "anthropic.Tool",
        ("type", static (r, t) => t._type = r.String(t._type)),
        ("name", static (r, t) => t.Name = r.String(t.Name)),
        ("description", static (r, t) => t._description = r.String(t._description)),
        ("input_schema", static (r, t) => t._schema = r.Raw()),
        ("max_uses", static (r, _) => r.Int(0)));

    private string _type = "";
    private string _description = "";
    private ReadOnlyMemory<byte> _schema;

    public string Name { get; private set; } = "";

    public bool IsWebSearch => _type.StartsWith("web_search", StringComparison.Ordinal);

    public static MessagesTool Read(GoJsonReader reader, MessagesTool tool)
    {
        reader.Struct(Shape, tool);
        return tool;
    }

    /// <exception cref="InferenceException">REQUEST_MALFORMED for a schema that is none.</exception>
    public OllamaTool ToNative()
    {
        if (IsWebSearch)
        {
            return OllamaTool.WebSearch();
        }

        var tool = new OllamaTool { Kind = "function", Name = Name, Description = _description };
        return _schema.IsEmpty || GoJsonReader.Unmarshal(_schema, tool, static (r, t) => t.ReadParameters(r)) is not { } fault
            ? tool
            : throw Catalogue.RequestMalformed.For($"invalid input_schema for tool {GoQuote.Quote(Name)}: {fault}");
    }
}
