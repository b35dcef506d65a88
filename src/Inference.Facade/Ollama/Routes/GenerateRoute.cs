using Inference.Errors;
using Inference.Facade.Ollama.Replies;
using Inference.Facade.Ollama.Requests;
using Inference.Services;
using Inference.V1;

namespace Inference.Facade.Ollama.Routes;

/// <summary>POST /api/generate.</summary>
internal static class GenerateRoute
{
    public static async Task HandleAsync(OllamaExchange exchange)
    {
        var call = await exchange.ReadAsync(GenerateCall.Shape, new GenerateCall());
        call.CheckTopLogprobs();
        var model = call.Request.Model;
        if (string.IsNullOrWhiteSpace(model))
        {
            throw Catalogue.ModelNotFound.For(model);
        }

        var options = OllamaOptions.From(call.Options);
        exchange.Warn(options.Warnings);
        if (call.Request.Prompt.Length == 0)
        {
            await LoadAsync(exchange, call, options);
            return;
        }

        new ModelChecks(exchange, model).Before(options.Problem ?? OllamaFormat.Problem(call.Format), call.Needs(), call.MixesRaw, call.Streams);
        var request = call.ToContract(options);
        if (call.RenderOnly)
        {
            var rendered = await exchange.Service<Generation>().RenderPromptAsync(new RenderPromptRequest { Generate = request }, exchange.Call, exchange.Aborted);
            await exchange.ReplyAsync(model, json => GenerateReply.Rendered(json, rendered));
        }
        else if (call.Streams)
        {
            var stream = new GenerateStream(exchange, exchange.Stream(model));
            await exchange.Service<Generation>().GenerateAsync(request, exchange.Call, stream, exchange.Aborted);
        }
        else
        {
            var whole = new WholeAnswer(exchange);
            await exchange.Service<Generation>().GenerateAsync(request, exchange.Call, whole, exchange.Aborted);
            await exchange.ReplyAsync(model, json => GenerateReply.Last(json, whole.Text, whole.Thinking, whole.ToolCalls, whole.Finish));
        }
    }

    private static async Task LoadAsync(OllamaExchange exchange, GenerateCall call, OllamaOptions options)
    {
        var model = call.Request.Model;
        var models = exchange.Service<Models>();
        if (call.Unloads)
        {
            await models.UnloadAsync(new UnloadModelRequest { Model = model }, exchange.Call, exchange.Aborted);
            await exchange.ReplyAsync(model, static json => GenerateReply.Empty(json, "unload"));
            return;
        }

        var conflict = call.MixesRaw ? Catalogue.RawModeConflict.For(model) : null;
        new ModelChecks(exchange, model).Before(conflict ?? options.Problem, call.Needs(), call.MixesRaw, streams: false);
        var load = new LoadModelRequest { Model = model, LoadOptions = options.Load, KeepAlive = call.KeepAlive, RequiredCapabilities = { call.Needs() } };
        var loaded = await models.LoadAsync(load, exchange.Call, exchange.Aborted);
        exchange.Warn(loaded.Warnings);
        await exchange.ReplyAsync(model, static json => GenerateReply.Empty(json, "load"));
    }
}
