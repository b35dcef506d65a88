using Inference.Errors;
using Inference.Facade.Ollama.Requests;
using Inference.Services.Upkeep;
using Inference.V1;

namespace Inference.Facade.Ollama.Routes;

/// <summary>The routes that change the store.</summary>
internal static class UpkeepRoutes
{
    public static readonly OllamaEndpoint[] Endpoints =
    [
        new("/api/pull", ["POST"], OllamaRoute.Pull, PullAsync),
        new("/api/push", ["POST"], OllamaRoute.Push, PushAsync),
        new("/api/create", ["POST"], OllamaRoute.Create, CreateAsync),
        new("/api/copy", ["POST"], OllamaRoute.Copy, CopyAsync),
        new("/api/delete", ["DELETE"], OllamaRoute.Delete, DeleteAsync),
        new("/api/blobs/:digest", ["HEAD", "POST"], OllamaRoute.Blobs, BlobAsync),
    ];

    private static async Task PullAsync(OllamaExchange exchange)
    {
        var call = await exchange.ReadAsync(TransferCall.PullShape, new TransferCall());
        await exchange.Service<Traffic>().PullAsync(call.ToPull(), exchange.Call, exchange.Operation(call.Streams), exchange.Aborted);
    }

    private static async Task PushAsync(OllamaExchange exchange)
    {
        var call = await exchange.ReadAsync(TransferCall.PushShape, new TransferCall());
        await exchange.Service<Traffic>().PushAsync(call.ToPush(), exchange.Call, exchange.Operation(call.Streams), exchange.Aborted);
    }

    private static async Task CreateAsync(OllamaExchange exchange)
    {
        var call = await exchange.ReadAsync(CreateCall.Shape, new CreateCall());
        var (request, faults) = call.ToContract();
        await exchange.Service<Creation>().CreateAsync(request, faults, exchange.Call, exchange.Operation(call.Streams), exchange.Aborted);
    }

    private static async Task CopyAsync(OllamaExchange exchange)
    {
        var call = await exchange.ReadAsync(CopyCall.Shape, new CopyCall());
        exchange.Service<Inventory>().Copy(call.Request);
        exchange.Done();
    }

    private static async Task DeleteAsync(OllamaExchange exchange)
    {
        var call = await exchange.ReadAsync(DeleteCall.Shape, new DeleteCall());
        exchange.Service<Inventory>().Delete(call.ToContract());
        exchange.Done();
    }

    private static async Task BlobAsync(OllamaExchange exchange)
    {
        var digest = exchange.Parameter("digest");
        if (exchange.IsHead)
        {
            exchange.Service<Inventory>().GetBlob(new GetBlobRequest { Digest = digest });
            exchange.Done();
            return;
        }

        var stored = await exchange.Service<Inventory>().UploadBlobAsync(digest, exchange.PiecesAsync(), exchange.Aborted);
        exchange.Done(stored.Created ? 201 : 200);
    }
}
