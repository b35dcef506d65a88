using Inference.GoJson;

namespace Inference.Facade.OpenAi.Requests;

/// <summary>response_format (openai.ResponseFormat). Of a schema, its name and strictness are not looked at.</summary>
internal sealed class OpenAiFormat
{
    public static readonly GoStruct<OpenAiFormat> Shape = new("ResponseFormat", "openai.ResponseFormat",
        ("type", static (r, f) => f._type = r.String(f._type)),
        ("json_schema", static (r, f) => f._schema = r.Pointer(OpenAiSchema.Shape, f._schema)));

    private string _type = "";
    private OpenAiSchema? _schema;

    /// <summary>Ollama's format, empty for none.</summary>
    public ReadOnlyMemory<byte> ToNative() => _type.Trim().ToLowerInvariant() switch
    {
        "json_object" => "\"json\""u8.ToArray(),
        "json_schema" when _schema is { } schema => GoCompact.Compact(schema.Text.Span),
        _ => default,
    };

    private sealed class OpenAiSchema
    {
        public static readonly GoStruct<OpenAiSchema> Shape = new("JsonSchema", "openai.JsonSchema",
            ("schema", static (r, s) => s.Text = r.Raw()));

        public ReadOnlyMemory<byte> Text { get; private set; }
    }
}
