using Inference.Errors;
using Inference.Prompts.GoTemplates;
using Inference.Store;
using Inference.Store.Blobs;
using Inference.Store.Manifests;
using Inference.Store.Names;

namespace Inference.Services.Knowledge;

/// <summary>Finds models by the names that requests use, and remembers what is known of them.</summary>
internal sealed class ModelLibrary(ModelStore store)
{
    private const int CardsKept = 256;

    private readonly Recent<string, ModelCard> _cards = new(CardsKept);

    public IReadOnlyList<StoredModel> List() => store.List();

    /// <summary>A model to run.</summary>
    /// <exception cref="InferenceException">
    /// FIELD_REQUIRED, MODEL_NAME_INVALID, MODEL_SOURCE_CONFLICT, MODEL_NOT_FOUND, MODEL_CORRUPT, TEMPLATE_FAILED, REMOTE_DISABLED, REMOTE_MODEL_UNSUPPORTED.
    /// </exception>
    public FoundModel Find(string spelling)
    {
        var reference = ModelReference.Parse(spelling);
        if (reference.Source is ModelSource.Cloud)
        {
            throw Catalogue.RemoteDisabled.For("remote model is unavailable");
        }

        var model = Get(reference.Name, spelling);
        if (model.Config.IsRemote)
        {
            throw reference.Source is ModelSource.Local ? Catalogue.ModelNotFound.For(spelling) : Remote(spelling, model.Config.RemoteHost);
        }

        CheckThere(model, spelling);
        return new FoundModel(spelling, model, CardOf(model));
    }

    /// <summary>A model to show.</summary>
    /// <exception cref="InferenceException">As <see cref="Find"/>.</exception>
    public FoundModel Look(string spelling)
    {
        const string Operation = "remote model details are unavailable";
        var reference = ModelReference.Parse(spelling);
        if (reference.Source is ModelSource.Cloud)
        {
            throw Catalogue.RemoteDisabled.For(Operation);
        }

        try
        {
            var model = Get(reference.Name, spelling);
            if (model.Config.IsRemote)
            {
                throw Catalogue.RemoteDisabled.For(Operation);
            }

            CheckThere(model, spelling);
            return new FoundModel(spelling, model, CardOf(model));
        }
        catch (InferenceException e) when (e.Error.Kind == Catalogue.ModelNotFound)
        {
            throw new InferenceException(e.Error with { Facts = e.Error.Facts.With("display_name", reference.Name.DisplayName) }, e);
        }
    }

    /// <summary>The model that was loaded under this name; null if it is not in the store any more.</summary>
    public StoredModel? FindAgain(string spelling)
    {
        try
        {
            return store.Get(ModelReference.Parse(spelling).Name, spelling);
        }
        catch (InferenceException)
        {
            return null;
        }
    }

    /// <exception cref="InferenceException">BLOB_DIGEST_INVALID, BLOB_NOT_FOUND, STORE_FAILED.</exception>
    public V1.Blob FindBlob(string digest)
    {
        var name = digest.Contains(':') && BlobDigest.FileName(digest.ToLowerInvariant()) is { } valid ? valid : throw Catalogue.BlobDigestInvalid.For(digest);
        try
        {
            var file = new FileInfo(Path.Combine(store.Blobs, name));
            return file.Exists ? new V1.Blob { Digest = digest.ToLowerInvariant(), SizeBytes = file.Length } : throw Catalogue.BlobNotFound.For(digest);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Catalogue.StoreFailed.Because(e, "look for a blob");
        }
    }

    public ModelCard CardOf(StoredModel model)
    {
        var card = _cards.GetOrAdd(model.Digest, static (_, m) => new ModelCard(m), model);
        return card.IsWhole ? card : new ModelCard(model);
    }

    // To Ollama a template is a part of the model like its config: one that does not parse is found with the model, whatever is wanted of it.
    private StoredModel Get(ModelName name, string spelling)
    {
        var model = store.Get(name, spelling);
        try
        {
            _ = CardOf(model).Template;
            return model;
        }
        catch (TemplateException e)
        {
            throw Catalogue.TemplateFailed.Because(e, spelling, e.Message);
        }
    }

    // Weights that the manifest names and the disk lacks; a manifest without any is a model without capabilities.
    private static void CheckThere(StoredModel model, string spelling)
    {
        if (model.ModelPath is null && model.Layers.FirstOrDefault(static l => l.MediaType is MediaTypes.Model) is { } weights)
        {
            var error = Catalogue.ModelCorrupt.For(spelling, weights.Digest, "the file of its weights is missing").Error;
            throw new InferenceException(error with { Facts = error.Facts.With("missing", "weights").With("display_name", model.Name.DisplayName) });
        }
    }

    // Cloud models are off for good here; for any other host Ollama has another sentence.
    private static InferenceException Remote(string spelling, string host)
    {
        if (Uri.TryCreate(host, UriKind.Absolute, out var uri) && !uri.Host.Equals("ollama.com", StringComparison.OrdinalIgnoreCase))
        {
            return Catalogue.RemoteModelUnsupported.For(spelling, host);
        }

        var error = Catalogue.RemoteDisabled.For("remote model is unavailable").Error;
        return new InferenceException(error with { Facts = error.Facts.With("model", spelling) });
    }
}
