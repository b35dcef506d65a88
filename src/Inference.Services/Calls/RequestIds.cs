using Microsoft.AspNetCore.Http;

namespace Inference.Services.Calls;

/// <summary>Gives each call its id and its time of arrival, and sends the id back. Headers are only set, never flushed.</summary>
internal sealed class RequestIds(RequestDelegate next, TimeProvider time)
{
    public const string Header = "x-request-id";

    // Ids go into logs, headers and statuses; 128 is more than any id in use.
    private const int Longest = 128;

    public Task InvokeAsync(HttpContext http)
    {
        var id = http.Request.Headers[Header] is [{ } given] && IsPlain(given) ? given : Guid.CreateVersion7().ToString("N");
        http.TraceIdentifier = id;
        http.Response.Headers[Header] = id;
        http.Features.Set(new CallInfo(id, time.GetUtcNow()));
        return next(http);
    }

    private static bool IsPlain(string id) => id.Length is > 0 and <= Longest && !id.AsSpan().ContainsAnyExceptInRange('!', '~');
}
