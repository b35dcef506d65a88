using Inference.GoJson;

namespace Inference.Facade.OpenAi.Requests;

/// <summary>text: what the answer may look like (openai.ResponsesText).</summary>
internal sealed class ResponsesText
{
    public static readonly GoStruct<ResponsesText> Shape = new("ResponsesText", "openai.ResponsesText",
        ("format", static (r, t) => t._format = r.Pointer(ResponsesFormat.Shape, t._format)));

    private ResponsesFormat? _format;

    /// <summary>Ollama's format, empty for none.</summary>
    public ReadOnlyMemory<byte> ToNative() => _format is { Type: "json_schema" } format ? GoCompact.Compact(format.Schema.Span) : default;

    /// <summary>The format as an answer repeats it; null for none.</summary>
    public Dictionary<string, object?>? Echo()
    {
        if (_format is not { } format)
        {
            return null;
        }

        var echo = new Dictionary<string, object?> { ["type"] = format.Type };
        if (format.Name.Length > 0)
        {
            echo["name"] = format.Name;
        }

        if (!format.Schema.IsEmpty)
        {
            echo["schema"] = format.Schema;
        }

        if (format.Strict is { } strict)
        {
            echo["strict"] = strict;
        }

        return echo;
    }

    private sealed class ResponsesFormat
    {
        public static readonly GoStruct<ResponsesFormat> Shape = new("ResponsesTextFormat", "openai.ResponsesTextFormat",
            ("type", static (r, f) => f.Type = r.String(f.Type)),
            ("name", static (r, f) => f.Name = r.String(f.Name)),
            ("schema", static (r, f) => f.Schema = r.Raw()),
            ("strict", static (r, f) => f.Strict = r.BoolPointer(f.Strict)));

        public string Type { get; private set; } = "";

        public string Name { get; private set; } = "";

        public bool? Strict { get; private set; }

        public ReadOnlyMemory<byte> Schema { get; private set; }
    }
}
