using System.Buffers;
using System.Collections.Frozen;
using Google.Rpc;
using Inference.Errors;
using Inference.GoJson;

namespace Inference.HttpErrors;

/// <summary>The one place where a failure becomes what an HTTP route says: a function of the status, the route and the phase, and of nothing else.</summary>
public static class ErrorRenderer
{
    // What Ollama learns from its runner, after it has decided to stream: then the reply is already on its way as a stream.
    private static readonly FrozenSet<string> FromRunner = FrozenSet.ToFrozenSet(
    [
        Catalogue.ContextLengthExceeded.Reason, Catalogue.EngineFailed.Reason, Catalogue.EngineOutOfMemory.Reason, Catalogue.OutputUnparsable.Reason,
        Catalogue.JsonSchemaInvalid.Reason, Catalogue.GrammarInvalid.Reason, Catalogue.RegexInvalid.Reason, Catalogue.ModelLoading.Reason,
    ]);

    // What Ollama learns from the server that a stored model lives on, after it has set the content type of the answer.
    private static readonly FrozenSet<string> FromRemote = FrozenSet.ToFrozenSet(
    [
        Catalogue.SigninRequired.Reason, Catalogue.IdentityUnreadable.Reason, Catalogue.RemoteUnavailable.Reason, Catalogue.RemoteModelNotFound.Reason,
        Catalogue.RemoteBusy.Reason, Catalogue.RemoteRefused.Reason, Catalogue.RemoteFailed.Reason,
    ]);

    /// <param name="status">What the call ended with. One that is not from this catalogue is a 500 with its message.</param>
    /// <param name="context">Where it is to be told.</param>
    public static HttpError Render(Google.Rpc.Status status, ErrorContext context)
    {
        var error = Error.FromStatus(status);
        var started = context.Phase is ErrorPhase.StreamStarted;
        var form = error?.Kind.OllamaFormOf(error.Facts, context.Route, context.Dialect, started) ?? new OllamaForm(500, status.Message);
        if (!started && error?.Facts["body"] is { Length: > 0 } verbatim)
        {
            return new HttpError(form.Status, error.Facts["content_type"], chunked: true, RetryAfter(status, form.Status), BrokenText.ToBytes(verbatim));
        }

        var body = new ArrayBufferWriter<byte>();
        var json = new GoJsonWriter(body);
        var isRemote = error is not null && error.Facts["remote_model"].Length > 0 && FromRemote.Contains(error.Kind.Reason);
        Write(json, form, error?.Facts ?? ErrorFacts.None, context, endsLine: !isRemote);
        if (started)
        {
            return new HttpError(200, ErrorTypes.Lines, chunked: true, retryAfter: null, body.WrittenMemory);
        }

        var working = error is not null && (IsFromRunner(error) || OperationErrors.IsFromWork(error, context.Route));
        var chunked = context.Phase is ErrorPhase.Stream && working;
        var type = isRemote && context is { Phase: ErrorPhase.Stream, Form: ErrorForm.Ollama } ? ErrorTypes.Lines : TypeOf(context, working);
        return new HttpError(form.Status, type, chunked, RetryAfter(status, form.Status), body.WrittenMemory);
    }

    private static void Write(GoJsonWriter json, OllamaForm form, ErrorFacts facts, ErrorContext context, bool endsLine)
    {
        switch (context.Form)
        {
            case ErrorForm.OpenAi:
                ErrorBodies.OpenAi(json, form.Status, ErrorBodies.WithStatus(form.Text, facts["remote_status"]));
                break;
            case ErrorForm.Anthropic:
                ErrorBodies.Anthropic(json, form.Status, form.Text, context.RequestId);
                break;
            default:
                ErrorBodies.Ollama(json, form, facts, context);
                break;
        }

        // json.Encoder ends with a newline, gin's c.JSON does not: the /v1 writers and lines have the first, everybody else the second.
        // The last line of what another server streamed lacks it.
        if ((context.Phase is ErrorPhase.StreamStarted && endsLine) || (context.Form is not ErrorForm.Ollama && context.Phase is not ErrorPhase.Decoding))
        {
            json.Raw("\n"u8);
        }
    }

    private static string TypeOf(ErrorContext context, bool working) =>
        (working && context.Phase is ErrorPhase.Stream or ErrorPhase.Awaited) || (context.Form is not ErrorForm.Ollama && context.Phase is not ErrorPhase.Decoding)
            ? ErrorTypes.BareJson
            : ErrorTypes.Json;

    private static bool IsFromRunner(Error error) =>
        FromRunner.Contains(error.Kind.Reason)
        || (error.Kind == Catalogue.CapabilityMissing && error.Facts["capability"] is "vision")
        // These it may find out before, where the prompt is made.
        || (error.Kind == Catalogue.FieldInvalid && error.Facts["field"] is "format" && error.Facts["phase"] is not "prompt")
        || (error.Kind == Catalogue.MediaInvalid && error.Facts["phase"] is not "prompt")
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
