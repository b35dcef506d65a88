using System.Text;
using Inference.Errors;
using Inference.Facade.Ollama.Routes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Inference.Facade.Ollama;

/// <summary>Puts Ollama's routes into a host.</summary>
public static class OllamaSetup
{
    /// <summary>The version of Ollama whose wire this is: what /api/version answers, because clients ask for a lowest version.</summary>
    public const string Version = "0.32.15";

    private static readonly OllamaEndpoint[] Endpoints =
    [
        new("/", ["HEAD", "GET"], OllamaRoute.Other, static x => x.PageAsync(200, OllamaTypes.Text, "Ollama is running")),
        new("/api/version", ["HEAD", "GET"], OllamaRoute.Other, static x => x.ReplyAsync(static json => json.Raw(Encoding.UTF8.GetBytes($$"""{"version":"{{Version}}"}""")))),
        new("/api/tags", ["HEAD", "GET"], OllamaRoute.Other, ModelRoutes.TagsAsync),
        new("/api/ps", ["GET"], OllamaRoute.Other, ModelRoutes.RunningAsync),
        new("/api/show", ["POST"], OllamaRoute.Show, ModelRoutes.ShowAsync),
        new("/api/generate", ["POST"], OllamaRoute.Generate, GenerateRoute.HandleAsync),
        new("/api/chat", ["POST"], OllamaRoute.Chat, ChatRoute.HandleAsync),
        new("/api/embed", ["POST"], OllamaRoute.Embed, EmbedRoutes.EmbedAsync),
        new("/api/embeddings", ["POST"], OllamaRoute.Embeddings, EmbedRoutes.EmbeddingsAsync),
        .. UpkeepRoutes.Endpoints,
    ];

    public static IEndpointRouteBuilder MapOllama(this IEndpointRouteBuilder routes)
    {
        foreach (var endpoint in Endpoints)
        {
            routes.Map(endpoint.Path, endpoint.HandleAsync).WithDisplayName(endpoint.Path).WithMetadata(endpoint);
        }

        return routes;
    }

    /// <summary>Stands between UseRouting and the endpoints: what no endpoint takes gets Ollama's page for it, not an empty answer.</summary>
    public static IApplicationBuilder UseOllama(this IApplicationBuilder app) => app.Use(static (http, next) =>
        http.GetEndpoint() is null ? OllamaEndpoint.NotFoundAsync(http) : next(http));
}
