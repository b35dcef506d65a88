using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Inference.ContractTests.Facade;
using Inference.Errors;
using Inference.HttpErrors;

namespace Inference.ContractTests.Law;

/// <summary>
/// What was recorded of a runner process in trouble, where the engine in this process can be in the same: the entry of the catalogue that it ends
/// with becomes what was recorded, over the native routes and those under /v1. The words that only another process can say are not here.
/// </summary>
public sealed class RunnerLawTests
{
    // What the recording's runner did, by how its description begins, and the failure of an engine that is in the same condition.
    private static readonly (string Behaviour, Func<string, InferenceException> Failure)[] Conditions =
    [
        ("/completion and /v1/chat/completions answer 400", static _ => Catalogue.ContextLengthExceeded.For(9, 4)),
        ("answer 503 ", static _ => Catalogue.ModelLoading.For("m")),
        ("process exits on the request", static _ => Catalogue.EngineFailed.For("m", "prompt")),
        ("one content event then the process exits", static _ => Catalogue.EngineFailed.For("m", "output")),
        ("/tokenize answers 500", static _ => Catalogue.TokenizerFailed.For("tokenize", "tok boom")),
        ("/detokenize answers 500", static _ => Catalogue.TokenizerFailed.For("detokenize", "detok boom")),
        ("/v1/embeddings answers 400", static request => TooLong(request)),
        ("/v1/embeddings answers 500 {\"error\":{\"code\":500,\"message\":\"input is too large", static request => TooLong(request)),
        ("/v1/embeddings answers 500 {\"error\":{\"code\":500,\"message\":\"  kaboom", static _ => With(Catalogue.EngineFailed.For("m", "prompt"), "detail", "kaboom")),
        ("/v1/embeddings answers 500 oops", static _ => With(Catalogue.EngineFailed.For("m", "prompt"), "detail", "oops")),
        ("/v1/embeddings answers 501", static _ => Catalogue.CapabilityMissing.For("m", "registry.ollama.ai/library/m:latest", "embedding")),
        ("/v1/embeddings answers 200 []", static _ => Catalogue.EmbeddingEmpty.For("m", 0)),
        ("/tokenize returns 5000 tokens", static _ => With(Catalogue.ContextLengthExceeded.For(5000, 2048), "truncation", "off")),
        ("default; /tokenize counts words", static _ => With(Catalogue.ContextLengthExceeded.For(5000, 2048), "truncation", "shift_off")),
        ("/completion emits a malformed qwen3.5", static _ => Catalogue.OutputUnparsable.For("m", "qwen3.5", "XML syntax error on line 5: element <parameter> closed by </function>")),
        ("/completion emits a harmony", static _ => Catalogue.OutputUnparsable.For("m", "harmony", "error parsing tool call: raw='{bad', err=invalid character 'b' looking for beginning of object key string")),
        ("health stays \"loading model\"; client", static _ => Catalogue.RequestCancelled.For("load")),
        ("health stays \"loading model\"", static _ => Catalogue.ServerBusy.For(1, 1)),
        ("200 SSE whose only event is data: {\"error\"", static _ => Broken()),
        ("200 SSE: one content event \"Hi\", then data: {\"error\"", static _ => Broken()),
        ("one token then stalls", static request => request.Contains("\"messages\"", StringComparison.Ordinal) ? With(Catalogue.RequestCancelled.For("output"), "chat_template", "jinja") : Catalogue.RequestCancelled.For("output")),
    ];

    // Answers that end without a word of what went wrong: no status becomes them, so they are replayed over HTTP.
    private static readonly string[] Replayed =
    [
        "chat-runner-mid-eof-chat-rendered", "v1-chat-completions-runner-mid-bad-json-v1chat-stream-true", "v1-chat-completions-runner-mid-eof-v1chat",
        "v1-completions-runner-mid-error-v1completions", "v1-completions-runner-first-event-error-v1completions-stream-true",
    ];

    [Fact]
    public void EngineInTheSameCondition_EndsInTheRecordedAnswer()
    {
        var (cases, differences) = (0, new List<string>());
        var known = KnownDifferences.Read();
        foreach (var record in Recordings.Read("ollama-errors").Where(static r => r.GetProperty("group").GetString() is "R-runner" or "L-load" or "Q-queue" or "X-cancel"))
        {
            if (known.Contains(Text(record, "id")) || Array.Exists(Replayed, r => Text(record, "id").StartsWith(r, StringComparison.Ordinal)))
            {
                continue;
            }

            var behaviour = Text(record, "runner_behaviour");
            var failure = Conditions.FirstOrDefault(c => behaviour.StartsWith(c.Behaviour, StringComparison.Ordinal)).Failure;
            if (failure is null)
            {
                differences.Add($"{Text(record, "id")}: no failure of the engine is like it, and it is not listed");
                continue;
            }

            cases++;
            var request = Text(record, "request_body") + Text(record, "request_description");
            if (Difference(record, request, failure(request)) is { } difference)
            {
                differences.Add($"{Text(record, "id")}: {difference}");
            }
        }

        Assert.True(differences.Count == 0, $"{differences.Count} of {cases} differ:\n{string.Join('\n', differences)}");
        Assert.Equal(70, cases);
    }

    private static string? Difference(JsonElement record, string request, InferenceException failure)
    {
        var started = record.GetProperty("status").GetInt32() == 200;
        var streams = request.Contains("\"stream\": true", StringComparison.Ordinal) || record.GetProperty("framing").GetString() is "chunked";
        var (route, form) = At(Text(record, "endpoint"));
        // Over the wire and back: that is all that a gateway has.
        var status = Google.Rpc.Status.Parser.ParseFrom(Google.Protobuf.MessageExtensions.ToByteArray(failure.Error.ToStatus().Fitted()));
        var error = ErrorRenderer.Render(status, new ErrorContext(route) { Form = form, Phase = started ? ErrorPhase.StreamStarted : streams ? ErrorPhase.Stream : ErrorPhase.Whole });
        var body = Encoding.UTF8.GetString(error.Body.Span);
        var agrees = error.Status == record.GetProperty("status").GetInt32()
            && error.ContentType == Text(record, "content_type")
            && error.Chunked == (Text(record, "framing") is "chunked")
            && (started ? LastLineIs(record, body) : Text(record, "body") is { Length: > 0 } exact ? exact == body : Matches(body, Text(record, "body_regex")));
        return agrees ? null : $"{error.Status} {error.ContentType} {error.Chunked} {body} instead of {record}";
    }

    // The lines before it name the time.
    private static bool LastLineIs(JsonElement record, string line)
    {
        var recorded = Text(record, "body") is { Length: > 0 } exact ? Regex.Escape(exact) : Text(record, "body_regex");
        var start = recorded.LastIndexOf("\\{\"error\"", StringComparison.Ordinal);
        return start >= 0 && Matches(line, $"^{recorded[start..]}");
    }

    private static bool Matches(string text, string pattern) => Regex.IsMatch(text, pattern, RegexOptions.None, TimeSpan.FromSeconds(1));

    private static (OllamaRoute Route, ErrorForm Form) At(string endpoint) => endpoint switch
    {
        "/api/generate" => (OllamaRoute.Generate, ErrorForm.Ollama),
        "/api/chat" => (OllamaRoute.Chat, ErrorForm.Ollama),
        "/api/embed" => (OllamaRoute.Embed, ErrorForm.Ollama),
        "/api/embeddings" => (OllamaRoute.Embeddings, ErrorForm.Ollama),
        "/v1/completions" => (OllamaRoute.Generate, ErrorForm.OpenAi),
        "/v1/embeddings" => (OllamaRoute.Embed, ErrorForm.OpenAi),
        "/v1/messages" => (OllamaRoute.Chat, ErrorForm.Anthropic),
        _ => (OllamaRoute.Chat, ErrorForm.OpenAi),
    };

    private static InferenceException Broken() => With(With(Catalogue.EngineFailed.For("m", "output"), "detail", "boom"), "chat_template", "jinja");

    private static InferenceException TooLong(string request) =>
        With(Catalogue.ContextLengthExceeded.For(5000, 2048), "truncation", request.Contains("\"truncate\": false", StringComparison.Ordinal) ? "off" : "failed");

    private static InferenceException With(InferenceException failure, string key, string value) =>
        new(failure.Error with { Facts = failure.Error.Facts.With(key, value) });

    private static string Text(JsonElement record, string name) => record.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString()! : "";
}
