using Inference.Errors;
using Inference.Services;
using Inference.Services.Remote;
using Inference.V1;

namespace Inference.Facade.Ollama.Routes;

/// <summary>
/// What Ollama checks of the model before it looks at the rest of a request. The services do the same; this is for requests that
/// never reach them, because the contract has no form for what is wrong with them.
/// </summary>
internal sealed class ModelChecks(OllamaExchange exchange, string model)
{
    /// <summary>Throws the problem, if there is one, or what comes before it: all that is found before a model is loaded.</summary>
    /// <param name="problem">What is wrong with the request.</param>
    /// <param name="needs">What the model must be able to do.</param>
    public void Before(InferenceException? problem, IEnumerable<Capability> needs)
    {
        if (problem is not null)
        {
            exchange.Service<Models>().CheckLoad(new LoadModelRequest { Model = model, RequiredCapabilities = { needs } });
            throw problem;
        }
    }

    /// <summary>Whether the model can; true for one that cannot be asked, which is told when it is used.</summary>
    public bool Has(Capability capability)
    {
        try
        {
            return Find().Capabilities.Contains(capability);
        }
        catch (InferenceException)
        {
            return true;
        }
    }

    /// <summary>Throws what is wrong with the name itself; whether there is such a model does not matter.</summary>
    public void Name()
    {
        try
        {
            Find();
        }
        catch (InferenceException e) when (e.Error.Kind != Catalogue.ModelNameInvalid && e.Error.Kind != Catalogue.ModelSourceConflict
            && (e.Error.Kind != Catalogue.RemoteDisabled || Cloud.NameOf(model) is null))
        {
            // Found or not, damaged or not, here or elsewhere: the name is one.
        }
    }

    /// <summary>Throws MODEL_NOT_FOUND for a model that is stored in another case: one old route looks names up as they are written.</summary>
    public void Case()
    {
        const string Local = ":local";
        var stored = Find().Name;
        var written = model.Trim();
        written = written.EndsWith(Local, StringComparison.OrdinalIgnoreCase) ? written[..^Local.Length] : written;
        // What is left out of a name is its front; a tag that is left out is latest.
        written = written.LastIndexOf(':') > written.LastIndexOf('/') ? written : $"{written}:latest";
        if (!written.EndsWith(stored, StringComparison.Ordinal) && written.EndsWith(stored, StringComparison.OrdinalIgnoreCase))
        {
            throw Catalogue.ModelNotFound.For(model);
        }
    }

    private Model Find()
    {
        try
        {
            return exchange.Service<Models>().Get(new GetModelRequest { Model = model, View = ModelView.Basic }).Model;
        }
        catch (InferenceException e) when (e.Error.Kind == Catalogue.RemoteDisabled)
        {
            // Running a model and showing it are refused in different words.
            throw Catalogue.RemoteDisabled.Because(e, "remote model is unavailable");
        }
    }
}
