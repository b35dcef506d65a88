using Inference.V1;

namespace Inference.Services;

/// <summary>Listing, showing, loading and unloading of models: the code that all doors share. Failures are thrown, from the catalogue.</summary>
public sealed class Models
{
    public ListModelsResponse List(ListModelsRequest request) => throw new NotSupportedException();

    public GetModelResponse Get(GetModelRequest request) => throw new NotSupportedException();

    public ListRunningModelsResponse ListRunning() => throw new NotSupportedException();

    public Task<LoadModelResponse> LoadAsync(LoadModelRequest request, CallInfo call, CancellationToken ct) => throw new NotSupportedException();

    public Task<UnloadModelResponse> UnloadAsync(UnloadModelRequest request, CancellationToken ct) => throw new NotSupportedException();
}
