using Inference.Errors;
using Inference.Prompts.GoTemplates;
using Inference.Prompts.Rendering;
using Inference.Services.Knowledge;
using Inference.Services.Prompting;
using Inference.Store;
using Inference.V1;

namespace Inference.Services.Requests;

/// <summary>What the model reads, and how its answer is to be taken apart.</summary>
/// <param name="Template">Says which tags the model was taught.</param>
/// <param name="Prompt">Rendered.</param>
internal sealed record Rendering(PromptTemplate Template, Prompt Prompt);

/// <summary>
/// Makes prompts of requests. Ollama does so when the model is loaded: what is wrong with a template, or with pictures, is said after
/// what is wrong with loading.
/// </summary>
internal static class Renderings
{
    /// <param name="request">Checked by its rules.</param>
    /// <param name="model">Its model.</param>
    /// <param name="thinking">Whether it thinks.</param>
    /// <param name="decode">Tokens of an earlier answer as text; only called to show them.</param>
    /// <param name="time">The clock that templates read.</param>
    /// <exception cref="InferenceException">TEMPLATE_INVALID, TEMPLATE_FAILED, MEDIA_TOO_MANY, MEDIA_INVALID, CAPABILITY_MISSING, FEATURE_UNSUPPORTED.</exception>
    public static Rendering Of(GenerateRequest request, FoundModel model, ThinkingChoice thinking, Func<IReadOnlyList<int>, string> decode, TimeProvider time)
    {
        var own = OwnTemplate(request, model);
        var media = request.Media.Select(static (m, i) => ($"media[{i}].data", m)).ToList();
        var isEarly = request.IsEarly(model);
        if (isEarly)
        {
            model.CheckMedia(media, isEarly);
        }

        var template = own ?? TemplateOf(model, isNeeded: !request.Raw);
        var prompt = InTemplate(model, () => Text(request, model, template, thinking, decode, time));
        model.CheckMedia(media, isEarly);
        return new Rendering(template, prompt);
    }

    /// <summary>The template that a request has brought itself; null for none.</summary>
    /// <exception cref="InferenceException">MEDIA_TOO_MANY, TEMPLATE_INVALID.</exception>
    public static PromptTemplate? OwnTemplate(GenerateRequest request, FoundModel model)
    {
        model.CheckCount(request.Media.Count);
        return request is { Raw: false, Template.Length: > 0 } ? Parse(request.Template) : null;
    }

    /// <param name="request">Checked by its rules.</param>
    /// <param name="model">Its model.</param>
    /// <param name="tools">What the model gets to see of the tools.</param>
    /// <param name="thinking">Whether it thinks.</param>
    /// <param name="time">The clock that templates read.</param>
    /// <exception cref="InferenceException">TEMPLATE_FAILED, MEDIA_TOO_MANY, MEDIA_INVALID, CAPABILITY_MISSING, FEATURE_UNSUPPORTED.</exception>
    public static Rendering Of(ChatRequest request, FoundModel model, IReadOnlyList<Tool> tools, ThinkingChoice thinking, TimeProvider time)
    {
        var messages = WithStored(request.Messages, model.Stored);
        var isEarly = request.IsEarly(model);
        if (!model.Card.Path.IsRendered)
        {
            model.CheckMedia(request.Messages.Media(), isEarly);
        }

        var template = TemplateOf(model, isNeeded: true);
        if (tools.Count > 0 && !template.UsesTools)
        {
            throw Catalogue.FeatureUnsupported.For("a chat template in Jinja notation, which this model has for its tools,");
        }

        var prompt = InTemplate(model, () => new Conversation(template, ForTemplate(new(messages, tools, thinking.Setting), model), time));
        model.CheckCount(request.Messages.Max(static m => m.Content.Count(static p => p.KindCase is ContentPart.KindOneofCase.Media)));
        model.CheckMedia(request.Messages.Media(), isEarly);
        return new Rendering(template, prompt);
    }

    /// <summary>Whether Ollama's runner makes the prompt before the reply begins: what it finds out then does not yet end a stream.</summary>
    public static bool IsEarly(this GenerateRequest request, FoundModel model) => model.Card.IsPromptOfWeights && !request.Raw;

    /// <summary>The same. One message is handed to the runner as it is; of several Ollama first finds out how many fit.</summary>
    public static bool IsEarly(this ChatRequest request, FoundModel model) =>
        !model.Card.Path.IsRendered && request.Truncate && WithStored(request.Messages, model.Stored).Count > 1;

    internal static ChatMessage ToContract(StoredMessage stored)
    {
        var message = new ChatMessage { Content = { new ContentPart { Text = stored.Content } } };
        switch (stored.Role)
        {
            case "system": message.Role = Role.System; break;
            case "user": message.Role = Role.User; break;
            case "assistant": message.Role = Role.Assistant; break;
            case "tool": message.Role = Role.Tool; break;
            default: message.CustomRole = stored.Role; break;
        }

        return message;
    }

    // Some families do not see their earlier thinking again.
    private static ChatPrompt ForTemplate(ChatPrompt prompt, FoundModel model) =>
        prompt with { Family = model.Stored.Config.Family, ModelName = model.Stored.Name.Model };

    private static TextPrompt Text(
        GenerateRequest request, FoundModel model, PromptTemplate template, ThinkingChoice thinking, Func<IReadOnlyList<int>, string> decode, TimeProvider time)
    {
        if (request.Raw)
        {
            return new TextPrompt(request.Prompt, request.Media.Count, [], static () => "");
        }

        if (request.Suffix.Length > 0)
        {
            var insert = PromptRenderer.Insert(template, new InsertPrompt(request.Prompt, request.Suffix, thinking.Setting), time);
            return new TextPrompt(insert.Text, insert.Media.Count, [], static () => "");
        }

        var rendered = PromptRenderer.Chat(template, ForTemplate(new(GenerateMessages(request, model.Stored), [], thinking.Setting), model), time);
        return new TextPrompt(rendered.Text, rendered.Media.Count, request.Context, () => decode(request.Context));
    }

    private static List<ChatMessage> GenerateMessages(GenerateRequest request, StoredModel model)
    {
        var messages = new List<ChatMessage>();
        var system = request.HasSystem ? request.System : model.System ?? "";
        if (system.Length > 0)
        {
            messages.Add(SystemMessage(system));
        }

        if (request.Context.Count == 0)
        {
            messages.AddRange(model.Messages.Select(ToContract));
        }

        var prompt = new ChatMessage { Role = Role.User };
        prompt.Content.AddRange(request.Media.Select(static m => new ContentPart { Media = m }));
        prompt.Content.Add(new ContentPart { Text = request.Prompt });
        messages.Add(prompt);
        return messages;
    }

    private static List<ChatMessage> WithStored(IReadOnlyList<ChatMessage> messages, StoredModel model)
    {
        List<ChatMessage> all = [.. model.Messages.Select(ToContract), .. messages];
        if (model.System is { Length: > 0 } system && !messages[0].IsSystem())
        {
            all.Insert(0, SystemMessage(system));
        }

        return all;
    }

    private static ChatMessage SystemMessage(string text) => new() { Role = Role.System, Content = { new ContentPart { Text = text } } };

    // What would have to render the model's format, and is not here, says so.
    private static PromptTemplate TemplateOf(FoundModel model, bool isNeeded)
    {
        var config = model.Stored.Config;
        if (isNeeded && config.Renderer.Length > 0)
        {
            throw BuiltInRenderers.Names.Contains(config.Renderer)
                ? Catalogue.FeatureUnsupported.For($"the built-in renderer '{config.Renderer}', which this model needs,")
                : Catalogue.TemplateFailed.For(model.Spelling, $"unknown renderer {GoQuote.Quote(config.Renderer)}");
        }

        if (isNeeded && model.Card.Path.UsesHarmony)
        {
            throw Catalogue.FeatureUnsupported.For("the message format of gpt-oss (harmony)");
        }

        if (isNeeded && model.Stored.Template is null && model.Card.JinjaTemplate.Length > 0)
        {
            throw Catalogue.FeatureUnsupported.For("a chat template in Jinja notation, the only one this model has,");
        }

        return model.Card.Template;
    }

    private static PromptTemplate Parse(string text)
    {
        try
        {
            return PromptTemplate.Parse(text);
        }
        catch (TemplateException e)
        {
            throw Catalogue.TemplateInvalid.Because(e, e.Message);
        }
    }

    private static T InTemplate<T>(FoundModel model, Func<T> use)
    {
        try
        {
            return use();
        }
        catch (TemplateException e)
        {
            throw Catalogue.TemplateFailed.Because(e, model.Spelling, e.Message);
        }
    }
}
