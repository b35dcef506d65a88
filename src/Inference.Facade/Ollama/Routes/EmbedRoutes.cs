using Inference.Errors;
using Inference.Facade.Ollama.Remote;
using Inference.Facade.Ollama.Replies;
using Inference.Facade.Ollama.Requests;
using Inference.Services;
using Inference.V1;

namespace Inference.Facade.Ollama.Routes;

/// <summary>POST /api/embed and, older, /api/embeddings.</summary>
internal static class EmbedRoutes
{
    public static async Task EmbedAsync(OllamaExchange exchange)
    {
        var call = await exchange.ReadAsync(EmbedCall.Shape, new EmbedCall());
        if (await CloudRelay.TryAsync(exchange, call.Model))
        {
            return;
        }

        var answer = await AnswerAsync(exchange, call);
        await exchange.ReplyAsync(json => EmbedReply.Write(json, call.Model, answer));
    }

    /// <param name="exchange">The request, which has been read.</param>
    /// <param name="call">What it says.</param>
    public static async Task<EmbedAnswer> AnswerAsync(OllamaExchange exchange, EmbedCall call)
    {
        if (string.IsNullOrWhiteSpace(call.Model))
        {
            throw Catalogue.ModelNotFound.For(call.Model);
        }

        var checks = new ModelChecks(exchange, call.Model);
        if (call.Inputs is not { } inputs)
        {
            checks.Name();
            throw Catalogue.RequestMalformed.For("invalid input type");
        }

        var options = OllamaOptions.From(call.Options);
        return await AnswerAsync(exchange, checks, options, call.ToContract(options), isEmpty: inputs.Count == 0);
    }

    public static async Task EmbeddingsAsync(OllamaExchange exchange)
    {
        var call = await exchange.ReadAsync(EmbeddingsCall.Shape, new EmbeddingsCall());
        if (string.IsNullOrWhiteSpace(call.Model))
        {
            throw Catalogue.FieldRequired.For("model");
        }

        if (await CloudRelay.TryAsync(exchange, call.Model))
        {
            return;
        }

        var options = OllamaOptions.From(call.Options);
        var checks = new ModelChecks(exchange, call.Model);
        checks.Case();
        var answer = await AnswerAsync(exchange, checks, options, call.ToContract(options), isEmpty: call.Prompt.Length == 0);
        await exchange.ReplyAsync(json => EmbedReply.WriteLegacy(json, answer));
    }

    private static async Task<EmbedAnswer> AnswerAsync(OllamaExchange exchange, ModelChecks checks, OllamaOptions options, EmbedRequest request, bool isEmpty)
    {
        checks.Before(options.Problem, needs: [], mixesRaw: false, streams: false);
        exchange.WarnOf(options);
        var answer = new EmbedAnswer();
        if (!isEmpty)
        {
            await exchange.Service<Embeddings>().EmbedAsync(request, exchange.Call, answer, exchange.Aborted);
            exchange.Warn(answer.Finish.Warnings);
        }
        else
        {
            // Also to let go of it at once: Ollama loads first, and finds out what cannot be loaded.
            var load = new LoadModelRequest { Model = request.Model, LoadOptions = request.LoadOptions, KeepAlive = request.KeepAlive };
            var loaded = await exchange.Service<Models>().LoadAsync(load, exchange.Call, exchange.Aborted);
            exchange.Warn(loaded.Warnings);
        }

        return answer;
    }
}
