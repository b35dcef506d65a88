namespace Inference.Store.Capabilities;

/// <summary>Whether Go templates are used: OLLAMA_GO_TEMPLATE.</summary>
public enum GoTemplateMode
{
    /// <summary>Not set: the more capable template wins.</summary>
    Auto,
    Always,
    Never,
}

/// <summary>
/// By which template a model is spoken to. Rules: Ollama's server/routes.go (usesOllamaRenderedChat, shouldUseGoTemplate) and
/// server/images.go (shouldPreferChatTemplate).
/// </summary>
public sealed record PromptPath
{
    /// <summary>A Go template, a renderer or harmony makes the prompt. Otherwise the Jinja template of the weights does.</summary>
    public required bool IsRendered { get; init; }

    /// <summary>The model has a Go template, and it is the one in use.</summary>
    public required bool UsesGoTemplate { get; init; }

    /// <summary>gpt-oss with its own message format.</summary>
    public required bool UsesHarmony { get; init; }

    /// <param name="model">The model.</param>
    /// <param name="chatTemplate">The Jinja template of its weights; empty if they have none.</param>
    /// <param name="template">What its Go template says.</param>
    /// <param name="mode">Whether Go templates are used.</param>
    public static PromptPath Of(StoredModel model, string chatTemplate, TemplateFacts template, GoTemplateMode mode = GoTemplateMode.Auto)
    {
        var harmony = UsesHarmonyFormat(model);
        var config = model.Config;
        var usesGoTemplate = model.Template is not null && mode switch
        {
            GoTemplateMode.Always => true,
            GoTemplateMode.Never => false,
            _ => chatTemplate.Length == 0 || config.Renderer.Length > 0 || config.Parser.Length > 0 || harmony || !PrefersChatTemplate(chatTemplate, model.Template, template),
        };
        return new PromptPath
        {
            UsesHarmony = harmony,
            UsesGoTemplate = usesGoTemplate,
            IsRendered = config.Renderer.Length > 0 || config.Parser.Length > 0 || harmony || usesGoTemplate || !config.IsGguf,
        };
    }

    internal static bool IsGptOss(StoredModel model) => model.Config.Family is "gptoss" or "gpt-oss";

    private static bool UsesHarmonyFormat(StoredModel model) =>
        IsGptOss(model) && model.Template is { } text && text.Contains("<|start|>", StringComparison.Ordinal) && text.Contains("<|end|>", StringComparison.Ordinal);

    private static bool PrefersChatTemplate(string chatTemplate, string goTemplate, TemplateFacts facts)
    {
        var jinja = ChatTemplate.Capabilities(chatTemplate).ToList();
        var go = facts.Capabilities().ToList();
        if (jinja.Count > go.Count)
        {
            return !HasToolRoundTrip(goTemplate, facts) || ChatTemplate.HasToolRoundTrip(chatTemplate);
        }

        return jinja.Count == go.Count && jinja.TrueForAll(go.Contains) && jinja.Contains(Capability.Tools)
            && ChatTemplate.HasToolRoundTrip(chatTemplate) && !HasToolRoundTrip(goTemplate, facts);
    }

    private static bool HasToolRoundTrip(string goTemplate, TemplateFacts facts) =>
        facts is { Tools: true, ToolCalls: true }
        && (goTemplate.Contains("eq .Role \"tool\"", StringComparison.Ordinal)
            || goTemplate.Contains("tool_response", StringComparison.Ordinal)
            || goTemplate.Contains("TOOL_RESULTS", StringComparison.Ordinal));
}
