using Inference.Errors;
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
        call.CheckTopLogprobs();
        var model = call.Request.Model;
        if (string.IsNullOrWhiteSpace(model))
        {
            throw Catalogue.FieldRequired.For("model");
        }

        var options = OllamaOptions.From(call.Options);
        exchange.Warn(options.Warnings);
        if (call.Messages.Count == 0)
        {
            await LoadAsync(exchange, call, options);
            return;
        }

        new ModelChecks(exchange, model).Before(options.Problem ?? OllamaFormat.Problem(call.Format), call.Needs(), mixesRaw: false, call.Streams);
        var request = call.ToContract(options);
        if (call.RenderOnly)
        {
            var rendered = await exchange.Service<Generation>().RenderPromptAsync(new RenderPromptRequest { Chat = request }, exchange.Call, exchange.Aborted);
            await exchange.ReplyAsync(model, json => ChatReply.Rendered(json, rendered));
        }
        else if (call.Streams)
        {
            var stream = new ChatStream(exchange, exchange.Stream(model));
            await exchange.Service<Generation>().ChatAsync(request, exchange.Call, stream, exchange.Aborted);
        }
        else
        {
            var whole = new WholeAnswer(exchange);
            await exchange.Service<Generation>().ChatAsync(request, exchange.Call, whole, exchange.Aborted);
            // Calls that nobody offered tools for are dropped, in this form only.
            var calls = call.Tools.Count > 0 ? whole.ToolCalls : [];
            await exchange.ReplyAsync(model, json => ChatReply.Last(json, whole.Text, whole.Thinking, calls, whole.Finish));
        }
    }

    // Unlike generate, chat lets go of a model before it finds out that the model lives elsewhere.
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

    private static async Task LoadAsync(OllamaExchange exchange, ChatCall call, OllamaOptions options)
    {
        var model = call.Request.Model;
        if (call.Unloads)
        {
            await UnloadAsync(exchange, model);
            await exchange.ReplyAsync(model, static json => ChatReply.Empty(json, "unload"));
            return;
        }

        new ModelChecks(exchange, model).Before(options.Problem, call.Needs(), mixesRaw: false, streams: false);
        var load = new LoadModelRequest { Model = model, LoadOptions = options.Load, KeepAlive = call.KeepAlive, RequiredCapabilities = { call.Needs() } };
        var loaded = await exchange.Service<Models>().LoadAsync(load, exchange.Call, exchange.Aborted);
        exchange.Warn(loaded.Warnings);
        await exchange.ReplyAsync(model, static json => ChatReply.Empty(json, "load"));
    }
}
