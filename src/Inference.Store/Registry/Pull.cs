using Inference.Errors;
using Inference.GoJson;
using Inference.Store.Blobs;
using Inference.Store.Manifests;
using Inference.Store.Names;

namespace Inference.Store.Registry;

/// <summary>Fetches a model: its manifest, the blobs that are not here, and then writes the manifest. Order and words: Ollama's PullModel.</summary>
internal sealed class Pull(StoreChanges store, RegistrySession session, TimeProvider time, ModelName name, string requested, Func<TransferProgress, ValueTask> report)
{
    private const int LongestManifest = 16 * 1024 * 1024;

    /// <exception cref="InferenceException">REGISTRY_*, IDENTITY_UNREADABLE, TRANSFER_CORRUPT, STORE_FAILED, STORE_FULL.</exception>
    public async Task RunAsync(CancellationToken ct)
    {
        var before = Before();
        await report(new TransferProgress(TransferStep.ReadingManifest, "pulling manifest"));
        var (manifest, bytes) = await ManifestAsync(ct);
        var arrived = new Dictionary<string, BlobWriter>(StringComparer.Ordinal);
        try
        {
            foreach (var digest in manifest.Parts.Select(static l => l.Digest))
            {
                await BlobAsync(digest, arrived, ct);
            }

            await report(new TransferProgress(TransferStep.Verifying, "verifying sha256 digest"));
            Keep(arrived);
        }
        finally
        {
            foreach (var writer in arrived.Values)
            {
                writer.Dispose();
            }
        }

        await report(new TransferProgress(TransferStep.WritingManifest, "writing manifest"));
        store.Write(name, bytes);
        await PruneAsync(before.Except(manifest.Parts.Select(static l => l.Digest), StringComparer.Ordinal).ToList());
    }

    // A manifest that is damaged is no reason not to fetch a good one.
    private List<string> Before()
    {
        try
        {
            return store.Find(name, requested) is { } manifest ? [.. manifest.Parts.Select(static l => l.Digest)] : [];
        }
        catch (InferenceException e) when (e.Error.Kind == Catalogue.ModelCorrupt)
        {
            return [];
        }
    }

    private async Task<(Manifest Manifest, byte[] Bytes)> ManifestAsync(CancellationToken ct)
    {
        const string During = "pull model manifest: ";
        try
        {
            using var response = await session.AskAsync(HttpMethod.Get, session.UrlOf($"manifests/{name.Tag}"), static request => request.Headers.TryAddWithoutValidation("Accept", MediaTypes.Manifest), ct: ct);
            var bytes = await RegistrySession.ReadAsync(response, LongestManifest, ct);
            return (Parse(bytes, (int)response.StatusCode), bytes);
        }
        catch (RegistryException e)
        {
            throw e.ToError(name, requested, during: During);
        }
    }

    private static Manifest Parse(byte[] bytes, int status)
    {
        try
        {
            return Manifest.Parse(bytes);
        }
        catch (GoJsonException e)
        {
            throw new RegistryException(RegistryFault.Protocol, RegistryException.Unmarshal(e), status, e);
        }
    }

    private async Task BlobAsync(string digest, Dictionary<string, BlobWriter> arrived, CancellationToken ct)
    {
        try
        {
            if (digest.Length == 0)
            {
                throw new RegistryException(RegistryFault.Protocol, $"{name.Namespace}/{name.Model}: digest is empty", 200);
            }

            if (!BlobDigest.IsValid(digest))
            {
                throw new RegistryException(RegistryFault.Protocol, "invalid digest format", 200);
            }

            if ((arrived.TryGetValue(digest, out var writer) ? writer.SizeBytes : store.Blobs.SizeOf(digest)) is { } size)
            {
                await report(TransferProgress.OfBlob(TransferStep.Downloading, "pulling", digest, size, size));
                return;
            }

            arrived[digest] = await new BlobDownload(session, store.Blobs, time, report).FetchAsync(digest, ct);
        }
        catch (RegistryException e)
        {
            throw e.ToError(name, requested, digest);
        }
    }

    // What is right is kept even if another is wrong: it need not be fetched again.
    private static void Keep(Dictionary<string, BlobWriter> arrived)
    {
        foreach (var (digest, writer) in arrived.Where(static a => IsRight(a.Key, a.Value)))
        {
            writer.Keep();
        }

        if (arrived.FirstOrDefault(static a => !IsRight(a.Key, a.Value)) is { Value: { } wrong, Key: var wanted })
        {
            throw Catalogue.TransferCorrupt.For(wanted, wrong.Digest);
        }
    }

    private static bool IsRight(string digest, BlobWriter writer) => BlobDigest.FileName(digest) == BlobDigest.FileName(writer.Digest);

    private async Task PruneAsync(List<string> unused)
    {
        if (unused.Count == 0)
        {
            return;
        }

        await report(new TransferProgress(TransferStep.Pruning, "removing unused layers"));
        try
        {
            store.Prune(unused);
        }
        catch (InferenceException e)
        {
            await report(new TransferProgress(TransferStep.Pruning, $"couldn't remove unused layers: {e.Error.ToOllama(OllamaRoute.Other).Text}"));
        }
    }
}
