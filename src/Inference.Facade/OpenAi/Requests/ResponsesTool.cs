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
        ("strict", static (r, t) => t._strict = r.BoolPointer(t._strict)),
        ("parameters", static (r, t) => t.ReadParameters(r)),
        ("tools", static (r, t) => r.List(t._tools, "[]openai.ResponsesTool", static () => new ResponsesTool(), Read)),
    ]);

    private readonly List<ResponsesTool> _tools = [];
    private string _type = "";
    private string _name = "";
    private string? _description;
    private bool? _strict;
    private Dictionary<string, object?>? _parameters;

    public bool IsWebSearch => _type.StartsWith("web_search", StringComparison.Ordinal);

    public static ResponsesTool Read(GoJsonReader reader, ResponsesTool tool)
    {
        reader.Struct(Shape, tool);
        return tool;
    }

    /// <summary>Ollama's tools: one, but those of a namespace under their long names.</summary>
    /// <exception cref="InferenceException">REQUEST_MALFORMED for a schema that is none.</exception>
    public void AddTo(List<OllamaTool> tools, string prefix = "")
    {
        if (_type is "namespace")
        {
            GoStack.Deep(() => _tools.ForEach(t => t.AddTo(tools, $"{prefix}{_name}.")));
        }
        else
        {
            tools.Add(IsWebSearch ? OllamaTool.WebSearch() : Function(prefix));
        }
    }

    /// <summary>As an answer repeats it.</summary>
    public Dictionary<string, object?> Echo()
    {
        var echo = new Dictionary<string, object?>
        {
            ["type"] = _type,
            ["name"] = _name,
            ["description"] = _description,
            ["strict"] = _strict,
            ["parameters"] = _parameters,
        };
        if (_tools.Count > 0)
        {
            GoStack.Deep(() => echo["tools"] = _tools.ConvertAll(static t => (object?)t.Echo()));
        }

        return echo;
    }

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
