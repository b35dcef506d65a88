using Inference.Errors;
using Inference.Facade.Ollama.Remote;
using Inference.Facade.Ollama.Replies;
using Inference.Facade.Ollama.Requests;
using Inference.Services;
using Inference.V1;

namespace Inference.Facade.Ollama.Routes;

/// <summary>GET /api/tags, GET /api/ps and POST /api/show.</summary>
internal static class ModelRoutes
{
    public static Task TagsAsync(OllamaExchange exchange)
    {
        var models = Pages(exchange.Service<Models>());
        return exchange.ReplyAsync(json => ModelReplies.WriteTags(json, models, exchange.Time.LocalTimeZone));
    }

    public static Task RunningAsync(OllamaExchange exchange)
    {
        var running = exchange.Service<Models>().ListRunning().Models;
        return exchange.ReplyAsync(json => ModelReplies.WriteRunning(json, running, exchange.Time));
    }

    public static async Task ShowAsync(OllamaExchange exchange)
    {
        var call = await exchange.ReadAsync(ShowCall.Shape, new ShowCall());
        var name = call.Model.Length > 0 ? call.Model : call.Name;
        if (string.IsNullOrWhiteSpace(name))
        {
            throw Catalogue.FieldRequired.For("model");
        }

        if (await CloudRelay.TryAsync(exchange, name, CloudRelay.Showing))
        {
            return;
        }

        var shown = exchange.Service<Models>().Get(new GetModelRequest { Model = name, View = call.Verbose ? ModelView.Full : ModelView.Metadata });
        // An editor's extension reads the model's name there (server/routes.go, ShowHandler).
        if (exchange.UserAgent.StartsWith("GitHubCopilotChat/", StringComparison.Ordinal))
        {
            shown.Metadata["general.basename"] = new GgufValue { StringValue = name };
        }

        var modelfile = ModelfileEdit.Apply(shown.Modelfile, call.System, call.Options);
        shown.System = call.System.Length > 0 ? call.System : shown.System;
        await exchange.ReplyAsync(json => ShowReply.Write(json, shown, modelfile, exchange.Time.LocalTimeZone));
    }

    /// <summary>All models.</summary>
    public static List<Model> Pages(Models models)
    {
        var all = new List<Model>();
        var request = new ListModelsRequest();
        do
        {
            var page = models.List(request);
            all.AddRange(page.Models);
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);
        return all;
    }
}
