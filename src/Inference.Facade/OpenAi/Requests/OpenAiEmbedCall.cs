using Inference.Errors;
using Inference.Facade.Ollama.Requests;
using Inference.GoJson;

namespace Inference.Facade.OpenAi.Requests;

/// <summary>A body of POST /v1/embeddings, and what Ollama makes of it: a request of its own /api/embed.</summary>
internal sealed class OpenAiEmbedCall
{
    public static readonly GoStruct<OpenAiEmbedCall> Shape = new("EmbedRequest", "openai.EmbedRequest",
        ("input", static (r, c) => c._input = r.Any()),
        ("model", static (r, c) => c.Model = r.String(c.Model)),
        ("dimensions", static (r, c) => c._dimensions = r.Int(c._dimensions)),
        ("encoding_format", static (r, c) => c._encoding = r.String(c._encoding)));

    private object? _input;
    private long _dimensions;
    private string _encoding = "";

    public string Model { get; private set; } = "";

    /// <summary>Vectors as texts: little-endian floats in base64.</summary>
    public bool AsBase64 => IsEncoding("base64");

    /// <exception cref="InferenceException">It has no form in /api/embed.</exception>
    public EmbedCall ToNative()
    {
        if (_encoding.Length > 0 && !IsEncoding("float") && !AsBase64)
        {
            throw Catalogue.FieldInvalid.For("encoding_format", _encoding);
        }

        // An empty text is one text here, and none in /api/embed.
        var input = _input is "" ? new List<object?> { "" } : _input;
        return input is null or List<object?> { Count: 0 }
            ? throw Catalogue.FieldRequired.For("inputs")
            : new EmbedCall { Model = Model, Input = input, Dimensions = _dimensions };
    }

    private bool IsEncoding(string name) => _encoding.Equals(name, StringComparison.OrdinalIgnoreCase);
}
