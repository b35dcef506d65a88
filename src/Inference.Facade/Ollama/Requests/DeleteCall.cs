using Inference.GoJson;
using Inference.V1;

namespace Inference.Facade.Ollama.Requests;

/// <summary>A body of DELETE /api/delete.</summary>
internal sealed class DeleteCall
{
    public static readonly GoStruct<DeleteCall> Shape = new("DeleteRequest", "api.DeleteRequest",
    [
        ("model", static (r, c) => c._model = r.String(c._model)),
        ("name", static (r, c) => c._name = r.String(c._name)),
    ]);

    private string _model = "";
    private string _name = "";

    // The older key is for where the newer is empty.
    public DeleteModelRequest ToContract() => new() { Model = _model.Length > 0 ? _model : _name };
}
