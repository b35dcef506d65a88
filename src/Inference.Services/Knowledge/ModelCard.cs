using Inference.Errors;
using Inference.Prompts.GoTemplates;
using Inference.Runtime.Loading;
using Inference.Store;
using Inference.Store.Capabilities;
using Inference.Store.Gguf;

namespace Inference.Services.Knowledge;

/// <summary>
/// What is known of a model besides its manifest: read and parsed once, because a manifest's digest stands for all of it.
/// What fails is not remembered: the files may be mended.
/// </summary>
internal sealed class ModelCard
{
    private const string DefaultTemplate = "{{ .Prompt }}"; // Ollama's template.DefaultTemplate, for models without one

    private readonly StoredModel _model;
    private readonly Lazy<PromptTemplate> _template;
    private readonly Lazy<TemplateFacts> _templateFacts;
    private readonly Lazy<GgufFile?> _weights;
    private readonly Lazy<ModelSummary> _shown;
    private readonly Lazy<ModelSummary> _listed;
    private readonly Lazy<ModelFacts> _facts;

    public ModelCard(StoredModel model)
    {
        _model = model;
        _template = Remember(() => PromptTemplate.Parse(model.Template ?? DefaultTemplate));
        _templateFacts = Remember(ReadTemplate);
        _weights = Remember(() => model.ModelPath is null ? null : model.ReadWeights());
        _shown = Remember(() => ModelSummary.Shown(model, Weights, _templateFacts.Value, parser: null));
        _listed = Remember(() => ModelSummary.Listed(model, _templateFacts.Value, parser: null));
        _facts = Remember(CheckWeights);
    }

    /// <summary>Whether its files are all there: only then may the card be kept.</summary>
    public bool IsWhole => _model.ModelPath is not null;

    /// <summary>Header of the weights; null if there are none.</summary>
    /// <exception cref="InferenceException">MODEL_CORRUPT.</exception>
    public GgufFile? Weights => _weights.Value;

    /// <summary>What a look at the model shows, and what calls are checked against.</summary>
    /// <exception cref="InferenceException">MODEL_CORRUPT.</exception>
    public ModelSummary Shown => _shown.Value;

    /// <summary>What a listing shows: less, and in another order.</summary>
    public ModelSummary Listed => _listed.Value;

    /// <summary>What loading depends on; the weights have been checked for what would harm the engine.</summary>
    /// <exception cref="InferenceException">MODEL_CORRUPT.</exception>
    public ModelFacts Facts => _facts.Value;

    /// <summary>The Jinja template of the weights; empty if they have none.</summary>
    public string JinjaTemplate => Weights?.Facts.ChatTemplate ?? "";

    /// <summary>By which template the model is spoken to.</summary>
    public PromptPath Path => PromptPath.Of(_model, JinjaTemplate, _templateFacts.Value);

    /// <summary>The prompt of a text is made by the Jinja template of the weights.</summary>
    public bool IsPromptOfWeights => !Path.IsRendered && JinjaTemplate.Length > 0;

    /// <summary>The text of the template that Ollama would speak to it by, which is what a look at the model shows.</summary>
    public string ShownTemplate => IsPromptOfWeights ? JinjaTemplate : _model.Template ?? DefaultTemplate;

    /// <summary>Its levels of thinking end at high.</summary>
    public bool ThinksUpToHigh => _model.Config.Family is "gptoss" or "gpt-oss";

    /// <summary>Its Go template; where it has none, the one that passes the prompt on.</summary>
    /// <exception cref="TemplateException">It does not parse.</exception>
    public PromptTemplate Template => _template.Value;

    private TemplateFacts ReadTemplate()
    {
        if (_model.Template is not { } text)
        {
            return TemplateFacts.None;
        }

        try
        {
            return new TemplateFacts(Template.UsesTools, Template.UsesSuffix, Template.ThinkingTags is not null)
            {
                ToolCalls = text.Contains(".ToolCalls", StringComparison.Ordinal),
            };
        }
        catch (TemplateException)
        {
            return TemplateFacts.None; // the model can still be listed and shown
        }
    }

    private ModelFacts CheckWeights()
    {
        _model.CheckWeights();
        var weights = Weights!;
        var facts = weights.Facts;
        return new ModelFacts(
            weights.Architecture, (int)Math.Clamp(facts.ContextLength, 0, int.MaxValue), facts.CacheBytesPerToken, weights.SizeBytes,
            facts.HasPooling, _model.ProjectorPaths.Count > 0);
    }

    private static Lazy<T> Remember<T>(Func<T> make) => new(make, LazyThreadSafetyMode.PublicationOnly);
}
