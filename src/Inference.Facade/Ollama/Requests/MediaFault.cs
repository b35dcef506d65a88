using Inference.Errors;

namespace Inference.Facade.Ollama.Requests;

/// <summary>A picture or sound that a body holds in a form that cannot be read: found before anything else of the request is looked at.</summary>
internal static class MediaFault
{
    /// <param name="field">Path in the contract's words.</param>
    /// <param name="detail">Ollama's sentence.</param>
    public static InferenceException In(string field, string detail)
    {
        var error = Catalogue.MediaInvalid.For(field, detail).Error;
        return new InferenceException(error with { Facts = error.Facts.With("stage", "decode") });
    }
}
