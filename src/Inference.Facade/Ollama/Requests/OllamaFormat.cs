using System.Text;
using Inference.Errors;
using Inference.V1;

namespace Inference.Facade.Ollama.Requests;

/// <summary>format: "json", a JSON schema, or nothing.</summary>
internal static class OllamaFormat
{
    /// <summary>The contract's format; null for none, and for one that is <see cref="Problem"/>.</summary>
    public static OutputFormat? ToContract(ReadOnlyMemory<byte> format)
    {
        var written = Encoding.UTF8.GetString(format.Span);
        return written switch
        {
            "\"json\"" => new OutputFormat { Json = new JsonFormat() },
            ['{', ..] => new OutputFormat { JsonSchema = written },
            _ => null,
        };
    }

    /// <summary>What is wrong with it. Ollama finds out only when everything else is in order.</summary>
    public static InferenceException? Problem(ReadOnlyMemory<byte> format)
    {
        var written = Encoding.UTF8.GetString(format.Span);
        return written is "" or "null" or "\"\"" or "\"json\"" or ['{', ..] ? null : Catalogue.FieldInvalid.For("format", written);
    }
}
