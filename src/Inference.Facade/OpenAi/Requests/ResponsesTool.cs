using System.Buffers;
using Inference.Errors;
using Inference.Facade.Ollama.Requests;
using Inference.GoJson;

namespace Inference.Facade.OpenAi.Requests;

/// <summary>A tool of /v1/responses (openai.ResponsesTool): flat, and perhaps a name for several others.</summary>
internal sealed class ResponsesTool
{
    private static readonly GoStruct<ResponsesTool> Shape = new("ResponsesTool", "openai.ResponsesTool",
    [
        ("type", static (r, t) => t._type = r.String(t._type)),
        ("name", static (r, t) => t._name = r.String(t._name)),
        ("description", static (r, t) => t._description = r.StringPointer(t._description)),
        ("strict", static (r, _) => r.BoolPointer(null)),
        ("parameters", static (r, t) => t.ReadParameters(r)),
        ("tools", static (r, t) => r.List(t._tools, "[]openai.ResponsesTool", static () => new ResponsesTool(), Read)),
    ]);

    private readonly List<ResponsesTool> _tools = [];
    private string _type = "";
    private string _name = "";
    private string? _description;
    private Dictionary<string, object?>? _parameters;

    public bool IsWebSearch => _type.StartsWith("web_search", StringComparison.Ordinal);

    public static ResponsesTool Read(GoJsonReader reader, ResponsesTool tool)
    {
        reader.Struct(Shape, tool);
        return tool;
    }

    /// <summary>Ollama's tools: one, but those of a namespace under their long names.</summary>
    /// <exception cref="InferenceException">REQUEST_MALFORMED for a schema that is none.</exception>
    public IEnumerable<OllamaTool> ToNative(string prefix = "") => _type switch
    {
        "namespace" => _tools.SelectMany(t => t.ToNative($"{prefix}{_name}.")),
        _ when IsWebSearch => [OllamaTool.WebSearch()],
        _ => [Function(prefix)],
    };

    private OllamaTool Function(string prefix)
    {
        var tool = new OllamaTool { Kind = _type, Name = prefix + _name, Description = _description ?? "" };
        if (_parameters is { } parameters)
        {
            // Once more through JSON, as there: by then the keys are sorted.
            var json = new ArrayBufferWriter<byte>();
            new GoJsonWriter(json).Write(parameters);
            if (GoJsonReader.Unmarshal(json.WrittenMemory, tool, static (r, t) => t.ReadParameters(r)) is { } fault)
            {
                throw Catalogue.RequestMalformed.For($"failed to unmarshal tool parameters: {fault}");
            }
        }

        return tool;
    }

    private void ReadParameters(GoJsonReader reader)
    {
        var parameters = _parameters ?? [];
        _parameters = reader.Peek() is GoKind.Null ? null : parameters;
        reader.Map(parameters);
    }
}
