using System.Net;
using Inference.Errors;
using Microsoft.AspNetCore.Http;

namespace Inference.Facade.Ollama;

/// <summary>A path of Ollama's, as gin serves it: letter for letter, with pages of its own for what it does not serve.</summary>
/// <param name="Path">The path. Its last segment may be a parameter, which any text but an empty one fills.</param>
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
        if (!IsSpelling(http.Request.Path.Value ?? ""))
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

    private bool IsSpelling(string path)
    {
        var fixedPart = Path.AsSpan(0, Path.IndexOf('{', StringComparison.Ordinal) is >= 0 and var parameter ? parameter : Path.Length);
        return fixedPart.Length == Path.Length
            ? path.Equals(Path, StringComparison.Ordinal)
            : path.Length > fixedPart.Length && path.StartsWith(fixedPart, StringComparison.Ordinal) && !path.AsSpan(fixedPart.Length).Contains('/');
    }

    // ASP.NET matches whatever the case and with a slash too many; gin redirects the one and knows nothing of the other.
    private Task OtherSpellingAsync(HttpContext http, OllamaExchange exchange)
    {
        if (http.Request.Path.Value is not [.. var path, '/'] || !IsSpelling(path))
        {
            return exchange.PageAsync(404, OllamaTypes.Page, NotFound);
        }

        var target = path + http.Request.QueryString;
        return HttpMethods.IsGet(http.Request.Method)
            ? exchange.RedirectAsync(301, target, $"<a href=\"{WebUtility.HtmlEncode(target)}\">Moved Permanently</a>.\n\n")
            : exchange.RedirectAsync(307, target);
    }
}
