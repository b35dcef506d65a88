using Inference.Errors;
using Inference.Store.Blobs;
using Inference.Store.Manifests;
using Inference.Store.Names;

namespace Inference.Store.Registry;

/// <summary>Sends a model: each blob that the registry does not have, and then the manifest. Order and words: Ollama's PushModel.</summary>
internal sealed class Push(StoreChanges store, RegistrySession session, TimeProvider time, ModelName name, string requested, Manifest manifest, Func<TransferProgress, ValueTask> report)
{
    /// <exception cref="InferenceException">REGISTRY_*, IDENTITY_UNREADABLE, BLOB_NOT_FOUND, MODEL_CORRUPT.</exception>
    public async Task RunAsync(CancellationToken ct)
    {
        foreach (var layer in manifest.Parts)
        {
            await BlobAsync(layer, ct);
        }

        await report(new TransferProgress(TransferStep.WritingManifest, "pushing manifest"));
        try
        {
            using var response = await session.AskAsync(HttpMethod.Put, session.UrlOf($"manifests/{name.Tag}"), AddManifest, ct: ct);
        }
        catch (RegistryException e)
        {
            throw e.ToError(name, requested, manifest.Digest);
        }
    }

    private async Task BlobAsync(ManifestLayer layer, CancellationToken ct)
    {
        try
        {
            if (await HasAsync(layer, ct))
            {
                await report(TransferProgress.OfBlob(TransferStep.Uploading, "pushing", layer.Digest, layer.SizeBytes, layer.SizeBytes));
                return;
            }

            await new BlobUpload(session, layer, PathOf(layer), time, report).SendAsync(ct);
        }
        catch (RegistryException e)
        {
            throw e.ToError(name, requested, layer.Digest);
        }
    }

    private async Task<bool> HasAsync(ManifestLayer layer, CancellationToken ct)
    {
        try
        {
            using var response = await session.AskAsync(HttpMethod.Head, session.UrlOf($"blobs/{layer.Digest}"), ct: ct);
            return true;
        }
        catch (RegistryException e) when (e.Fault is RegistryFault.NotFound)
        {
            return false;
        }
    }

    private string PathOf(ManifestLayer layer)
    {
        if (!BlobDigest.IsValid(layer.Digest))
        {
            throw Catalogue.ModelCorrupt.For(requested, layer.Digest, "invalid digest format");
        }

        var path = store.Blobs.PathOf(layer.Digest);
        if (store.Blobs.SizeOf(layer.Digest) is not null)
        {
            return path;
        }

        var error = Catalogue.BlobNotFound.For(layer.Digest).Error;
        throw new InferenceException(error with { Facts = error.Facts.With("operation", StoreFaults.Missing("stat", path)) });
    }

    private void AddManifest(HttpRequestMessage request)
    {
        request.Content = new ReadOnlyMemoryContent(manifest.ToBytes());
        request.Content.Headers.TryAddWithoutValidation("Content-Type", MediaTypes.Manifest);
    }
}
