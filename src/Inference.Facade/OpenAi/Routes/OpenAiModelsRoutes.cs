using Inference.Errors;
using Inference.Facade.Ollama;
using Inference.Facade.Ollama.Routes;
using Inference.Facade.OpenAi.Replies;
using Inference.Facade.Passthrough;
using Inference.HttpErrors;
using Inference.Services;
using Inference.V1;

namespace Inference.Facade.OpenAi.Routes;

/// <summary>GET /v1/models and GET /v1/models/:model.</summary>
internal static class OpenAiModelsRoutes
{
    public static Task ListAsync(OllamaExchange exchange)
    {
        exchange.Speak(ErrorForm.OpenAi);
        exchange.Understood(OllamaRoute.Other);
        var models = ModelRoutes.Pages(exchange.Service<Models>());
        return exchange.ReplyLineAsync(json => ModelList.Write(json, models));
    }

    public static async Task GetAsync(OllamaExchange exchange)
    {
        var name = exchange.Parameter("model");
        if (await CloudPassthrough.LookAsync(exchange, name))
        {
            return;
        }

        exchange.Speak(ErrorForm.OpenAi);
        exchange.Understood(OllamaRoute.Show);
        if (string.IsNullOrWhiteSpace(name))
        {
            throw Catalogue.FieldRequired.For("model");
        }

        var shown = exchange.Service<Models>().Get(new GetModelRequest { Model = name, View = ModelView.Basic });
        await exchange.ReplyLineAsync(json => ModelList.WriteOne(json, name, shown.Model));
    }
}
