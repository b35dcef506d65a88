using Inference.Errors;
using Inference.Facade.Ollama;
using Inference.Facade.Ollama.Remote;
using Inference.GoJson;
using Inference.Services.Remote;

namespace Inference.Facade.Passthrough;

/// <summary>
/// What stands before the /v1 routes in Ollama (server/cloud_proxy.go): it unpacks the body, and takes what is for a model in the cloud out
/// of their hands. Its failures have the shape of the native routes.
/// </summary>
internal static class CloudPassthrough
{
    /// <summary>Reads a body that the route itself is to decode; null where the cloud has answered.</summary>
    /// <param name="exchange">The request.</param>
    /// <param name="keepsSearches">Whether a request with the server's own search stays here whatever its model.</param>
    /// <exception cref="InferenceException">REQUEST_MALFORMED, REQUEST_TOO_LARGE, REMOTE_DISABLED, SIGNIN_REQUIRED, REMOTE_UNAVAILABLE.</exception>
    public static async Task<ReadOnlyMemory<byte>?> ReadAsync(OllamaExchange exchange, bool keepsSearches = false)
    {
        var body = await exchange.ReadAsync();
        if (exchange.ContentEncoding is "zstd")
        {
            body = ZstdBody.Unpack(body);
            exchange.Request.Headers.ContentEncoding = default; // what is passed on is unpacked
        }

        if (ModelOf(body) is not { } model || Cloud.NameOf(model) is not { } name || (keepsSearches && SearchTool.IsIn(body)))
        {
            return body;
        }

        await CloudRelay.SendAsync(exchange, exchange.Request.Path, RequestMembers.WithModel(body, name), CloudRelay.Running);
        return null;
    }

    /// <summary>The same for a model that the path names.</summary>
    /// <returns>Whether the cloud has answered.</returns>
    /// <exception cref="InferenceException">REMOTE_DISABLED, SIGNIN_REQUIRED, REMOTE_UNAVAILABLE.</exception>
    public static async Task<bool> LookAsync(OllamaExchange exchange, string model)
    {
        if (Cloud.NameOf(model) is not { } name)
        {
            return false;
        }

        await CloudRelay.SendAsync(exchange, $"/v1/models/{name}", default, CloudRelay.Showing);
        return true;
    }

    // The whole body must be an object, and the key be spelled like this: what is decoded leniently afterwards is not looked at here.
    private static string? ModelOf(ReadOnlyMemory<byte> body)
    {
        ReadOnlyMemory<byte> written = default;
        var fault = GoJsonReader.Unmarshal(body, 0, (reader, _) => reader.Members("map[string]json.RawMessage", key =>
        {
            var value = reader.Raw();
            written = key is "model" ? value : written;
        }));
        var model = new GoTarget<string>("");
        return fault is null && GoJsonReader.Unmarshal(written, model, static (r, m) => m.Value = r.String("")) is null && !string.IsNullOrWhiteSpace(model.Value)
            ? model.Value
            : null;
    }
}
