using System.Net.Http;
using System.Text.Json;
using Inference.Errors;

namespace Inference.FuzzTests.Facade;

/// <summary>What came back.</summary>
internal sealed record Answer(int Status, string? ContentType, string Body)
{
    public static async Task<Answer> OfAsync(HttpResponseMessage response, CancellationToken ct) =>
        new((int)response.StatusCode, response.Content.Headers.ContentType?.ToString(), await response.Content.ReadAsStringAsync(ct));

    /// <summary>Whether it says that it failed, in its status or in its last line.</summary>
    public bool Failed => Status >= 400 || Body.Split('\n', StringSplitOptions.RemoveEmptyEntries) is [.., var last] && last.StartsWith("{\"error\":", StringComparison.Ordinal);

    /// <summary>What no answer may be, whatever was asked; null for nothing.</summary>
    /// <param name="request">What was asked.</param>
    /// <param name="failures">What the server counted meanwhile.</param>
    public string? Problem(FuzzRequest request, IReadOnlyList<string> failures)
    {
        if (failures.Contains(Catalogue.Internal.Reason) || Body.Contains("internal error", StringComparison.Ordinal))
        {
            return $"INTERNAL: {this}";
        }

        if (failures.FirstOrDefault(static f => Catalogue.Find(f) is null) is { } unknown)
        {
            return $"{unknown} is not in the catalogue";
        }

        if (Status >= 500 && failures.Count == 0)
        {
            return $"{this} without a reason of the catalogue";
        }

        return Status < 400 || request.Method is "HEAD" || IsPage || HasShape(request.Path) ? null : $"{this} has not the shape of an error";
    }

    private bool IsPage => Status is 404 or 405 && ContentType == "text/plain" && Body is "404 page not found" or "405 method not allowed";

    private bool HasShape(string path)
    {
        if (ContentType is not ("application/json; charset=utf-8" or "application/json"))
        {
            return false;
        }

        using var document = JsonDocument.Parse(Body);
        var root = document.RootElement;
        // gRPC's form, transcoded.
        if (path.StartsWith("/inference/", StringComparison.Ordinal))
        {
            return Names(root) == "code message details";
        }

        // What is not for this server is refused before the dialect is spoken, in the native form.
        if (Names(root) is "error" or "error signin_url" && root.GetProperty("error").ValueKind is JsonValueKind.String)
        {
            return true;
        }

        return path.StartsWith("/v1/messages", StringComparison.Ordinal) ? Names(root) == "type error request_id" && Names(root.GetProperty("error")) == "type message"
            : path.StartsWith("/v1", StringComparison.Ordinal) && Names(root) == "error" && Names(root.GetProperty("error")) == "message type param code";
    }

    private static string Names(JsonElement value) => string.Join(' ', value.EnumerateObject().Select(static m => m.Name));
}
