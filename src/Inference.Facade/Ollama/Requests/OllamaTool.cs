using System.Buffers;
using System.Text;
using Inference.GoJson;
using Inference.V1;

namespace Inference.Facade.Ollama.Requests;

/// <summary>A tool. Of its schema only the keywords remain that Ollama has a field for.</summary>
internal sealed class OllamaTool
{
    private static readonly GoStruct<OllamaTool> ParametersShape = new("ToolFunctionParameters", "api.ToolFunctionParameters",
    [
        ("type", static (r, t) => t._type = r.String(t._type)),
        ("$defs", static (r, t) => t._definitions = r.Any()),
        ("items", static (r, t) => t._items = r.Any()),
        ("required", static (r, t) => r.List(t._required, "[]string", static () => "", static (r, s) => r.String(s))),
        ("properties", static (r, t) => t._properties = OllamaProperty.ReadMap(r)),
    ]);

    private static readonly GoStruct<OllamaTool> FunctionShape = new("ToolFunction", "api.ToolFunction",
    [
        ("name", static (r, t) => t.Name = r.String(t.Name)),
        ("description", static (r, t) => t.Description = r.String(t.Description)),
        ("parameters", static (r, t) => t.ReadParameters(r)),
    ]);

    private static readonly GoStruct<OllamaTool> Shape = new("Tool", "api.Tool",
    [
        ("type", static (r, t) => t.Kind = r.String(t.Kind)),
        // Decoded, because numbers in it can be too large, and lost: no template reads it.
        ("items", static (r, _) => r.Any()),
        ("function", static (r, t) => r.Struct(FunctionShape, t)),
    ]);

    private readonly List<string> _required = [];
    private string _type = "";
    private object? _definitions;
    private object? _items;
    private OrderedDictionary<string, OllamaProperty>? _properties;

    public string Kind { get; set; } = "";

    public string Name { get; set; } = "";

    public string Description { get; set; } = "";

    /// <summary>The function that stands for a search by the server itself (/v1/responses, /v1/messages).</summary>
    public static OllamaTool WebSearch()
    {
        var tool = new OllamaTool
        {
            Kind = "function",
            Name = "web_search",
            Description = "Searches the web and returns what it found.",
        };
        GoJsonReader.Unmarshal(
            """{"type":"object","required":["query"],"properties":{"query":{"type":"string","description":"What to search for"}}}"""u8.ToArray(),
            tool, static (r, t) => t.ReadParameters(r));
        return tool;
    }

    public static OllamaTool Read(GoJsonReader reader, OllamaTool tool)
    {
        reader.Struct(Shape, tool);
        return tool;
    }

    /// <summary>Reads a schema, as far as there are fields for it (api.ToolFunctionParameters).</summary>
    public void ReadParameters(GoJsonReader reader) => reader.Struct(ParametersShape, this);

    public Tool ToContract()
    {
        var tool = new Tool
        {
            Function = new FunctionTool { Name = Name, Description = Description, ParametersJsonSchema = Parameters() },
        };
        if (Kind is not "function")
        {
            tool.Type = Kind;
        }

        return tool;
    }

    // In the order of api.ToolFunctionParameters. Nothing given at all is no parameters.
    private string Parameters()
    {
        if (_type.Length == 0 && _definitions is null && _items is null && _required.Count == 0 && _properties is null)
        {
            return "";
        }

        var text = new ArrayBufferWriter<byte>();
        var members = new GoMembers(new GoJsonWriter(text));
        members.Next("\"type\":"u8).String(_type);
        members.Optional("\"$defs\":"u8, _definitions);
        members.Optional("\"items\":"u8, _items);
        members.Optional("\"required\":"u8, _required);
        OllamaProperty.Write(members.Next("\"properties\":"u8), _properties);
        members.End();
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }
}
