using System.Net;
using Inference.Errors;
using Inference.GoJson;
using Inference.Store.Identity;
using Inference.Store.Names;

namespace Inference.Store.Registry;

/// <summary>The requests of one pull or push: they share a token. Rules and words: Ollama's server/images.go and server/auth.go.</summary>
internal sealed class RegistrySession(HttpClient http, KeyPair keys, TimeProvider time, ModelName name, bool insecure)
{
    /// <summary>Registries refuse models that are newer than the program that asks; this is the Ollama that the store is like.</summary>
    private const string Program = "ollama/0.32.15 (amd64 linux) Go/go1.26.10";

    // What a registry says of an error is shown whole; nobody needs more of it.
    private const int LongestReason = 1 << 20;
    private const int MostRedirects = 10;

    // base64(hex(sha256(""))): the body of a request for a token.
    private const string EmptyBody = "ZTNiMGM0NDI5OGZjMWMxNDlhZmJmNGM4OTk2ZmI5MjQyN2FlNDFlNDY0OWI5MzRjYTQ5NTk5MWI3ODUyYjg1NQ==";

    private string _token = "";

    /// <summary>Address of something of the model's: <c>manifests/latest</c>, <c>blobs/sha256:…</c>.</summary>
    public string UrlOf(string what) => $"{(insecure ? "http" : "https")}://{name.Host}/v2/{name.Namespace}/{name.Model}/{what}";

    /// <summary>Asks, and asks once more with a token if the registry wants one.</summary>
    /// <param name="method">The method.</param>
    /// <param name="url">Whole.</param>
    /// <param name="prepare">Headers and content; called for each attempt.</param>
    /// <param name="follow">Whether to go where a redirect leads; null goes everywhere.</param>
    /// <param name="ct">Ends it.</param>
    /// <returns>An answer below 400. Its body has not been read.</returns>
    /// <exception cref="RegistryException">There is none.</exception>
    public async Task<HttpResponseMessage> AskAsync(HttpMethod method, string url, Action<HttpRequestMessage>? prepare = null, Func<Uri, bool>? follow = null, CancellationToken ct = default)
    {
        for (var attempt = 0; attempt < 2; attempt++)
        {
            var response = await FollowAsync(method, url, prepare, follow, ct);
            if ((int)response.StatusCode < 400)
            {
                return response;
            }

            using (response)
            {
                switch (response.StatusCode)
                {
                    case HttpStatusCode.Unauthorized:
                        _token = await TokenAsync(response, ct);
                        break;
                    case HttpStatusCode.NotFound:
                        throw new RegistryException(RegistryFault.NotFound, RegistryException.Absent, 404);
                    default:
                        throw await RefusalAsync(response, always: true, ct);
                }
            }
        }

        throw new RegistryException(RegistryFault.Refused, "unauthorized: access denied", 401);
    }

    /// <summary>Asks outside of the registry: where it sent the caller, who does not show there who he is.</summary>
    public async Task<HttpResponseMessage> AskElsewhereAsync(string url, Action<HttpRequestMessage> prepare, CancellationToken ct)
    {
        var response = await SendAsync(HttpMethod.Get, url, prepare, authorization: "", ct);
        if ((int)response.StatusCode < 400)
        {
            return response;
        }

        using (response)
        {
            throw await RefusalAsync(response, always: true, ct);
        }
    }

    /// <summary>Sends a part of a blob.</summary>
    /// <param name="method">PATCH to the registry; PUT to where it keeps such parts, without telling who sends it.</param>
    /// <param name="url">A place that the registry named.</param>
    /// <param name="prepare">Headers and content.</param>
    /// <param name="ct">Ends it.</param>
    /// <exception cref="RegistryException">It was not taken.</exception>
    public async Task<HttpResponseMessage> TellAsync(HttpMethod method, string url, Action<HttpRequestMessage> prepare, CancellationToken ct)
    {
        var response = await SendAsync(method, url, prepare, method == HttpMethod.Patch && new Uri(url).Authority == name.Host ? Bearer : "", ct);
        if ((int)response.StatusCode < 400)
        {
            return response;
        }

        using (response)
        {
            if (method == HttpMethod.Patch && response.StatusCode is HttpStatusCode.Unauthorized)
            {
                _token = await TokenAsync(response, ct); // for the next try
            }

            var reason = BrokenText.Read(await ReadAsync(response, LongestReason, ct));
            throw new RegistryException(RegistryFault.Unavailable, $"http status {(int)response.StatusCode} {response.ReasonPhrase}: {reason}", (int)response.StatusCode);
        }
    }

    private async Task<HttpResponseMessage> FollowAsync(HttpMethod method, string url, Action<HttpRequestMessage>? prepare, Func<Uri, bool>? follow, CancellationToken ct)
    {
        var origin = new Uri(url).Authority;
        for (var redirects = 0; ; redirects++)
        {
            var here = new Uri(url);
            var response = await SendAsync(method, url, prepare, here.Authority == origin ? Bearer : "", ct);
            if ((int)response.StatusCode is not (301 or 302 or 303 or 307 or 308) || response.Headers.Location is not { } location || (method != HttpMethod.Get && method != HttpMethod.Head))
            {
                return response;
            }

            var target = new Uri(here, location);
            if (follow?.Invoke(target) == false)
            {
                return response;
            }

            response.Dispose();
            if (redirects == MostRedirects)
            {
                throw new RegistryException(RegistryFault.Protocol, follow is null
                    ? $"{char.ToUpperInvariant(method.Method[0])}{method.Method[1..].ToLowerInvariant()} {GoQuote.Quote(target.OriginalString)}: stopped after {MostRedirects} redirects"
                    : $"maximum redirects exceeded ({MostRedirects}) for directURL");
            }

            url = target.AbsoluteUri;
        }
    }

    private string Bearer => _token.Length > 0 ? $"Bearer {_token}" : "";

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string url, Action<HttpRequestMessage>? prepare, string authorization, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(method, url);
        request.Headers.TryAddWithoutValidation("User-Agent", Program);
        if (authorization.Length > 0)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        prepare?.Invoke(request);
        try
        {
            return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            throw new RegistryException(RegistryFault.Unavailable, GoNetwork.Describe(method, url, e), cause: e);
        }
    }

    private async Task<string> TokenAsync(HttpResponseMessage refusal, CancellationToken ct)
    {
        // Several headers of one name: Go looks at the first.
        var challenge = RegistryChallenge.Parse(refusal.Headers.TryGetValues("WWW-Authenticate", out var values) ? values.First() : "");
        if (challenge.Host != name.Host)
        {
            throw new RegistryException(RegistryFault.Protocol, $"realm host {GoQuote.Quote(challenge.Host)} does not match original host {GoQuote.Quote(name.Host)}", 401);
        }

        var url = challenge.TokenUrl(time.GetUtcNow());
        using var response = await SendAsync(HttpMethod.Get, url, prepare: null, Signed(url), ct);
        if ((int)response.StatusCode >= 400)
        {
            throw await RefusalAsync(response, always: false, ct);
        }

        try
        {
            return RegistryToken.Parse(await ReadAsync(response, LongestReason, ct));
        }
        catch (GoJsonException e)
        {
            throw new RegistryException(RegistryFault.Protocol, RegistryException.Unmarshal(e), (int)response.StatusCode, e);
        }
    }

    private string Signed(string url)
    {
        try
        {
            return keys.Sign($"GET,{url},{EmptyBody}");
        }
        catch (KeyException e)
        {
            throw new RegistryException(RegistryFault.Unsigned, e.Message, cause: e);
        }
    }

    // "<code>: <what it said>"; whoever hands out tokens may also say nothing.
    private static async Task<RegistryException> RefusalAsync(HttpResponseMessage response, bool always, CancellationToken ct)
    {
        var status = (int)response.StatusCode;
        var reason = BrokenText.Read(await ReadAsync(response, LongestReason, ct));
        var fault = status is 401 or 403 ? RegistryFault.Refused : status >= 500 ? RegistryFault.Unavailable : RegistryFault.Protocol;
        return new RegistryException(fault, always || reason.Length > 0 ? $"{status}: {reason}" : $"{status}", status);
    }

    /// <summary>A body, as far as it is not too long.</summary>
    /// <exception cref="RegistryException">It ended too soon.</exception>
    public static async Task<byte[]> ReadAsync(HttpResponseMessage response, int longest, CancellationToken ct)
    {
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(ct);
            using var copy = new MemoryStream();
            var piece = new byte[16 * 1024];
            while (copy.Length < longest && await body.ReadAsync(piece.AsMemory(0, (int)long.Min(piece.Length, longest - copy.Length)), ct) is > 0 and var read)
            {
                copy.Write(piece, 0, read);
            }

            return copy.ToArray();
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new RegistryException(RegistryFault.Unavailable, "unexpected EOF", (int)response.StatusCode, e);
        }
    }
}
