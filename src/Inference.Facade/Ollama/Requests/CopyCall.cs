using Inference.GoJson;
using Inference.V1;

namespace Inference.Facade.Ollama.Requests;

/// <summary>A body of POST /api/copy.</summary>
internal sealed class CopyCall
{
    public static readonly GoStruct<CopyCall> Shape = new("CopyRequest", "api.CopyRequest",
    [
        ("source", static (r, c) => c.Request.Source = r.String(c.Request.Source)),
        ("destination", static (r, c) => c.Request.Destination = r.String(c.Request.Destination)),
    ]);

    public CopyModelRequest Request { get; } = new();
}
