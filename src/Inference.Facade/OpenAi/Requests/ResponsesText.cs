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

    private sealed class ResponsesFormat
    {
        public static readonly GoStruct<ResponsesFormat> Shape = new("ResponsesTextFormat", "openai.ResponsesTextFormat",
            ("type", static (r, f) => f.Type = r.String(f.Type)),
            ("name", static (r, _) => r.String("")),
            ("schema", static (r, f) => f.Schema = r.Raw()),
            ("strict", static (r, _) => r.BoolPointer(null)));

        public string Type { get; private set; } = "";

        public ReadOnlyMemory<byte> Schema { get; private set; }
    }
}
