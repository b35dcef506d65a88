using Inference.Errors;
using Inference.Services.Calls;
using Inference.Services.Knowledge;
using Inference.Store;
using Inference.Store.Manifests;
using Inference.Store.Names;
using Inference.Store.Registry;
using Inference.V1;

namespace Inference.Services.Upkeep;

/// <summary>Pulling and pushing: models on their way from and to registries. Failures are thrown, from the catalogue.</summary>
public sealed class Traffic
{
    private readonly ModelLibrary _library;
    private readonly StoreChanges _store;
    private readonly Transfers _transfers;
    private readonly Drain _drain;
    private readonly TimeProvider _time;

    internal Traffic(ModelLibrary library, ModelStore store, Transfers transfers, Drain drain, TimeProvider time) =>
        (_library, _store, _transfers, _drain, _time) = (library, store.Changes, transfers, drain, time);

    /// <exception cref="InferenceException">As PullModel of the contract.</exception>
    public async Task PullAsync(PullModelRequest request, CallInfo call, IOperationWriter writer, CancellationToken ct)
    {
        using var scope = new CallScope(call, _drain, _time, ct);
        var name = _store.SpellingOf(ModelReference.Parse(request.Model).Stored, request.Model);
        try
        {
            await _transfers.PullAsync(name, request.Model, request.Insecure, p => writer.ProgressAsync(p.ToContract(), scope.Token), scope.Token);
            await writer.FinishAsync(new OperationResult { Model = _library.Describe(name) }, scope.Token);
        }
        catch (OperationCanceledException e)
        {
            throw scope.Explain(e);
        }
    }

    /// <exception cref="InferenceException">As PushModel of the contract.</exception>
    public async Task PushAsync(PushModelRequest request, CallInfo call, IOperationWriter writer, CancellationToken ct)
    {
        using var scope = new CallScope(call, _drain, _time, ct);
        if (request.Model.Length == 0)
        {
            throw Catalogue.FieldRequired.For("model");
        }

        try
        {
            // No check of the name before the work begins, as in Ollama.
            var name = _store.SpellingOf(ModelName.Split(request.Model), request.Model);
            var manifest = await ManifestAsync(name, request.Model, writer, scope.Token);
            await _transfers.PushAsync(name, request.Model, manifest, request.Insecure, p => writer.ProgressAsync(p.ToContract(), scope.Token), scope.Token);
            await writer.FinishAsync(new OperationResult { Model = _library.Describe(name) }, scope.Token);
        }
        catch (OperationCanceledException e)
        {
            throw scope.Explain(e);
        }
    }

    private async Task<Manifest> ManifestAsync(ModelName name, string requested, IOperationWriter writer, CancellationToken ct)
    {
        await writer.ProgressAsync(new OperationProgress { Step = OperationStep.ReadingManifest, Status = "retrieving manifest" }, ct);
        try
        {
            return Manifest(name, requested);
        }
        catch (InferenceException)
        {
            await writer.ProgressAsync(new OperationProgress { Step = OperationStep.ReadingManifest, Status = "couldn't retrieve manifest" }, ct);
            throw;
        }
    }

    private Manifest Manifest(ModelName name, string requested)
    {
        if (!name.IsValid)
        {
            throw With(Catalogue.ModelNameInvalid.For(requested, "model"), "full_name", name.FullName);
        }

        return _store.Find(name, requested)
            ?? throw With(Catalogue.ModelNotFound.For(requested), "operation", $"open {_store.PathOf(name)}: no such file or directory");
    }

    private static InferenceException With(InferenceException thrown, string key, string value) =>
        new(thrown.Error with { Facts = thrown.Error.Facts.With(key, value) });
}
