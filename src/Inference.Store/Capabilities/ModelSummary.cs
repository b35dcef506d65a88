using Inference.Errors;
using Inference.Store.Gguf;

namespace Inference.Store.Capabilities;

/// <summary>
/// Details and capabilities of a model. There are two computations, as in Ollama: a listing looks neither at the Jinja template nor
/// behind the tokenizer, so it can say less than a look at the single model, and says it in another order.
/// </summary>
public sealed record ModelSummary(ModelDetails Details, IReadOnlyList<string> Capabilities)
{
    /// <summary>As in /api/tags: server/model_list_cache.go. Weights that cannot be read take away what only they know.</summary>
    /// <param name="model">The model.</param>
    /// <param name="template">What its Go template says.</param>
    /// <param name="parser">What its parser can do; null if it has none.</param>
    public static ModelSummary Listed(StoredModel model, TemplateFacts template, ParserFacts? parser)
    {
        var details = ModelDetails.Of(model);
        var list = new CapabilityList();
        if (ReadSummary(model) is { } weights)
        {
            list.AddAll(weights.Metadata.Keys.Select(key => OfKey(key, weights.Architecture)).OfType<string>());
            list.Add(weights.Facts.HasPooling ? Capability.Embedding : Capability.Completion);
            details = details.CompletedBy(weights.Facts);
        }

        list.AddAll(model.Config.Capabilities);
        list.Add(Capability.Tools, template.Tools || parser is { Tools: true });
        list.Add(Capability.Insert, template.Insert);
        list.Add(Capability.Thinking, template.Thinking || PromptPath.IsGptOss(model) || parser is { Thinking: true });
        list.Add(Capability.Vision, model.ProjectorPaths.Count > 0);
        RemoveUnusable(list, model);
        return new ModelSummary(details, list.Items);
    }

    /// <summary>As in /api/show, and as calls are checked: server/images.go, Capabilities.</summary>
    /// <param name="model">The model.</param>
    /// <param name="weights">Header of its weights; null if there are none.</param>
    /// <param name="template">What its Go template says.</param>
    /// <param name="parser">What its parser can do; null if it has none.</param>
    /// <param name="mode">Whether Go templates are used.</param>
    public static ModelSummary Shown(StoredModel model, GgufFile? weights, TemplateFacts template, ParserFacts? parser, GoTemplateMode mode = GoTemplateMode.Auto)
    {
        var list = new CapabilityList();
        list.AddAll(model.Config.Capabilities);
        var path = PromptPath.Of(model, weights?.Facts.ChatTemplate ?? "", template, mode);
        if (weights?.Facts is { } facts && model.Config.IsGguf)
        {
            list.AddAll(path.IsRendered ? [] : ChatTemplate.Capabilities(facts.ChatTemplate));
            list.Add(facts.HasPooling ? Capability.Embedding : Capability.Completion);
            list.Add(Capability.Vision, facts.HasVision);
            list.Add(Capability.Audio, facts.HasAudio);
        }

        list.Add(Capability.Vision, model.ProjectorPaths.Count > 0);
        list.Add(Capability.Audio, model.ProjectorPaths.Any(projector => TakesSound(model, projector)));
        list.AddAll(path.UsesGoTemplate ? template.Capabilities() : []);
        list.Add(Capability.Tools, parser is { Tools: true });
        list.Add(Capability.Thinking, parser is { Thinking: true } || PromptPath.IsGptOss(model));
        list.Remove(Capability.Audio, IsNemotronOmni(model, weights));
        RemoveUnusable(list, model);
        return new ModelSummary(ModelDetails.Of(model), list.Items);
    }

    // Architecture first, then the keys behind it: Ollama's scan knows only what it has passed.
    private static string? OfKey(string key, string architecture) =>
        key == $"{architecture}.vision.block_count" ? Capability.Vision : key == $"{architecture}.audio.block_count" ? Capability.Audio : null;

    private static GgufFile? ReadSummary(StoredModel model)
    {
        if (model.ModelPath is null)
        {
            return null;
        }

        try
        {
            return model.ReadWeights(GgufDetail.Summary);
        }
        catch (InferenceException)
        {
            return null;
        }
    }

    private static bool TakesSound(StoredModel model, string projector)
    {
        try
        {
            var facts = model.ReadGguf(projector).Facts;
            return facts.HasAudioEncoder && facts.ProjectorType is not "gemma3nv";
        }
        catch (InferenceException)
        {
            return false;
        }
    }

    private static bool IsNemotronOmni(StoredModel model, GgufFile? weights)
    {
        const string Name = "nemotron_h_omni";
        return weights?.Architecture is Name || model.Config.Family is Name || model.Config.Families?.Contains(Name) is true;
    }

    // What its safetensors form does not have yet.
    private static void RemoveUnusable(CapabilityList list, StoredModel model)
    {
        var isGemma4 = model.Config.Format is "safetensors" && model.Config.Renderer.StartsWith("gemma4", StringComparison.Ordinal);
        list.Remove(Capability.Vision, isGemma4);
        list.Remove(Capability.Audio, isGemma4);
    }
}
