using Google.Protobuf.WellKnownTypes;
using Inference.Errors;
using Inference.GoJson;
using Inference.V1;

namespace Inference.Facade.Ollama.Requests;

/// <summary>What generate and chat have in common and the contract has no field for, or another form of.</summary>
internal abstract class OllamaCall
{
    // api/types.go: the range of top_logprobs.
    private const int MostTopLogprobs = 20;

    /// <summary>Unset streams.</summary>
    public bool? Stream { get; set; }

    /// <summary>As written; empty when absent. Looked at only where it is used.</summary>
    public ReadOnlyMemory<byte> Format { get; set; }

    public Duration? KeepAlive { get; set; }

    public Dictionary<string, object?> Options { get; } = [];

    public Thinking? Think { get; set; }

    public bool? Truncate { get; set; }

    public bool? Shift { get; set; }

    public bool RenderOnly { get; set; }

    public bool Logprobs { get; set; }

    public long TopLogprobs { get; set; }

    public bool Streams => Stream ?? true;

    /// <summary>With nothing to answer, a keep-alive of zero unloads the model.</summary>
    public bool Unloads => KeepAlive is { Seconds: 0, Nanos: 0 };

    public LogprobOptions? LogprobOptions => Logprobs ? new LogprobOptions { Top = (int)TopLogprobs } : null;

    public StreamOptions StreamOptions => new() { Aggregate = !Streams };

    protected static (string Name, Action<GoJsonReader, T> Read)[] SharedFields<T>() where T : OllamaCall =>
    [
        ("stream", static (r, c) => c.Stream = r.BoolPointer(c.Stream)),
        ("format", static (r, c) => c.Format = r.Raw()),
        ("keep_alive", static (r, c) => c.KeepAlive = OllamaKeepAlive.Read(r, c.KeepAlive)),
        ("options", static (r, c) => r.Map(c.Options)),
        ("think", static (r, c) => c.Think = OllamaThink.Read(r, c.Think)),
        ("truncate", static (r, c) => c.Truncate = r.BoolPointer(c.Truncate)),
        ("shift", static (r, c) => c.Shift = r.BoolPointer(c.Shift)),
        ("_debug_render_only", static (r, c) => c.RenderOnly = r.Bool(c.RenderOnly)),
        ("logprobs", static (r, c) => c.Logprobs = r.Bool(c.Logprobs)),
        ("top_logprobs", static (r, c) => c.TopLogprobs = r.Int(c.TopLogprobs)),
    ];

    /// <summary>The one range that is checked before the model is looked up.</summary>
    public void CheckTopLogprobs()
    {
        if (TopLogprobs is < 0 or > MostTopLogprobs)
        {
            var errors = new FieldErrors();
            errors.Invalid("top_logprobs", TopLogprobs, $"must be between 0 and {MostTopLogprobs}");
            errors.Check();
        }
    }
}
