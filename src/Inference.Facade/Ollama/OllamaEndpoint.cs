using Inference.Errors;
using Microsoft.AspNetCore.Http;

namespace Inference.Facade.Ollama;

/// <summary>A route of Ollama's.</summary>
/// <param name="Path">The path, as gin has it: a part that begins with a colon is a parameter, and becomes a route value.</param>
/// <param name="Methods">The methods.</param>
/// <param name="Route">Whose words its errors have.</param>
/// <param name="Handle">Answers; what it throws is answered here.</param>
internal sealed record OllamaEndpoint(string Path, string[] Methods, OllamaRoute Route, Func<OllamaExchange, Task> Handle)
{
    private const string NotFound = "404 page not found";
    private const string NotAllowed = "405 method not allowed";

    /// <summary>What gin says where there is nothing.</summary>
    public static Task NotFoundAsync(HttpContext http) => new OllamaExchange(http, OllamaRoute.Other).PageAsync(404, OllamaTypes.Page, NotFound);

    /// <summary>What gin says where there is something, but for other methods.</summary>
    public static Task NotAllowedAsync(HttpContext http, string allow)
    {
        http.Response.Headers.Allow = allow;
        return new OllamaExchange(http, OllamaRoute.Other).PageAsync(405, OllamaTypes.Page, NotAllowed);
    }

    public async Task HandleAsync(HttpContext http)
    {
        var exchange = new OllamaExchange(http, Route);
        try
        {
            await Handle(exchange);
        }
        catch (Exception thrown)
        {
            await exchange.FailAsync(thrown);
        }
    }
}
