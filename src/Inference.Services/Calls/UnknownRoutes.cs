using Inference.Errors;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Inference.Services.Calls;

/// <summary>Paths and methods under /inference that no rpc has: a status like any other failure, not the framework's empty page.</summary>
internal static class UnknownRoutes
{
    public static void MapUnknownRoutes(this IEndpointRouteBuilder routes) =>
        routes.Map("/inference/{**path}", AnswerAsync).WithOrder(int.MaxValue);

    private static Task AnswerAsync(HttpContext http, Telemetry telemetry, RestMethods methods)
    {
        var error = Catalogue.ServiceUnknown.For($"{http.Request.Method} {http.Request.Path}").Error;
        telemetry.Failed(error);
        var allowed = methods.Of(http);
        if (allowed.Length == 0)
        {
            return StatusJson.WriteAsync(http, StatusCodes.Status404NotFound, error);
        }

        http.Response.Headers.Allow = string.Join(", ", allowed);
        return StatusJson.WriteAsync(http, StatusCodes.Status405MethodNotAllowed, error);
    }
}
