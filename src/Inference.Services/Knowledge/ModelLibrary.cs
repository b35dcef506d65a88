using Inference.Errors;
using Inference.Store;
using Inference.Store.Manifests;
using Inference.Store.Names;
using Inference.Store.Remote;

namespace Inference.Services.Knowledge;

/// <summary>Finds models by the names that requests use, and remembers what is known of them.</summary>
internal sealed class ModelLibrary(ModelStore store, CloudPolicy policy)
{
    private const int CardsKept = 256;

    private readonly Recent<string, ModelCard> _cards = new(CardsKept);

    public IReadOnlyList<StoredModel> List() => store.List();

    /// <summary>A model to run here.</summary>
    /// <exception cref="InferenceException">
    /// FIELD_REQUIRED, MODEL_NAME_INVALID, MODEL_SOURCE_CONFLICT, MODEL_NOT_FOUND, MODEL_CORRUPT, REMOTE_DISABLED, REMOTE_MODEL_UNSUPPORTED;
    /// FEATURE_UNSUPPORTED where another server runs it.
    /// </exception>
    public FoundModel Find(string spelling)
    {
        var located = Locate(spelling);
        return located.Here ?? throw Refused(located.There!);
    }

    /// <summary>A model to run, wherever that is. Whether it may be run there is for <see cref="Allow"/> to say.</summary>
    /// <exception cref="InferenceException">FIELD_REQUIRED, MODEL_NAME_INVALID, MODEL_SOURCE_CONFLICT, MODEL_NOT_FOUND, MODEL_CORRUPT.</exception>
    public LocatedModel Locate(string spelling)
    {
        var reference = ModelReference.Parse(spelling);
        if (reference.Source is ModelSource.Cloud)
        {
            return new LocatedModel(null, new RemoteModel(spelling, reference.Base, Stored: null));
        }

        var model = store.Get(reference.Name, spelling);
        if (model.Config.IsRemote)
        {
            return reference.Source is ModelSource.Local
                ? throw Catalogue.ModelNotFound.For(spelling)
                : new LocatedModel(null, new RemoteModel(spelling, model.Config.RemoteModel, model));
        }

        CheckThere(model, spelling);
        return new LocatedModel(new FoundModel(spelling, model, CardOf(model)), null);
    }

    /// <summary>The stored model of this name that another server runs; null for any other, and where there is none.</summary>
    /// <exception cref="InferenceException">As <see cref="Locate"/>.</exception>
    public RemoteModel? LocateElsewhere(string spelling)
    {
        var reference = ModelReference.Parse(spelling);
        return reference.Source is not ModelSource.Cloud && store.HasWeights(reference.Name, spelling) is false && Locate(spelling).There is { Stored: not null } remote
            ? remote
            : null;
    }

    /// <exception cref="InferenceException">REMOTE_DISABLED, REMOTE_MODEL_UNSUPPORTED, MODEL_CORRUPT where its address is none.</exception>
    public void Allow(RemoteModel remote, string operation = "remote model is unavailable")
    {
        if (remote.Stored is { } stored)
        {
            policy.Check(stored, remote.Spelling);
        }
        else if (policy.Disabled)
        {
            throw Catalogue.RemoteDisabled.For(operation);
        }
    }

    /// <summary>A model to show; null where only another server can.</summary>
    /// <exception cref="InferenceException">As <see cref="Find"/>.</exception>
    public FoundModel? Look(string spelling)
    {
        const string Operation = "remote model details are unavailable";
        var reference = ModelReference.Parse(spelling);
        if (reference.Source is ModelSource.Cloud)
        {
            return policy.Disabled ? throw Catalogue.RemoteDisabled.For(Operation) : null;
        }

        StoredModel model;
        try
        {
            model = store.Get(reference.Name, spelling);
            CheckThere(model, spelling);
        }
        catch (InferenceException e) when (e.Error.Kind == Catalogue.ModelNotFound)
        {
            throw new InferenceException(e.Error with { Facts = e.Error.Facts.With("display_name", reference.Name.DisplayName) }, e);
        }

        return !model.Config.IsRemote || (!policy.Disabled && reference.Source is not ModelSource.Local) ? new FoundModel(spelling, model, CardOf(model))
            : throw (policy.Disabled ? Catalogue.RemoteDisabled.For(Operation) : Catalogue.ModelNotFound.For(reference.Requested));
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

    private InferenceException Refused(RemoteModel remote)
    {
        Allow(remote);
        return Catalogue.FeatureUnsupported.For(RemoteModel.Feature);
    }
}
