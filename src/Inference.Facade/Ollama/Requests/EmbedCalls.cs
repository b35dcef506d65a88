using Google.Protobuf.WellKnownTypes;
using Inference.GoJson;
using Inference.V1;

namespace Inference.Facade.Ollama.Requests;

/// <summary>A body of POST /api/embed.</summary>
internal sealed class EmbedCall
{
    public static readonly GoStruct<EmbedCall> Shape = new("EmbedRequest", "api.EmbedRequest",
    [
        ("model", static (r, c) => c.Model = r.String(c.Model)),
        ("input", static (r, c) => c.Input = r.Any()),
        ("keep_alive", static (r, c) => c.KeepAlive = OllamaKeepAlive.Read(r, c.KeepAlive)),
        ("truncate", static (r, c) => c.Truncate = r.BoolPointer(c.Truncate)),
        ("dimensions", static (r, c) => c.Dimensions = r.Int(c.Dimensions)),
        ("options", static (r, c) => r.Map(c.Options)),
    ]);

    public string Model { get; set; } = "";

    /// <summary>Any JSON value; <see cref="Inputs"/> knows which are right.</summary>
    public object? Input { get; set; }

    public Duration? KeepAlive { get; set; }

    public bool? Truncate { get; set; }

    public long Dimensions { get; set; }

    public Dictionary<string, object?> Options { get; } = [];

    /// <summary>The texts, none for a text that is empty; null for what is neither a text nor a list of texts.</summary>
    public IReadOnlyList<string>? Inputs => Input switch
    {
        null or "" => [],
        string text => [text],
        List<object?> list when list.TrueForAll(static i => i is string) => [.. list.Cast<string>()],
        _ => null,
    };

    public EmbedRequest ToContract(OllamaOptions options)
    {
        var request = new EmbedRequest
        {
            Model = Model,
            Inputs = { Inputs },
            Truncate = Truncate ?? true,
            LoadOptions = options.Load,
            KeepAlive = KeepAlive,
        };
        // Nothing is cut off by 0 or less.
        if (Dimensions > 0)
        {
            request.Dimensions = (int)long.Min(Dimensions, int.MaxValue);
        }

        return request;
    }
}

/// <summary>A body of POST /api/embeddings, the older route: one text, never cut.</summary>
internal sealed class EmbeddingsCall
{
    public static readonly GoStruct<EmbeddingsCall> Shape = new("EmbeddingRequest", "api.EmbeddingRequest",
    [
        ("model", static (r, c) => c.Model = r.String(c.Model)),
        ("prompt", static (r, c) => c.Prompt = r.String(c.Prompt)),
        ("keep_alive", static (r, c) => c.KeepAlive = OllamaKeepAlive.Read(r, c.KeepAlive)),
        ("options", static (r, c) => r.Map(c.Options)),
    ]);

    public string Model { get; private set; } = "";

    public string Prompt { get; private set; } = "";

    public Duration? KeepAlive { get; private set; }

    public Dictionary<string, object?> Options { get; } = [];

    public EmbedRequest ToContract(OllamaOptions options) => new()
    {
        Model = Model,
        Inputs = { Prompt },
        LoadOptions = options.Load,
        KeepAlive = KeepAlive,
    };
}
