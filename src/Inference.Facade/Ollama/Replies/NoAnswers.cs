using Inference.Errors;
using Inference.Services;
using Inference.V1;

namespace Inference.Facade.Ollama.Replies;

/// <summary>A route whose requests are understood and checked, and whose answers this server has no form for yet.</summary>
internal sealed class NoAnswers(string feature) : IAnswers
{
    public InferenceException Refusal => Catalogue.FeatureUnsupported.For(feature);

    public Task EmptyAsync(string model, string reason) => throw Refusal;

    public Task RenderedAsync(string model, RenderPromptResponse rendered) => throw Refusal;

    public IGenerationWriter Stream(string model) => throw Refusal;

    public Task WholeAsync(string model, WholeAnswer whole) => throw Refusal;
}
