using System.Net;
using Inference.Errors;
using Microsoft.AspNetCore.Http;

namespace Inference.Facade.Ollama;

/// <summary>A path of Ollama's, as gin serves it: letter for letter, with pages of its own for what it does not serve.</summary>
/// <param name="Path">The path; its last part may be a parameter, in braces.</param>
/// <param name="Methods">The methods, in the order of the Allow header.</param>
/// <param name="Route">Whose words its errors have.</param>
/// <param name="Handle">Answers; what it throws is answered here.</param>
internal sealed record OllamaEndpoint(string Path, string[] Methods, OllamaRoute Route, Func<OllamaExchange, Task> Handle)
{
    private const string NotFound = "404 page not found";
    private const string NotAllowed = "405 method not allowed";

    /// <summary>What gin says where there is nothing.</summary>
    public static Task NotFoundAsync(HttpContext http) => new OllamaExchange(http, OllamaRoute.Other).PageAsync(404, OllamaTypes.Page, NotFound);

    public async Task HandleAsync(HttpContext http)
    {
        var exchange = new OllamaExchange(http, Route);
        if (http.Request.Path.Value is not { } path || !IsAt(path))
        {
            await OtherSpellingAsync(http, exchange);
        }
        else if (!Methods.Contains(http.Request.Method))
        {
            http.Response.Headers.Allow = string.Join(", ", Methods);
            await exchange.PageAsync(405, OllamaTypes.Page, NotAllowed);
        }
        else
        {
            await AnswerAsync(exchange);
        }
    }

    // A parameter holds no slash, however it is written.
    private bool IsAt(string path) => Path.IndexOf('{') is var open and >= 0
        ? path.StartsWith(Path[..open], StringComparison.Ordinal) && path.Length > open && !path[open..].Contains('/') && !path[open..].Contains("%2F", StringComparison.OrdinalIgnoreCase)
        : path.Equals(Path, StringComparison.Ordinal);

    private async Task AnswerAsync(OllamaExchange exchange)
    {
        try
        {
            await Handle(exchange);
        }
        catch (Exception thrown)
        {
            await exchange.FailAsync(thrown);
        }
    }

    // ASP.NET matches whatever the case and with a slash too many; gin redirects the one and knows nothing of the other.
    private Task OtherSpellingAsync(HttpContext http, OllamaExchange exchange)
    {
        if (http.Request.Path.Value != $"{Path}/")
        {
            return exchange.PageAsync(404, OllamaTypes.Page, NotFound);
        }

        var target = Path + http.Request.QueryString;
        return HttpMethods.IsGet(http.Request.Method)
            ? exchange.RedirectAsync(301, target, $"<a href=\"{WebUtility.HtmlEncode(target)}\">Moved Permanently</a>.\n\n")
            : exchange.RedirectAsync(307, target);
    }
}
