using Grpc.Core;
using Inference.Errors;
using Inference.Services.Calls;
using Inference.V1;

namespace Inference.Services.Doors;

/// <summary>ModelService over gRPC, and transcoded under /inference/v1. What changes the store is not here yet, and says so.</summary>
internal sealed class ModelDoor(Models models) : ModelService.ModelServiceBase
{
    public override Task<ListModelsResponse> ListModels(ListModelsRequest request, ServerCallContext context) => Task.FromResult(models.List(request));

    public override Task<GetModelResponse> GetModel(GetModelRequest request, ServerCallContext context) => Task.FromResult(models.Get(request));

    public override Task<ListRunningModelsResponse> ListRunningModels(ListRunningModelsRequest request, ServerCallContext context) => Task.FromResult(models.ListRunning());

    public override async Task<LoadModelResponse> LoadModel(LoadModelRequest request, ServerCallContext context)
    {
        var response = await models.LoadAsync(request, context.GetCall(), context.CancellationToken);
        WarningHeader.Append(context.GetHttpContext(), response.Warnings);
        return response;
    }

    public override Task<UnloadModelResponse> UnloadModel(UnloadModelRequest request, ServerCallContext context) =>
        models.UnloadAsync(request, context.GetCall(), context.CancellationToken);

    public override Task<GetBlobResponse> GetBlob(GetBlobRequest request, ServerCallContext context) => Task.FromResult(models.GetBlob(request));

    public override Task CreateModel(CreateModelRequest request, IServerStreamWriter<CreateModelResponse> responseStream, ServerCallContext context) =>
        throw Catalogue.FeatureUnsupported.For("CreateModel");

    public override Task<CopyModelResponse> CopyModel(CopyModelRequest request, ServerCallContext context) => throw Catalogue.FeatureUnsupported.For("CopyModel");

    public override Task<DeleteModelResponse> DeleteModel(DeleteModelRequest request, ServerCallContext context) => throw Catalogue.FeatureUnsupported.For("DeleteModel");

    public override Task PullModel(PullModelRequest request, IServerStreamWriter<PullModelResponse> responseStream, ServerCallContext context) =>
        throw Catalogue.FeatureUnsupported.For("PullModel");

    public override Task PushModel(PushModelRequest request, IServerStreamWriter<PushModelResponse> responseStream, ServerCallContext context) =>
        throw Catalogue.FeatureUnsupported.For("PushModel");

    public override Task<UploadBlobResponse> UploadBlob(IAsyncStreamReader<UploadBlobRequest> requestStream, ServerCallContext context) =>
        throw Catalogue.FeatureUnsupported.For("UploadBlob");
}
