using Inference.Errors;
using Inference.Runtime.Loading;
using Inference.Store;
using Inference.Store.Capabilities;

namespace Inference.Services.Knowledge;

/// <summary>The model that a request names.</summary>
/// <param name="Spelling">As the request spells it: what errors name.</param>
/// <param name="Stored">What the store says.</param>
/// <param name="Card">What its files say.</param>
internal sealed record FoundModel(string Spelling, StoredModel Stored, ModelCard Card)
{
    public string FullName => Stored.Name.FullName;

    public bool Has(string capability) => Card.Shown.Capabilities.Contains(capability);

    public bool IsOfFamily(string family) => Stored.Config.Families?.Contains(family) is true;

    /// <summary>Whether the model may run for what is wanted of it, in Ollama's order: its routes ask for thinking, its scheduler for the rest.</summary>
    /// <exception cref="InferenceException">CAPABILITY_MISSING, MODEL_UNSUPPORTED.</exception>
    public void Admit(params IReadOnlyCollection<string> needs)
    {
        if (needs.Contains(Capability.Thinking))
        {
            Require(Capability.Thinking);
        }

        // server/routes.go, scheduleRunner: a format of weights that was given up.
        if (IsOfFamily("mllama") && Stored.ProjectorPaths.Count > 0)
        {
            var error = Catalogue.ModelUnsupported.For(Spelling, "mllama").Error;
            throw new InferenceException(error with { Facts = error.Facts.With("superseded_by", "llama3.2-vision") });
        }

        foreach (var need in needs)
        {
            Require(need);
        }
    }

    /// <summary>The same for embeddings: Ollama lets any model try, and so finds out last whether it can.</summary>
    /// <exception cref="InferenceException">MODEL_UNSUPPORTED, MODEL_PARAMETER_INVALID, CAPABILITY_MISSING.</exception>
    public void AdmitToEmbed()
    {
        Admit();
        Parameters();
        Require(Capability.Embedding);
    }

    /// <exception cref="InferenceException">CAPABILITY_MISSING.</exception>
    public void Require(string capability)
    {
        if (!Has(capability))
        {
            throw Catalogue.CapabilityMissing.For(Spelling, FullName, capability);
        }
    }

    /// <summary>Its parameters, typed.</summary>
    /// <exception cref="InferenceException">MODEL_PARAMETER_INVALID.</exception>
    public StoredParameters Parameters() => StoredParameters.Parse(Stored.Parameters, Spelling);

    /// <exception cref="InferenceException">MODEL_CORRUPT, MODEL_UNSUPPORTED.</exception>
    public LoadSpec ToLoadSpec(LoadSettings settings)
    {
        if (!Stored.Config.IsGguf)
        {
            var error = Catalogue.ModelUnsupported.For(Spelling, Stored.Config.Family).Error;
            throw new InferenceException(error with { Facts = error.Facts.With("detail", $"its weights are {Stored.Config.Format}, not GGUF") });
        }

        return new LoadSpec { Model = Spelling, Path = Stored.ModelPath!, Facts = Card.Facts, Settings = settings };
    }
}
