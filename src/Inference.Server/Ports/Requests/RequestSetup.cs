using Microsoft.AspNetCore.Http.Features;

namespace Inference.Server.Ports.Requests;

/// <summary>What stands first in the application, so that requests are what was sent.</summary>
internal static class RequestSetup
{
    /// <summary>Gives back what Kestrel was not shown, and ends a call also when its caller has only ended its own side.</summary>
    public static IApplicationBuilder UseIncomingRequests(this IApplicationBuilder app) => app.Use(static async (http, next) =>
    {
        if (http.Features.Get<IncomingRequest>() is not { } incoming)
        {
            await next(http);
            return;
        }

        incoming.Restore(http);
        if (incoming.HasBody)
        {
            http.Response.OnStarting(static state => EndAsync((HttpContext)state), http);
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, incoming.Left);
        http.RequestAborted = either.Token;
        await next(http);
    });

    /// <summary>net/http's answer to an expectation that it does not know.</summary>
    public static IApplicationBuilder UseExpectations(this IApplicationBuilder app) => app.Use(static (http, next) =>
    {
        if (http.Features.Get<IncomingRequest>() is not { ExpectsUnknown: true })
        {
            return next(http);
        }

        http.Response.StatusCode = StatusCodes.Status417ExpectationFailed;
        http.Response.ContentLength = 0;
        http.Response.Headers.Connection = "close";
        return Task.CompletedTask;
    });

    private static Task EndAsync(HttpContext http)
    {
        if (http.Features.GetRequiredFeature<IncomingRequest>().EndsWithAnswer())
        {
            http.Response.Headers.Connection = "close";
        }

        return Task.CompletedTask;
    }
}
