using System.Text.Json;
using Inference.Errors;
using Inference.Services.Knowledge;

namespace Inference.Services.Remote;

/// <summary>What another server said instead of an answer, as errors of the catalogue.</summary>
internal static class RemoteErrors
{
    /// <summary>An answer with a status of failure.</summary>
    /// <param name="model">The model that was asked for, by its name there.</param>
    /// <param name="host">The server.</param>
    /// <param name="status">The status.</param>
    /// <param name="text">The body.</param>
    public static InferenceException Of(string model, string host, int status, string text)
    {
        var (error, signinUrl) = Read(text);
        return status is 401 ? Catalogue.SigninRequired.For(signinUrl) : KindOf(status).For(model, host, status, error);
    }

    /// <summary>The same where it was passed on: then what it is to others is its body.</summary>
    public static InferenceException OfCloud(string model, string host, HttpResponseMessage response, string text)
    {
        var type = response.Content.Headers.NonValidated.TryGetValues("Content-Type", out var values) ? values.ToString() : "";
        var error = Of(model, host, (int)response.StatusCode, text).Error;
        return new InferenceException(error with { Facts = error.Facts.With("body", text).With("content_type", type) });
    }

    /// <summary>The same where it was asked for a stored model: then it is told, with its status. A client of Ollama's reads lines, and the first decides.</summary>
    public static InferenceException OfStored(RemoteModel remote, string host, HttpResponseMessage response, string text)
    {
        var status = (int)response.StatusCode;
        var error = Of(remote.Name, host, status, text.Split('\n')[0]).About(remote).Error;
        return new InferenceException(error with { Facts = error.Facts.With("remote_status", $"{status} {response.ReasonPhrase}") });
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
            using var json = JsonDocument.Parse(BrokenText.Whole(text));
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
