using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Inference.Facade.Ollama.Paths;
using Microsoft.AspNetCore.Http;

namespace Inference.Facade.Ollama;

/// <summary>net/http's Redirect, and gin's use of it. Each char of a path is a byte.</summary>
internal static partial class GoRedirect
{
    /// <summary>gin: to the same path with a slash more or less, below what a proxy says that it took away.</summary>
    public static Task OtherSlashAsync(HttpContext http, GoUrl url)
    {
        var path = url.Path;
        var prefix = GoPath.Clean(http.Request.Headers["X-Forwarded-Prefix"].ToString());
        if (prefix != ".")
        {
            path = $"{Slashes().Replace(Unsafe().Replace(prefix, ""), "/")}/{path}";
        }

        path = path.Length > 1 && path.EndsWith('/') ? path[..^1] : path + "/";
        var status = http.Request.Method == "GET" ? StatusCodes.Status301MovedPermanently : StatusCodes.Status307TemporaryRedirect;
        return AnswerAsync(http, status, url.WithPath(path).ToString(), path);
    }

    /// <param name="http">The request.</param>
    /// <param name="status">301 or 307.</param>
    /// <param name="url">Where to.</param>
    /// <param name="path">The path that a relative <paramref name="url"/> is seen from.</param>
    public static Task AnswerAsync(HttpContext http, int status, string url, string path)
    {
        if (GoUrl.Parse(url) is not { Scheme.Length: > 0 })
        {
            url = Absolute(url, path);
        }

        var (request, response) = (http.Request, http.Response);
        response.StatusCode = status;
        response.Headers.Location = EscapeBeyondAscii(url);
        var isGet = request.Method == "GET";
        if (isGet || request.Method == "HEAD")
        {
            response.ContentType = OllamaTypes.Html;
        }

        var page = isGet ? Encoding.Latin1.GetBytes($"<a href=\"{Escape(url)}\">{(status is 301 ? "Moved Permanently" : "Temporary Redirect")}</a>.\n\n") : [];
        response.ContentLength = request.Method == "HEAD" ? null : page.Length;
        return response.Body.WriteAsync(page).AsTask();
    }

    private static string Absolute(string url, string path)
    {
        url = url.StartsWith('/') ? url : path[..(path.LastIndexOf('/') + 1)] + url;
        var mark = url.IndexOf('?', StringComparison.Ordinal);
        return mark < 0 ? GoPath.CleanKeepingSlash(url) : GoPath.CleanKeepingSlash(url[..mark]) + url[mark..];
    }

    private static string Escape(string url) => url
        .Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal)
        .Replace("\"", "&#34;", StringComparison.Ordinal).Replace("'", "&#39;", StringComparison.Ordinal);

    private static string EscapeBeyondAscii(string url) =>
        url.All(char.IsAscii) ? url : string.Concat(url.Select(static c => char.IsAscii(c) ? c.ToString() : string.Create(CultureInfo.InvariantCulture, $"%{(int)c:x}")));

    [GeneratedRegex("[^a-zA-Z0-9/-]+")]
    private static partial Regex Unsafe();

    [GeneratedRegex("/{2,}")]
    private static partial Regex Slashes();
}
