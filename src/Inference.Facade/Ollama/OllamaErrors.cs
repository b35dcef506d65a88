using System.Buffers;
using System.Collections.Frozen;
using Google.Rpc;
using Inference.Errors;
using Inference.GoJson;

namespace Inference.Facade.Ollama;

/// <summary>How far a reply has come when it fails.</summary>
internal enum OllamaPhase
{
    /// <summary>A reply of one piece, or a stream that was not to begin yet.</summary>
    Whole,

    /// <summary>A stream was asked for and nothing of it is sent.</summary>
    Stream,

    /// <summary>Lines were sent: the status is out.</summary>
    StreamStarted,
}

/// <summary>An error as an Ollama client gets it.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="ContentType">The content type.</param>
/// <param name="Chunked">Without a Content-Length, whatever the body's size.</param>
/// <param name="RetryAfter">For the Retry-After header.</param>
/// <param name="Body">The body, or the last line of the stream.</param>
internal sealed record OllamaError(int Status, string ContentType, bool Chunked, TimeSpan? RetryAfter, ReadOnlyMemory<byte> Body);

/// <summary>The one place where a failure becomes what an Ollama route says: a function of the status and of nothing else.</summary>
internal static class OllamaErrors
{
    // What Ollama learns from its runner, after it has decided to stream: then the reply is already on its way as a stream.
    private static readonly FrozenSet<string> FromRunner = FrozenSet.ToFrozenSet(
    [
        Catalogue.ContextLengthExceeded.Reason, Catalogue.EngineFailed.Reason, Catalogue.EngineOutOfMemory.Reason, Catalogue.OutputUnparsable.Reason,
        Catalogue.JsonSchemaInvalid.Reason, Catalogue.GrammarInvalid.Reason, Catalogue.RegexInvalid.Reason, Catalogue.MediaInvalid.Reason,
    ]);

    public static OllamaError Render(Google.Rpc.Status status, OllamaRoute route, OllamaPhase phase)
    {
        var error = Error.FromStatus(status);
        var form = error?.ToOllama(route) ?? new OllamaForm(500, status.Message);
        var body = new ArrayBufferWriter<byte>();
        var json = new GoJsonWriter(body);
        var members = new GoMembers(json);
        members.Next("\"error\":"u8).String(form.Text);
        members.Optional("\"signin_url\":"u8, error?.Facts["signin_url"] ?? "");
        members.End();
        if (phase is OllamaPhase.StreamStarted)
        {
            json.Raw("\n"u8);
            return new OllamaError(200, OllamaTypes.Lines, Chunked: true, RetryAfter: null, body.WrittenMemory);
        }

        var streaming = phase is OllamaPhase.Stream && error is not null && IsFromRunner(error);
        return new OllamaError(form.Status, streaming ? OllamaTypes.BareJson : OllamaTypes.Json, streaming, RetryAfter(status, form.Status), body.WrittenMemory);
    }

    private static bool IsFromRunner(Error error) =>
        FromRunner.Contains(error.Kind.Reason)
        || (error.Kind == Catalogue.FieldInvalid && error.Facts["field"] is "format")
        || (error.Kind == Catalogue.RequestCancelled && error.Facts["phase"] is "prompt" or "output");

    private static TimeSpan? RetryAfter(Google.Rpc.Status status, int http)
    {
        if (http is not (429 or 503))
        {
            return null;
        }

        foreach (var detail in status.Details)
        {
            if (detail.TryUnpack<RetryInfo>(out var retry))
            {
                return retry.RetryDelay.ToTimeSpan();
            }
        }

        return null;
    }
}
