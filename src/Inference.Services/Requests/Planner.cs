using Inference.Errors;
using Inference.Prompts.GoTemplates;
using Inference.Prompts.Rendering;
using Inference.Runtime;
using Inference.Runtime.Loading;
using Inference.Services.Knowledge;
using Inference.Services.Prompting;
using Inference.Store;
using Inference.Store.Capabilities;
using Inference.V1;
using Capability = Inference.Store.Capabilities.Capability;

namespace Inference.Services.Requests;

/// <summary>Requests, whose fields are checked and whose model is found, become plans. Checks come in Ollama's order (server/routes.go).</summary>
internal static class Planner
{
    /// <param name="request">Checked by its rules.</param>
    /// <param name="model">Its model.</param>
    /// <param name="decode">Tokens of an earlier answer as text; only called to show them.</param>
    /// <param name="time">The clock that templates read.</param>
    public static GenerationPlan ToPlan(this GenerateRequest request, FoundModel model, Func<IReadOnlyList<int>, string> decode, TimeProvider time)
    {
        request.CheckRaw();
        var common = CommonFields.Of(request);
        CheckThinking(common.Thinking, model);
        model.Require(Capability.Completion);
        if (request.Suffix.Length > 0)
        {
            model.Require(Capability.Insert);
        }

        CheckMedia(request.Media.Count > 0, model);
        var thinking = ThinkingChoice.Of(common.Thinking, model.Has(Capability.Thinking), model.Card.ThinksUpToHigh);
        var template = request.Template.Length > 0 ? ParseOwn(request.Template) : TemplateOf(model, isNeeded: !request.Raw);
        var plan = Common(common, model, thinking, template, InTemplate(model, () => GenerateText(request, model, template, thinking, decode, time))) with
        {
            CutsMiddle = request.Truncate,
            ReturnsContext = request.ReturnContext,
        };
        plan.Warnings.AddLeftOut(request);
        return plan;
    }

    /// <param name="request">Checked by its rules.</param>
    /// <param name="model">Its model.</param>
    /// <param name="time">The clock that templates read.</param>
    public static GenerationPlan ToPlan(this ChatRequest request, FoundModel model, TimeProvider time)
    {
        var common = CommonFields.Of(request);
        CheckThinking(common.Thinking, model);
        model.Require(Capability.Completion);
        var tools = request.OfferedTools();
        if (tools.Count > 0)
        {
            model.Require(Capability.Tools);
        }

        CheckMedia(request.Messages.HasMedia(), model);
        var thinking = ThinkingChoice.Of(common.Thinking, model.Has(Capability.Thinking), model.Card.ThinksUpToHigh);
        var template = TemplateOf(model, isNeeded: true);
        if (tools.Count > 0 && !template.UsesTools)
        {
            throw Catalogue.FeatureUnsupported.For("a chat template in Jinja notation, which this model has for its tools,");
        }

        var prompt = ForTemplate(new(WithStored(request.Messages, model.Stored), tools, thinking.Setting), model);
        return Common(common, model, thinking, template, InTemplate(model, () => new Conversation(template, prompt, time))) with
        {
            Tools = tools,
            CallsOnce = request is { HasParallelToolCalls: true, ParallelToolCalls: false },
            DropsMessages = request.Truncate,
            CutsMiddle = request is { Truncate: true, Shift: true },
        };
    }

    /// <summary>How to load the model.</summary>
    public static LoadPlan ToLoadPlan(this LoadOptions? request, StoredParameters stored, Google.Protobuf.WellKnownTypes.Duration? keepAlive, Warnings warnings)
    {
        if (request is { HasDraftNumPredict: true } ? request.DraftNumPredict > 0 : stored.Load.DraftNumPredict > 0)
        {
            warnings.Add(WarningCatalogue.DraftDisabled("this server has no speculative decoding"));
        }

        return new LoadPlan(request.ToSettings(stored.Load), request is not null, keepAlive.ToKeepAlive(new FieldErrors()));
    }

    public static QueuePriority ToRuntime(this Priority priority) => priority switch
    {
        Priority.Unspecified or Priority.Normal => QueuePriority.Normal,
        Priority.Low => QueuePriority.Low,
        Priority.High => QueuePriority.High,
        _ => throw new ArgumentOutOfRangeException(nameof(priority), priority, message: null),
    };

    private static GenerationPlan Common(CommonFields common, FoundModel model, ThinkingChoice thinking, PromptTemplate template, Prompt prompt)
    {
        if (common.LoraAdapters.Count > 0)
        {
            throw Catalogue.FeatureUnsupported.For("lora_adapters");
        }

        var stored = model.Parameters();
        var warnings = new Warnings();
        warnings.AddUnknown(stored);
        warnings.Add(thinking.Warnings);
        if (common.Stream.ToolCallDeltas)
        {
            warnings.Add(WarningCatalogue.OptionIgnored("stream_options.tool_call_deltas", "tool calls are sent when they are complete"));
        }

        return new GenerationPlan
        {
            Model = model,
            Prompt = prompt,
            Template = template,
            Thinking = thinking,
            Sampling = SamplingChoice.Of(common.Options, stored.Sampling, warnings),
            Grammar = Grammars.Of(common.Format),
            Load = common.LoadOptions.ToLoadPlan(stored, common.KeepAlive, warnings),
            Shift = common.Shift,
            TopLogprobs = common.Logprobs?.Top,
            Priority = common.Priority.ToRuntime(),
            Strict = common.Strict,
            Stream = common.Stream,
            Warnings = warnings,
        };
    }

    // Some families do not see their earlier thinking again.
    private static ChatPrompt ForTemplate(ChatPrompt prompt, FoundModel model) =>
        prompt with { Family = model.Stored.Config.Family, ModelName = model.Stored.Name.Model };

    private static TextPrompt GenerateText(
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

    private static void CheckThinking(Thinking? thinking, FoundModel model)
    {
        if (ThinkingChoice.IsAskedFor(thinking))
        {
            model.Require(Capability.Thinking);
        }
    }

    private static void CheckMedia(bool hasMedia, FoundModel model)
    {
        if (!hasMedia)
        {
            return;
        }

        if (!model.Has(Capability.Audio))
        {
            model.Require(Capability.Vision);
        }

        throw Catalogue.FeatureUnsupported.For("input of images and sounds");
    }

    // What would have to render or read the model's format, and is not here, is said before the model is loaded.
    private static PromptTemplate TemplateOf(FoundModel model, bool isNeeded)
    {
        var config = model.Stored.Config;
        if (isNeeded && config.Renderer.Length > 0)
        {
            throw Catalogue.FeatureUnsupported.For($"the built-in renderer '{config.Renderer}', which this model needs,");
        }

        if (isNeeded && model.Card.Path.UsesHarmony)
        {
            throw Catalogue.FeatureUnsupported.For("the message format of gpt-oss (harmony)");
        }

        if (isNeeded && model.Stored.Template is null && model.Card.JinjaTemplate.Length > 0)
        {
            throw Catalogue.FeatureUnsupported.For("a chat template in Jinja notation, the only one this model has,");
        }

        return InTemplate(model, () => model.Card.Template);
    }

    private static PromptTemplate ParseOwn(string text)
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
