using Inference.Errors;
using Inference.GoJson;
using Inference.Store.Blobs;
using Inference.Store.Manifests;
using Inference.Store.Names;

namespace Inference.Store;

/// <summary>What changes the store. One change at a time: a blob that one gives up may be the one that another is about to use.</summary>
public sealed class StoreChanges
{
    private readonly Lock _one = new();
    private readonly ManifestTree _manifests;
    private readonly ManifestCache _cache;

    internal StoreChanges(ManifestTree manifests, ManifestCache cache, BlobFolder blobs) => (_manifests, _cache, Blobs) = (manifests, cache, blobs);

    public BlobFolder Blobs { get; }

    /// <summary>A name in the spelling of the models that are there.</summary>
    /// <param name="name">The name.</param>
    /// <param name="requested">How the request spells it, for the error.</param>
    /// <exception cref="InferenceException">STORE_FAILED, with the name as <c>model</c>: the manifests cannot be listed.</exception>
    public ModelName SpellingOf(ModelName name, string requested)
    {
        try
        {
            return _manifests.SpellingOf(name);
        }
        catch (InferenceException e) when (e.Error.Kind == Catalogue.StoreFailed)
        {
            throw new InferenceException(e.Error with { Facts = e.Error.Facts.With("model", requested) }, e);
        }
    }

    /// <summary>The manifest of the model that is spelled like this; null if there is none.</summary>
    /// <param name="name">The name.</param>
    /// <param name="requested">How the request spells it, for the error.</param>
    /// <exception cref="InferenceException">MODEL_CORRUPT, STORE_FAILED.</exception>
    public Manifest? Find(ModelName name, string requested) => _cache.Read(_manifests.PathOf(name), requested)?.Manifest;

    /// <summary>The config of a model; null where it has none, or none that can be read.</summary>
    public ModelConfig? ConfigOf(Manifest manifest)
    {
        try
        {
            return BlobDigest.IsValid(manifest.Config.Digest) ? ModelConfig.Parse(File.ReadAllBytes(Blobs.PathOf(manifest.Config.Digest))) : null;
        }
        catch (Exception e) when (e is GoJsonException || StoreFaults.IsFault(e))
        {
            return null;
        }
    }

    /// <summary>Where the manifest of this name lies or would lie.</summary>
    public string PathOf(ModelName name) => _manifests.PathOf(name);

    /// <summary>Gives a model another name; what had that name is replaced.</summary>
    /// <returns>False if there is no such model.</returns>
    /// <exception cref="InferenceException">STORE_FAILED, STORE_FULL.</exception>
    public bool Copy(ModelName source, ModelName destination)
    {
        lock (_one)
        {
            try
            {
                _manifests.Write(destination, File.ReadAllBytes(_manifests.PathOf(source)));
                return true;
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
            {
                return false;
            }
            catch (Exception e) when (StoreFaults.IsFault(e))
            {
                throw StoreFaults.Of(e, "open", _manifests.PathOf(destination));
            }
        }
    }

    /// <summary>Removes a model, and the blobs that no other model has.</summary>
    /// <returns>Bytes of these; null if there is no such model.</returns>
    /// <exception cref="InferenceException">MODEL_CORRUPT, STORE_FAILED.</exception>
    public long? Delete(ModelName name, string requested)
    {
        lock (_one)
        {
            if (Find(name, requested) is not { } manifest)
            {
                return null;
            }

            var path = _manifests.PathOf(name);
            try
            {
                _manifests.Remove(path);
            }
            catch (Exception e) when (StoreFaults.IsFault(e))
            {
                throw StoreFaults.Of(e, "remove", path);
            }

            var digests = manifest.Parts.Select(static l => l.Digest).Where(static d => d.Length > 0).ToList();
            var freed = RemoveUnused(digests.Where(BlobDigest.IsValid));
            return digests.Find(static d => !BlobDigest.IsValid(d)) is { } invalid ? throw Catalogue.ModelCorrupt.For(requested, invalid, "invalid digest format") : freed;
        }
    }

    /// <summary>Makes a model of blobs that are in the store; what had that name is replaced.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="manifest">The bytes of its manifest.</param>
    /// <exception cref="InferenceException">STORE_FAILED, STORE_FULL.</exception>
    public void Write(ModelName name, ReadOnlyMemory<byte> manifest)
    {
        lock (_one)
        {
            try
            {
                _manifests.Write(name, manifest.Span);
            }
            catch (Exception e) when (StoreFaults.IsFault(e))
            {
                throw StoreFaults.Of(e, "open", _manifests.PathOf(name), manifest.Length);
            }
        }
    }

    /// <summary>Takes away those of these blobs that no model has.</summary>
    /// <returns>Their bytes.</returns>
    /// <exception cref="InferenceException">STORE_FAILED.</exception>
    public long Prune(IEnumerable<string> digests)
    {
        lock (_one)
        {
            return RemoveUnused(digests.Where(BlobDigest.IsValid));
        }
    }

    private long RemoveUnused(IEnumerable<string> digests)
    {
        var used = _manifests.Enumerate().SelectMany(Digests).Select(BlobDigest.FileName).ToHashSet(StringComparer.Ordinal);
        return digests.Distinct(StringComparer.Ordinal).Where(d => !used.Contains(BlobDigest.FileName(d))).Sum(Blobs.Remove);
    }

    // A damaged manifest holds on to nothing: what it needed is gone with its text.
    private IEnumerable<string> Digests(ManifestFile file)
    {
        try
        {
            return _cache.Read(file.Path, file.Name.DisplayName)?.Manifest.Parts.Select(static l => l.Digest) ?? [];
        }
        catch (InferenceException)
        {
            return [];
        }
    }
}
