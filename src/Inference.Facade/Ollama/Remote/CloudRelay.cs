using System.Collections.Frozen;
using Inference.Errors;
using Inference.Facade.Ollama;
using Inference.Services.Remote;
using Microsoft.AspNetCore.Http;

namespace Inference.Facade.Ollama.Remote;

/// <summary>Passes requests on to the cloud and its answers back, as they are (server/cloud_proxy.go).</summary>
internal static class CloudRelay
{
    public const string Running = "remote model is unavailable";
    public const string Showing = "remote model details are unavailable";

    // RFC 9110, section 7.6.1, and the length, which the connection decides.
    private static readonly FrozenSet<string> OfConnections = FrozenSet.ToFrozenSet(
        ["Connection", "Content-Length", "Proxy-Connection", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization", "TE", "Trailer", "Transfer-Encoding", "Upgrade"],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>Answers with what the cloud says of this request, if its model is asked for there.</summary>
    /// <param name="exchange">The request; its body has been read.</param>
    /// <param name="model">The model, spelled as in the request.</param>
    /// <param name="operation">What is unavailable where the cloud is.</param>
    /// <returns>Whether that was so.</returns>
    public static async Task<bool> TryAsync(OllamaExchange exchange, string model, string operation = Running)
    {
        if (Cloud.NameOf(model) is not { } name)
        {
            return false;
        }

        await SendAsync(exchange, exchange.Request.Path, RequestMembers.WithModel(exchange.Body, name), operation);
        return true;
    }

    /// <summary>Answers with what the cloud says of this body at this path.</summary>
    public static async Task SendAsync(OllamaExchange exchange, string path, ReadOnlyMemory<byte> body, string operation)
    {
        var request = exchange.Request;
        var onward = new ForwardedRequest(request.Method, path, request.QueryString.Value is ['?', .. var query] ? query : "", Headers(request, body), body);
        using var answer = await exchange.Service<Cloud>().ForwardAsync(onward, operation, exchange.Aborted);
        var response = exchange.Response;
        response.StatusCode = (int)answer.StatusCode;
        var named = answer.Headers.NonValidated.TryGetValues("Connection", out var connection) ? connection.ToString() : "";
        foreach (var (name, values) in answer.Headers.NonValidated.Concat(answer.Content.Headers.NonValidated))
        {
            if (Passes(name, named))
            {
                response.Headers[name] = values.ToArray();
            }
        }

        await using var source = await answer.Content.ReadAsStreamAsync(exchange.Aborted);
        await CopyAsync(source, response, exchange.Aborted);
    }

    private static async Task CopyAsync(Stream source, HttpResponse response, CancellationToken ct)
    {
        // The headers go out first, without a length: that is how the body becomes chunked.
        await response.StartAsync(ct);
        while (true)
        {
            int read;
            try
            {
                read = await source.ReadAsync(response.BodyWriter.GetMemory(), ct);
            }
            catch (Exception e) when (e is HttpRequestException or IOException)
            {
                return; // nothing can be said any more: what has come is what there is
            }

            if (read == 0)
            {
                return;
            }

            response.BodyWriter.Advance(read);
            await response.BodyWriter.FlushAsync(ct);
        }
    }

    private static List<KeyValuePair<string, string>> Headers(HttpRequest request, ReadOnlyMemory<byte> body)
    {
        var named = request.Headers.Connection.ToString();
        List<KeyValuePair<string, string>> headers =
        [
            .. request.Headers.Where(h => h.Key is not "Host" && !h.Key.StartsWith(':') && Passes(h.Key, named)).SelectMany(static h => h.Value.Select(v => KeyValuePair.Create(h.Key, v ?? ""))),
            KeyValuePair.Create("X-Ollama-Client-Version", OllamaSetup.Version),
        ];
        if (body.Length > 0 && request.ContentType is null)
        {
            headers.Add(KeyValuePair.Create("Content-Type", "application/json"));
        }

        return headers;
    }

    // What Connection names belongs to it, too.
    private static bool Passes(string name, string connection) =>
        !OfConnections.Contains(name) && !connection.Split(',', StringSplitOptions.TrimEntries).Contains(name, StringComparer.OrdinalIgnoreCase);
}
