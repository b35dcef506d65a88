using Inference.Errors;
using Inference.Store.Manifests;
using Inference.Store.Names;

namespace Inference.Store.Registry;

/// <summary>Sends a model: asks for each blob, and then sends the manifest. Order and words: Ollama's PushModel.</summary>
internal sealed class Push(RegistrySession session, ModelName name, string requested, Manifest manifest, Func<TransferProgress, ValueTask> report)
{
    /// <exception cref="InferenceException">REGISTRY_*, SIGNIN_REQUIRED, FEATURE_UNSUPPORTED.</exception>
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
            using var response = await session.AskAsync(HttpMethod.Head, session.UrlOf($"blobs/{layer.Digest}"), ct: ct);
        }
        catch (RegistryException e) when (e.Fault is RegistryFault.NotFound)
        {
            throw Catalogue.FeatureUnsupported.Because(e, "push of a blob that the registry does not have");
        }
        catch (RegistryException e)
        {
            throw e.ToError(name, requested, layer.Digest);
        }

        await report(TransferProgress.OfBlob(TransferStep.Uploading, "pushing", layer.Digest, layer.SizeBytes, layer.SizeBytes));
    }

    private void AddManifest(HttpRequestMessage request)
    {
        request.Content = new ReadOnlyMemoryContent(manifest.ToBytes());
        request.Content.Headers.TryAddWithoutValidation("Content-Type", MediaTypes.Manifest);
    }
}
