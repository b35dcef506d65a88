using System.Text;
using System.Text.Json;
using Inference.Errors;
using Inference.Services.Knowledge;

namespace Inference.Services.Remote;

/// <summary>What another server said instead of an answer, as errors of the catalogue.</summary>
internal static class RemoteErrors
{
    /// <summary>An answer with a status of failure.</summary>
    /// <param name="remote">The model that was asked for.</param>
    /// <param name="host">The server.</param>
    /// <param name="response">Its answer, for status and type.</param>
    /// <param name="body">Its body.</param>
    public static InferenceException Of(RemoteModel remote, string host, HttpResponseMessage response, byte[] body)
    {
        var status = (int)response.StatusCode;
        var text = Encoding.UTF8.GetString(body);
        // A client of Ollama's reads line by line, and the first line decides.
        var (error, signinUrl) = Read(remote.Stored is null ? text : text.Split('\n')[0]);
        var failure = status is 401 ? Catalogue.SigninRequired.For(signinUrl).Error : KindOf(status).For(remote.Name, host, status, error).Error;
        var facts = failure.Facts;
        facts = remote.Stored is null
            ? facts.With("body", text).With("content_type", response.Content.Headers.NonValidated.TryGetValues("Content-Type", out var type) ? type.ToString() : "")
            : facts.With("remote_model", remote.Name).With("remote_status", status is 401 ? "" : $"{status} {response.ReasonPhrase}");
        return new InferenceException(failure with { Facts = facts });
    }

    /// <summary>A failure after the answer had begun, or an answer that is not one.</summary>
    public static InferenceException Broken(RemoteModel remote, string host, string detail) =>
        Catalogue.RemoteFailed.For(remote.Name, host, 200, detail).About(remote);

    /// <summary>Notes that a stored model led there: its errors are told, those of mere names are passed on.</summary>
    public static InferenceException About(this InferenceException failure, RemoteModel remote) => remote.Stored is null ? failure
        : new InferenceException(failure.Error with { Facts = failure.Error.Facts.With("remote_model", remote.Name) }, failure.InnerException);

    private static ErrorKind KindOf(int status) => status switch
    {
        404 => Catalogue.RemoteModelNotFound,
        429 or 503 => Catalogue.RemoteBusy,
        < 500 => Catalogue.RemoteRefused,
        _ => Catalogue.RemoteFailed,
    };

    private static (string Error, string SigninUrl) Read(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            return json.RootElement.ValueKind is JsonValueKind.Object ? (Member(json.RootElement, "error"), Member(json.RootElement, "signin_url")) : (text, "");
        }
        catch (JsonException)
        {
            return (text, "");
        }
    }

    private static string Member(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString()! : "";
}
