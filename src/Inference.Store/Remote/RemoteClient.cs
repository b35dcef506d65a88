using System.Globalization;
using System.Net;
using Inference.Errors;
using Inference.Store.Identity;

namespace Inference.Store.Remote;

/// <summary>Asks other servers. Those that know this server by its key get signed requests.</summary>
public sealed class RemoteClient(KeyPair keys, TimeProvider time) : IDisposable
{
    // A body that is passed on stays as it was packed, and a stream lasts as long as it lasts. Dialling: http.DefaultTransport's limit.
    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        UseCookies = false,
        MaxAutomaticRedirections = 10,
        ConnectTimeout = TimeSpan.FromSeconds(30),
        ActivityHeadersPropagator = null, // nobody there is told of our calls
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>Sends it, and returns as soon as there are headers.</summary>
    /// <exception cref="KeyException">It is to be signed, and there is no key.</exception>
    /// <exception cref="InferenceException">REMOTE_UNAVAILABLE.</exception>
    public async Task<HttpResponseMessage> SendAsync(RemoteRequest request, CancellationToken ct)
    {
        var target = request.Path + (request.Query.Length > 0 ? $"?{request.Query}" : "");
        string? authorization = null;
        if (request.HostName.Equals(request.SigningHost, StringComparison.OrdinalIgnoreCase))
        {
            target = $"{request.Path}?{Dated(request.Query)}";
            authorization = keys.Sign($"{request.Method.Method},{target}");
        }

        var url = request.BaseUrl + target;
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            var scheme = request.BaseUrl.Split(':')[0];
            throw Catalogue.RemoteUnavailable.For(request.HostName, $"{Verb(request)} {GoQuote.Quote(url)}: unsupported protocol scheme {GoQuote.Quote(scheme)}");
        }

        using var message = Message(request, url, authorization);
        try
        {
            return await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, ct);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or TimeoutException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            throw Catalogue.RemoteUnavailable.Because(e, request.HostName, GoNetwork.Describe(request.Method, url, e));
        }
    }

    public void Dispose() => _http.Dispose();

    // url.Values.Encode: sorted by key, whatever the order before.
    private string Dated(string query)
    {
        var pairs = query.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(static p => p.Split('=', 2))
            .Select(static p => (Key: WebUtility.UrlDecode(p[0]), Value: WebUtility.UrlDecode(p.ElementAtOrDefault(1) ?? ""))).Where(static p => p.Key != "ts")
            .Append((Key: "ts", Value: time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)));
        return string.Join('&', pairs.OrderBy(static p => p.Key, StringComparer.Ordinal).Select(static p => $"{Escape(p.Key)}={Escape(p.Value)}"));
    }

    private static string Verb(RemoteRequest request) => request.Method.Method[..1] + request.Method.Method[1..].ToLowerInvariant();

    private static string Escape(string text) => Uri.EscapeDataString(text).Replace("%20", "+", StringComparison.Ordinal);

    private static HttpRequestMessage Message(RemoteRequest request, string url, string? authorization)
    {
        var message = new HttpRequestMessage(request.Method, url);
        if (request.Body.Length > 0)
        {
            message.Content = new ReadOnlyMemoryContent(request.Body);
        }

        foreach (var (name, value) in request.Headers)
        {
            if (!message.Headers.TryAddWithoutValidation(name, value))
            {
                message.Content?.Headers.TryAddWithoutValidation(name, value);
            }
        }

        if (authorization is not null)
        {
            message.Headers.Remove("Authorization");
            message.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        return message;
    }
}
