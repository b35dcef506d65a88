using Inference.GoJson;
using Inference.V1;

namespace Inference.Facade.Ollama.Requests;

/// <summary>A body of POST /api/pull or POST /api/push.</summary>
internal sealed class TransferCall
{
    public static readonly GoStruct<TransferCall> PullShape = ShapeOf("PullRequest");
    public static readonly GoStruct<TransferCall> PushShape = ShapeOf("PushRequest");

    private string _model = "";
    private string _name = "";
    private bool _insecure;
    private bool? _stream;

    public bool Streams => _stream ?? true;

    public PullModelRequest ToPull() => new() { Model = Model, Insecure = _insecure };

    public PushModelRequest ToPush() => new() { Model = Model, Insecure = _insecure };

    // The older key is for where the newer is empty.
    private string Model => _model.Length > 0 ? _model : _name;

    private static GoStruct<TransferCall> ShapeOf(string name) => new(name, $"api.{name}",
    [
        ("model", static (r, c) => c._model = r.String(c._model)),
        ("insecure", static (r, c) => c._insecure = r.Bool(c._insecure)),
        // Decoded for their type: they have had no effect for long.
        ("username", static (r, _) => r.String("")),
        ("password", static (r, _) => r.String("")),
        ("stream", static (r, c) => c._stream = r.BoolPointer(c._stream)),
        ("name", static (r, c) => c._name = r.String(c._name)),
    ]);
}
