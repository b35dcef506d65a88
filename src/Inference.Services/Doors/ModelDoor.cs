using Grpc.Core;
using Inference.Services.Calls;
using Inference.Services.Upkeep;
using Inference.V1;

namespace Inference.Services.Doors;

/// <summary>ModelService over gRPC, and transcoded under /inference/v1.</summary>
internal sealed class ModelDoor(Models models, Inventory inventory, Traffic traffic, Creation creation) : ModelService.ModelServiceBase
{
    public override Task<ListModelsResponse> ListModels(ListModelsRequest request, ServerCallContext context) => Task.FromResult(models.List(request));

    public override Task<GetModelResponse> GetModel(GetModelRequest request, ServerCallContext context) =>
        models.GetAsync(request, context.GetCall(), context.CancellationToken);

    public override Task<ListRunningModelsResponse> ListRunningModels(ListRunningModelsRequest request, ServerCallContext context) => Task.FromResult(models.ListRunning());

    public override async Task<LoadModelResponse> LoadModel(LoadModelRequest request, ServerCallContext context)
    {
        var response = await models.LoadAsync(request, context.GetCall(), context.CancellationToken);
        WarningHeader.Append(context.GetHttpContext(), response.Warnings);
        return response;
    }

    public override Task<UnloadModelResponse> UnloadModel(UnloadModelRequest request, ServerCallContext context) =>
        models.UnloadAsync(request, context.GetCall(), context.CancellationToken);

    public override Task<CopyModelResponse> CopyModel(CopyModelRequest request, ServerCallContext context) => Task.FromResult(inventory.Copy(request));

    public override Task<DeleteModelResponse> DeleteModel(DeleteModelRequest request, ServerCallContext context) => Task.FromResult(inventory.Delete(request));

    public override Task<GetBlobResponse> GetBlob(GetBlobRequest request, ServerCallContext context) => Task.FromResult(inventory.GetBlob(request));

    public override async Task<UploadBlobResponse> UploadBlob(IAsyncStreamReader<UploadBlobRequest> requestStream, ServerCallContext context)
    {
        var upload = new UploadStream(requestStream);
        var digest = await upload.DigestAsync(context.CancellationToken);
        return await inventory.UploadBlobAsync(digest, upload.DataAsync(), context.CancellationToken);
    }

    public override Task PullModel(PullModelRequest request, IServerStreamWriter<PullModelResponse> responseStream, ServerCallContext context) =>
        traffic.PullAsync(request, context.GetCall(), new PullWriter(responseStream), context.CancellationToken);

    public override Task PushModel(PushModelRequest request, IServerStreamWriter<PushModelResponse> responseStream, ServerCallContext context) =>
        traffic.PushAsync(request, context.GetCall(), new PushWriter(responseStream), context.CancellationToken);

    public override Task CreateModel(CreateModelRequest request, IServerStreamWriter<CreateModelResponse> responseStream, ServerCallContext context) =>
        creation.CreateAsync(request, CreateFaults.None, context.GetCall(), new CreateWriter(responseStream), context.CancellationToken);
}
