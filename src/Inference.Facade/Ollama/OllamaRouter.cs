using Inference.Facade.Ollama.Paths;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace Inference.Facade.Ollama;

/// <summary>
/// What stands before Ollama's middleware there: net/http's ServeMux, which sends a path that is not clean to the clean one, and gin's
/// router. Both answer redirects before hosts and origins are looked at.
/// </summary>
internal sealed class OllamaRouter(RequestDelegate next, EndpointDataSource endpoints)
{
    // All endpoints are known once the first request comes.
    private readonly Lazy<GinRoutes<Endpoint>> _routes = new(() => Collect(endpoints));

    public Task InvokeAsync(HttpContext http)
    {
        var request = http.Request;
        if (IsNativeGrpc(request))
        {
            return next(http); // it names a method, no path
        }

        var target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (target == "*")
        {
            return AnswerStarAsync(http);
        }

        // Over HTTP/2 nobody has looked at it yet.
        var url = GoUrl.Parse(target) ?? new GoUrl();
        var isConnect = request.Method == "CONNECT";
        if (!isConnect && CleanPath(url.EscapedPath) is var clean && clean != url.EscapedPath)
        {
            // It takes the escaped path for an unescaped one, and so escapes it twice (net/http, server.go: findHandler).
            var cleaned = GoPath.Escape(clean) + (url.Query == "?" ? "" : url.Query);
            return GoRedirect.AnswerAsync(http, StatusCodes.Status307TemporaryRedirect, cleaned, url.Path);
        }

        return IsOfOtherDoors(request) || IsGrpc(request) ? next(http) : RouteAsync(http, url);
    }

    public static bool IsNativeGrpc(HttpRequest request) =>
        HttpProtocol.IsHttp2(request.Protocol) && IsGrpc(request) && !request.ContentType!.StartsWith("application/grpc-web", StringComparison.Ordinal);

    /// <summary>Whether a path belongs to the services over JSON or gRPC-Web: Ollama has none that begins so.</summary>
    public static bool IsOfOtherDoors(HttpRequest request) =>
        request.Path.Value is { } path && (path.StartsWith("/inference", StringComparison.Ordinal) || path.StartsWith("/grpc.", StringComparison.Ordinal));

    private static bool IsGrpc(HttpRequest request) => request.ContentType?.StartsWith("application/grpc", StringComparison.Ordinal) == true;

    private Task RouteAsync(HttpContext http, GoUrl url)
    {
        var choice = _routes.Value.Find(http.Request.Method, url.Path);
        if (choice.IsRedirect)
        {
            return GoRedirect.OtherSlashAsync(http, url);
        }

        http.SetEndpoint(choice.Route);
        foreach (var (name, value) in choice.Parameters ?? [])
        {
            http.Request.RouteValues[name] = System.Text.Encoding.UTF8.GetString(System.Text.Encoding.Latin1.GetBytes(value));
        }

        http.Features.Set(choice.Route is null ? new OllamaMiss(choice.Allow) : null);
        return next(http);
    }

    private static string CleanPath(string path) => GoPath.CleanKeepingSlash(path.StartsWith('/') ? path : $"/{path}");

    // net/http: OPTIONS * asks what the server can, and is told nothing; nothing else has such a target.
    private static Task AnswerStarAsync(HttpContext http)
    {
        http.Response.ContentLength = 0;
        if (http.Request.Method != "OPTIONS")
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            http.Response.Headers.Connection = "close";
        }

        return Task.CompletedTask;
    }

    private static GinRoutes<Endpoint> Collect(EndpointDataSource endpoints)
    {
        var routes = new GinRoutes<Endpoint>();
        foreach (var endpoint in endpoints.Endpoints)
        {
            if (endpoint.Metadata.GetMetadata<OllamaEndpoint>() is { } own)
            {
                Array.ForEach(own.Methods, method => routes.Add(method, own.Path, endpoint));
            }
        }

        return routes;
    }
}

/// <summary>Ollama has no route for a request.</summary>
/// <param name="Allow">The methods that have one for its path; null without any.</param>
internal sealed record OllamaMiss(string? Allow);
