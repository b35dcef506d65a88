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
        new("/api/status", ["GET"], OllamaRoute.Other, AccountRoutes.StatusAsync),
        new("/api/me", ["POST"], OllamaRoute.Account, AccountRoutes.MeAsync),
        new("/api/signout", ["POST"], OllamaRoute.Signout, AccountRoutes.SignOutAsync),
        new("/api/user/keys/:encodedKey", ["DELETE"], OllamaRoute.Signout, AccountRoutes.SignOutAsync),
        new("/api/experimental/web_search", ["POST"], OllamaRoute.Other, AccountRoutes.WebSearchAsync),
        new("/api/experimental/web_fetch", ["POST"], OllamaRoute.Other, AccountRoutes.WebFetchAsync),
        new("/api/experimental/model-recommendations", ["GET"], OllamaRoute.Other, AccountRoutes.RecommendationsAsync),
        .. UpkeepRoutes.Endpoints,
    ];

    public static IEndpointRouteBuilder MapOllama(this IEndpointRouteBuilder routes) => routes.MapOllama(Endpoints);

    /// <summary>
    /// Stands after UseRouting and before everything that refuses: cleans paths, redirects, and chooses the endpoint as Ollama's router does.
    /// It alone takes a request to an Ollama route.
    /// </summary>
    public static IApplicationBuilder UseOllamaRouting(this IApplicationBuilder app) => app.UseMiddleware<OllamaRouter>();

    /// <summary>Stands before the endpoints: what no endpoint takes gets Ollama's page for it, not an empty answer.</summary>
    public static IApplicationBuilder UseOllama(this IApplicationBuilder app) => app.Use(static (http, next) =>
        http.GetEndpoint() is not null ? next(http)
        : http.Features.Get<OllamaMiss>()?.Allow is { } allow ? OllamaEndpoint.NotAllowedAsync(http, allow)
        : OllamaEndpoint.NotFoundAsync(http));

    /// <summary>Maps a table of routes. They have no pattern for ASP.NET, which would take other paths as well.</summary>
    internal static IEndpointRouteBuilder MapOllama(this IEndpointRouteBuilder routes, IEnumerable<OllamaEndpoint> table)
    {
        routes.DataSources.Add(new DefaultEndpointDataSource(table.Select(static e => new Endpoint(e.HandleAsync, new EndpointMetadataCollection(e), e.Path))));
        return routes;
    }
}
