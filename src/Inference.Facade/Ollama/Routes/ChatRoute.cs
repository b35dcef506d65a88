using Inference.Errors;
using Inference.Facade.Ollama.Remote;
using Inference.Facade.Ollama.Replies;
using Inference.Facade.Ollama.Requests;
using Inference.Services;
using Inference.V1;

namespace Inference.Facade.Ollama.Routes;

/// <summary>POST /api/chat.</summary>
internal static class ChatRoute
{
    public static async Task HandleAsync(OllamaExchange exchange)
    {
        var call = await exchange.ReadAsync(ChatCall.Shape, new ChatCall());
        await RunAsync(exchange, call, new ChatAnswers(exchange), () => ElsewhereAsync(exchange, call));
    }

    /// <param name="exchange">The request, which has been read.</param>
    /// <param name="call">What it says.</param>
    /// <param name="answers">How it is answered.</param>
    /// <param name="elsewhere">Answers for a model that another server runs, and says whether it did; without one such a model is run as any other.</param>
    public static async Task RunAsync(OllamaExchange exchange, ChatCall call, IAnswers answers, Func<Task<bool>>? elsewhere = null)
    {
        call.CheckTopLogprobs();
        var model = call.Request.Model;
        if (string.IsNullOrWhiteSpace(model))
        {
            throw Catalogue.FieldRequired.For("model");
        }

        if (elsewhere is not null && await elsewhere())
        {
            return;
        }

        var options = OllamaOptions.From(call.Options);
        exchange.WarnOf(options);
        if (call.Messages.Count == 0)
        {
            await LoadAsync(exchange, call, options, answers);
            return;
        }

        new ModelChecks(exchange, model).Before(options.Problem ?? OllamaFormat.Problem(call.Format), call.Needs(), mixesRaw: false, call.Streams);
        var request = call.ToContract(options);
        if (answers.Refusal is { } refusal)
        {
            await exchange.Service<Generation>().CheckAsync(request, exchange.Call, exchange.Aborted);
            throw refusal;
        }

        if (call.RenderOnly)
        {
            var rendered = await exchange.Service<Generation>().RenderPromptAsync(new RenderPromptRequest { Chat = request }, exchange.Call, exchange.Aborted);
            await answers.RenderedAsync(model, rendered);
        }
        else if (call.Streams)
        {
            await exchange.Service<Generation>().ChatAsync(request, exchange.Call, answers.Stream(model), exchange.Aborted);
        }
        else
        {
            // Calls that nobody offered tools for are dropped, in this form only.
            var whole = new WholeAnswer(exchange) { HasTools = call.Tools.Count > 0 };
            await exchange.Service<Generation>().ChatAsync(request, exchange.Call, whole, exchange.Aborted);
            await answers.WholeAsync(model, whole);
        }
    }

    // Unlike generate, chat lets go of a model before it finds out that the model lives elsewhere.
    private static Task<bool> ElsewhereAsync(OllamaExchange exchange, ChatCall call) => call.Messages.Count == 0 && call.Unloads
        ? CloudRelay.TryAsync(exchange, call.Request.Model)
        : RemoteRelay.TryAsync(exchange, RemoteReply.Chat, call.Request.Model, call.Streams);

    private static async Task UnloadAsync(OllamaExchange exchange, string model)
    {
        try
        {
            await exchange.Service<Models>().UnloadAsync(new UnloadModelRequest { Model = model }, exchange.Call, exchange.Aborted);
        }
        catch (InferenceException e) when (e.Error.Facts["model"].Length > 0 && (e.Error.Kind == Catalogue.RemoteDisabled || e.Error.Kind == Catalogue.RemoteModelUnsupported))
        {
            // It is in the store, which is all that is asked here.
        }
    }

    private static async Task LoadAsync(OllamaExchange exchange, ChatCall call, OllamaOptions options, IAnswers answers)
    {
        var model = call.Request.Model;
        if (call.Unloads)
        {
            await UnloadAsync(exchange, model);
            await answers.EmptyAsync(model, "unload");
            return;
        }

        new ModelChecks(exchange, model).Before(options.Problem ?? answers.Refusal, call.Needs(), mixesRaw: false, streams: false);
        var load = new LoadModelRequest { Model = model, LoadOptions = options.Load, KeepAlive = call.KeepAlive, RequiredCapabilities = { call.Needs() } };
        var loaded = await exchange.Service<Models>().LoadAsync(load, exchange.Call, exchange.Aborted);
        exchange.Warn(loaded.Warnings);
        await answers.EmptyAsync(model, "load");
    }
}
