using Inference.Facade.Ollama;
using Microsoft.Extensions.Primitives;

namespace Inference.Server.Browsers;

/// <summary>
/// What web pages may do: nothing, unless their origin may call (CORS), and nothing under a name that is not this machine's while the
/// server listens on the loopback interface only. Answers are Ollama's for every path. Between routing and the endpoints.
/// </summary>
internal sealed class BrowserGuard(RequestDelegate next, Origins origins, bool loopbackOnly)
{
    private const string Methods = "GET,POST,PUT,PATCH,DELETE,HEAD,OPTIONS";
    private const string Headers =
        "Authorization,Content-Type,User-Agent,Accept,X-Requested-With,Openai-Beta,X-Stainless-Arch,X-Stainless-Async,X-Stainless-Custom-Poll-Interval,"
        + "X-Stainless-Helper-Method,X-Stainless-Lang,X-Stainless-Os,X-Stainless-Package-Version,X-Stainless-Poll-Helper,X-Stainless-Retry-Count,"
        + "X-Stainless-Runtime,X-Stainless-Runtime-Version,X-Stainless-Timeout";

    // What gRPC-Web clients send and must be able to read, on the paths that Ollama does not have.
    private const string GrpcWebHeaders = ",X-Grpc-Web,X-User-Agent,Grpc-Timeout,X-Request-Id";
    private const string GrpcWebAnswers = "Grpc-Status,Grpc-Message,Grpc-Status-Details-Bin,X-Request-Id";

    private static readonly StringValues PreflightVary = new(["Origin", "Access-Control-Request-Method", "Access-Control-Request-Headers"]);

    public Task InvokeAsync(HttpContext http)
    {
        if (OllamaRouter.IsNativeGrpc(http.Request))
        {
            return next(http); // no page can send it, and a mesh calls under names of its own
        }

        TellMethods(http);
        if ((Cors(http) ?? Host(http)) is not { } status)
        {
            return next(http);
        }

        http.Response.StatusCode = status;
        http.Response.ContentLength = status is StatusCodes.Status403Forbidden ? 0 : null;
        return Task.CompletedTask;
    }

    // gin sets it before its middleware runs: also a refusal has it.
    private static void TellMethods(HttpContext http)
    {
        if (http.Features.Get<OllamaMiss>()?.Allow is { } allow)
        {
            http.Response.Headers.Allow = allow;
        }
    }

    /// <returns>The status that the request ends with; null if it goes on.</returns>
    private int? Cors(HttpContext http)
    {
        var (request, response) = (http.Request, http.Response.Headers);
        var origin = request.Headers.Origin.ToString();
        if (origin.Length == 0 || origin == $"http://{request.Host.Value}" || origin == $"https://{request.Host.Value}")
        {
            return null;
        }

        if (!origins.Allow(origin))
        {
            return StatusCodes.Status403Forbidden;
        }

        response.AccessControlAllowOrigin = origins.Any ? "*" : origin;
        var ours = OllamaRouter.IsOfOtherDoors(request);
        if (request.Method != "OPTIONS")
        {
            response.Vary = origins.Any ? default : "Origin";
            response.AccessControlExposeHeaders = ours ? GrpcWebAnswers : default;
            return null;
        }

        response.Vary = origins.Any ? default : PreflightVary;
        response.AccessControlAllowMethods = Methods;
        response.AccessControlAllowHeaders = ours ? Headers + GrpcWebHeaders : Headers;
        response.AccessControlMaxAge = "43200";
        return StatusCodes.Status204NoContent;
    }

    private int? Host(HttpContext http)
    {
        if (!loopbackOnly || http.Connection.LocalIpAddress is null) // a Unix socket has none, and no page gets there
        {
            return null;
        }

        return HostNames.Of(http.Request.Host.Value ?? "") switch
        {
            HostKind.Foreign => StatusCodes.Status403Forbidden,
            HostKind.Name when http.Request.Method == "OPTIONS" => StatusCodes.Status204NoContent,
            _ => null,
        };
    }
}
