using Inference.Errors;
using Inference.Store.Blobs;
using Inference.Store.Manifests;
using Inference.Store.Names;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Inference.Store;

/// <summary>The models on disk, in Ollama's layout. Reads what is there at each call: another program may pull beside it.</summary>
public sealed class ModelStore
{
    private readonly ManifestTree _manifests;
    private readonly ManifestCache _cache = new();
    private readonly ModelStore? _fallback;
    private readonly ILogger _log;
    private readonly OnceLog _damaged = new();
    private readonly OnceLog _offered = new();

    /// <param name="root">The folder with <c>manifests</c> and <c>blobs</c>; it need not exist.</param>
    /// <param name="fallback">A store that is offered while this one has no model at all; null for none.</param>
    /// <param name="log">Where damaged models are reported, once each.</param>
    public ModelStore(string root, ModelStore? fallback = null, ILogger<ModelStore>? log = null)
    {
        Root = Path.GetFullPath(root);
        Blobs = Path.Combine(Root, "blobs");
        _fallback = fallback;
        _log = log ?? NullLogger<ModelStore>.Instance;
        _manifests = new ManifestTree(Path.Combine(Root, "manifests"), _log);
        Changes = new StoreChanges(_manifests, _cache, new BlobFolder(Blobs));
    }

    /// <summary>Absolute.</summary>
    public string Root { get; }

    /// <summary>The folder of blobs.</summary>
    public string Blobs { get; }

    /// <summary>What can be changed.</summary>
    public StoreChanges Changes { get; }

    /// <summary>All models, latest change first; damaged ones are left out and logged.</summary>
    /// <exception cref="InferenceException">STORE_FAILED.</exception>
    public IReadOnlyList<StoredModel> List()
    {
        var files = _manifests.Enumerate();
        if (files.Count == 0 && Fallback() is { } fallback)
        {
            return fallback.List();
        }

        _cache.KeepOnly(files);
        return
        [
            .. files.Select(Summary).OfType<StoredModel>()
                .OrderByDescending(static model => model.ModifyTime.ToUnixTimeSeconds()), // whole seconds, stable: as in Ollama
        ];
    }

    /// <summary>The model, whatever the case of its name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="requested">How the request spells it, for the error.</param>
    /// <param name="exactCase">Only the model that is spelled like this: the legacy embeddings route asks so.</param>
    /// <exception cref="InferenceException">MODEL_NOT_FOUND, with the name as requested; MODEL_CORRUPT; STORE_FAILED.</exception>
    public StoredModel Get(ModelName name, string requested, bool exactCase = false)
    {
        var file = Find(name, requested, exactCase, out var isEmpty);
        return file is not null && Read(file, requested, whole: true) is { } model ? model
            : isEmpty && Fallback() is { } fallback ? fallback.Get(name, requested, exactCase)
            : throw Catalogue.ModelNotFound.For(requested);
    }

    /// <summary>Whether its manifest names weights, on which it runs here; null where there is no such model. A look at the manifest alone: for what is asked before every call.</summary>
    /// <param name="name">The name.</param>
    /// <param name="requested">How the request spells it, for the error.</param>
    /// <exception cref="InferenceException">MODEL_CORRUPT, STORE_FAILED.</exception>
    public bool? HasWeights(ModelName name, string requested) =>
        Find(name, requested, exactCase: false, out var isEmpty) is { } file
            ? _cache.Read(file.Path, requested)?.Manifest.Layers.Any(static l => l.MediaType is MediaTypes.Model)
            : isEmpty ? Fallback()?.HasWeights(name, requested) : null;

    // Names are looked up from clients' typing errors, too: what is not there costs one walk through the tree.
    private ManifestFile? Find(ModelName name, string requested, bool exactCase, out bool isEmpty)
    {
        isEmpty = false;
        if (_manifests.FindExact(name) is { } exact)
        {
            return exact;
        }

        try
        {
            var files = _manifests.Enumerate();
            isEmpty = files.Count == 0;
            return exactCase ? null : files.FirstOrDefault(file => file.Name.IsSame(name));
        }
        catch (InferenceException e) when (e.Error.Kind == Catalogue.StoreFailed)
        {
            // Who asks for one spelling does not look at the others.
            if (exactCase)
            {
                return null;
            }

            throw new InferenceException(e.Error with { Facts = e.Error.Facts.With("model", requested) }, e);
        }
    }

    // What a listing shows of a model; null if it is damaged or went away meanwhile.
    private StoredModel? Summary(ManifestFile file)
    {
        try
        {
            return Read(file, file.Name.DisplayName, whole: false);
        }
        catch (InferenceException e)
        {
            if (_damaged.IsFirst($"{file.Path}: {e.Error.Message}"))
            {
                Log.ModelDamaged(_log, file.Name.FullName, e.Error.Message);
            }

            return null;
        }
    }

    private StoredModel? Read(ManifestFile file, string requested, bool whole) => _cache.Read(file.Path, requested) is { } entry
        ? new ModelReader(Blobs, file.Name, requested, entry.Manifest, entry.ModifyTime).Read(whole)
        : null;

    private ModelStore? Fallback()
    {
        if (_fallback is not null && _offered.IsFirst(Root))
        {
            Log.FallbackOffered(_log, Root, _fallback.Root);
        }

        return _fallback;
    }
}
