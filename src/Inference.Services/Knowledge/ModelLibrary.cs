using Inference.Errors;
using Inference.Store;
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
    /// FIELD_REQUIRED, MODEL_NAME_INVALID, MODEL_SOURCE_CONFLICT, MODEL_NOT_FOUND, MODEL_CORRUPT, REMOTE_DISABLED, REMOTE_MODEL_UNSUPPORTED.
    /// </exception>
    public FoundModel Find(string spelling)
    {
        var reference = ModelReference.Parse(spelling);
        if (reference.Source is ModelSource.Cloud)
        {
            throw Catalogue.RemoteDisabled.For("remote model is unavailable");
        }

        var model = store.Get(reference.Name, spelling);
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
            var model = store.Get(reference.Name, spelling);
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

    /// <summary>A model that was just written; only its name if it is damaged.</summary>
    public V1.Model Describe(ModelName name)
    {
        try
        {
            var stored = store.Get(name, name.DisplayName);
            return stored.ToContract(CardOf(stored).Listed);
        }
        catch (InferenceException)
        {
            return new V1.Model { Name = name.DisplayName };
        }
    }

    public ModelCard CardOf(StoredModel model)
    {
        var card = _cards.GetOrAdd(model.Digest, static (_, m) => new ModelCard(m), model);
        return card.IsWhole ? card : new ModelCard(model);
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
