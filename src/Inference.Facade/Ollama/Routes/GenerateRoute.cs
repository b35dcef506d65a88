using Inference.Errors;
using Inference.Facade.Ollama.Remote;
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
        await RunAsync(exchange, call, new GenerateAnswers(exchange), () => RemoteRelay.TryAsync(exchange, RemoteReply.Generate, call.Request.Model, call.Streams));
    }

    /// <param name="exchange">The request, which has been read.</param>
    /// <param name="call">What it says.</param>
    /// <param name="answers">How it is answered.</param>
    /// <param name="elsewhere">Answers for a model that another server runs, and says whether it did; without one such a model is run as any other.</param>
    public static async Task RunAsync(OllamaExchange exchange, GenerateCall call, IAnswers answers, Func<Task<bool>>? elsewhere = null)
    {
        call.CheckTopLogprobs();
        var model = call.Request.Model;
        if (string.IsNullOrWhiteSpace(model))
        {
            throw Catalogue.ModelNotFound.For(model);
        }

        if (elsewhere is not null && await elsewhere())
        {
            return;
        }

        var options = OllamaOptions.From(call.Options);
        exchange.WarnOf(options);
        if (call.Request.Prompt.Length == 0)
        {
            await LoadAsync(exchange, call, options, answers);
            return;
        }

        new ModelChecks(exchange, model).Before(options.Problem ?? OllamaFormat.Problem(call.Format), call.Needs(), call.MixesRaw, call.Streams);
        var request = call.ToContract(options);
        if (call.RenderOnly)
        {
            var rendered = await exchange.Service<Generation>().RenderPromptAsync(new RenderPromptRequest { Generate = request }, exchange.Call, exchange.Aborted);
            await answers.RenderedAsync(model, rendered);
        }
        else if (call.Streams)
        {
            await exchange.Service<Generation>().GenerateAsync(request, exchange.Call, answers.Stream(model), exchange.Aborted);
        }
        else
        {
            var whole = new WholeAnswer(exchange);
            await exchange.Service<Generation>().GenerateAsync(request, exchange.Call, whole, exchange.Aborted);
            await answers.WholeAsync(model, whole);
        }
    }

    private static async Task LoadAsync(OllamaExchange exchange, GenerateCall call, OllamaOptions options, IAnswers answers)
    {
        var model = call.Request.Model;
        var models = exchange.Service<Models>();
        if (call.Unloads)
        {
            await models.UnloadAsync(new UnloadModelRequest { Model = model }, exchange.Call, exchange.Aborted);
            await answers.EmptyAsync(model, "unload");
            return;
        }

        var conflict = call.MixesRaw ? Catalogue.RawModeConflict.For(model) : null;
        new ModelChecks(exchange, model).Before(conflict ?? options.Problem, call.Needs(), call.MixesRaw, streams: false);
        var load = new LoadModelRequest { Model = model, LoadOptions = options.Load, KeepAlive = call.KeepAlive, RequiredCapabilities = { call.Needs() } };
        var loaded = await models.LoadAsync(load, exchange.Call, exchange.Aborted);
        exchange.Warn(loaded.Warnings);
        await answers.EmptyAsync(model, "load");
    }
}
