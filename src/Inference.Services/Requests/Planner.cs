using Inference.Errors;
using Inference.Runtime;
using Inference.Runtime.Loading;
using Inference.Services.Knowledge;
using Inference.V1;
using Capability = Inference.Store.Capabilities.Capability;

namespace Inference.Services.Requests;

/// <summary>Requests, whose fields are checked and whose model is found, become plans. Checks come in Ollama's order (server/routes.go).</summary>
internal static class Planner
{
    private const string Jinja = "jinja";

    /// <summary>What Generate alone asks, and first.</summary>
    /// <exception cref="InferenceException">FEATURE_UNSUPPORTED, RAW_MODE_CONFLICT.</exception>
    public static void Admit(this GenerateRequest request, FoundModel model)
    {
        if (model.Has(Capability.Image))
        {
            throw Catalogue.FeatureUnsupported.For("image generation");
        }

        request.CheckRaw();
    }

    /// <param name="request">Checked by its rules.</param>
    /// <param name="model">Its model.</param>
    /// <param name="decode">Tokens of an earlier answer as text; only called to show them.</param>
    /// <param name="time">The clock that templates read.</param>
    public static GenerationPlan ToPlan(this GenerateRequest request, FoundModel model, Func<IReadOnlyList<int>, string> decode, TimeProvider time)
    {
        request.Admit(model);
        var common = CommonFields.Of(request);
        model.Admit([.. Needs(common), .. request.Suffix.Length > 0 ? [Capability.Insert] : Array.Empty<string>()]);
        var thinking = ThinkingOf(common, model);
        var plan = Common(common, model, thinking, () => Renderings.Of(request, model, thinking, decode, time)) with
        {
            CutsMiddle = request.Truncate,
            // One that may not shift is told that, whatever it says of cutting.
            Truncate = request.Truncate || !request.Shift,
            ReturnsContext = request.ReturnContext,
            CheckOwn = () => Renderings.OwnTemplate(request, model),
            IsEarly = request.IsEarly(model),
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
        var tools = request.OfferedTools();
        model.Admit([.. Needs(common), .. tools.Count > 0 ? [Capability.Tools] : Array.Empty<string>()]);
        var thinking = ThinkingOf(common, model);
        return Common(common, model, thinking, () => Renderings.Of(request, model, tools, thinking, time)) with
        {
            Tools = tools,
            CallsOnce = request is { HasParallelToolCalls: true, ParallelToolCalls: false },
            DropsMessages = request.Truncate,
            CutsMiddle = request is { Truncate: true, Shift: true },
            IsEarly = request.IsEarly(model),
            ChatTemplate = model.Card.Path.IsRendered ? "" : Jinja,
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

    private static IEnumerable<string> Needs(CommonFields common) =>
        ThinkingChoice.IsAskedFor(common.Thinking) ? [Capability.Thinking, Capability.Completion] : [Capability.Completion];

    private static ThinkingChoice ThinkingOf(CommonFields common, FoundModel model) =>
        ThinkingChoice.Of(common.Thinking, model.Has(Capability.Thinking), model.Card.ThinksUpToHigh);

    private static GenerationPlan Common(CommonFields common, FoundModel model, ThinkingChoice thinking, Func<Rendering> render)
    {
        var stored = model.Parameters();
        if (common.LoraAdapters.Count > 0)
        {
            throw Catalogue.FeatureUnsupported.For("lora_adapters");
        }

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
            Render = render,
            Thinking = thinking,
            Sampling = SamplingChoice.Of(common.Options, stored.Sampling, warnings),
            Grammar = Grammars.Of(common.Format),
            Load = common.LoadOptions.ToLoadPlan(stored, common.KeepAlive, warnings),
            Truncate = common.Truncate,
            Shift = common.Shift,
            TopLogprobs = common.Logprobs?.Top,
            Priority = common.Priority.ToRuntime(),
            Strict = common.Strict,
            Stream = common.Stream,
            Warnings = warnings,
        };
    }
}
