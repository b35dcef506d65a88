using Inference.GoJson;

namespace Inference.Facade.Ollama.Requests;

/// <summary>A body of POST /api/show.</summary>
internal sealed class ShowCall
{
    public static readonly GoStruct<ShowCall> Shape = new("ShowRequest", "api.ShowRequest",
    [
        ("model", static (r, c) => c.Model = r.String(c.Model)),
        ("system", static (r, c) => c.System = r.String(c.System)),
        // Decoded for its type, and then of no effect.
        ("template", static (r, _) => r.String("")),
        ("verbose", static (r, c) => c.Verbose = r.Bool(c.Verbose)),
        ("options", static (r, c) => r.Map(c.Options)),
        ("name", static (r, c) => c.Name = r.String(c.Name)),
    ]);

    public string Model { get; private set; } = "";

    public string System { get; private set; } = "";

    public bool Verbose { get; private set; }

    public Dictionary<string, object?> Options { get; } = [];

    /// <summary>The older key, for where <see cref="Model"/> is empty.</summary>
    public string Name { get; private set; } = "";
}
