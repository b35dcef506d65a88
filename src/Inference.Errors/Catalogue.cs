using System.Collections.Frozen;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Google.Rpc;
using Grpc.Core;

namespace Inference.Errors;

/// <summary>
/// The catalogue: every error this server can return, and nowhere else. Texts with a form of their own are Ollama's, because clients
/// match on them; the reasons, codes and keys are those of <c>protos/inference/v1/errors.proto</c>, held together by a test.
/// </summary>
public static partial class Catalogue
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    // Any call.

    public static readonly ErrorKind Internal = new("INTERNAL", StatusCode.Internal, 500, ["request_id"],
        static _ => "internal error")
    {
        Details = static f => [new RequestInfo { RequestId = f["request_id"] }],
    };

    public static readonly ErrorKind RequestCancelled = new("REQUEST_CANCELLED", StatusCode.Cancelled, 499, ["phase"],
        static _ => "request canceled")
    {
        // Once the answer has begun, Ollama notices by its connection to the runner.
        Ollama = static (f, route) => f["phase"] is "output" && Verb(route).Length > 0
            ? new OllamaForm(500, $"error reading llama-server {(IsOfWeights(f, route) ? "chat " : "")}response: context canceled")
            : null,
        Variants = [("phase", "output"), ("chat_template", "jinja")],
    };

    public static readonly ErrorKind DeadlineExceeded = new("DEADLINE_EXCEEDED", StatusCode.DeadlineExceeded, 504, ["phase"],
        static f => $"the deadline passed in phase {f["phase"]}");

    public static readonly ErrorKind DeadlineTooShort = new("DEADLINE_TOO_SHORT", StatusCode.DeadlineExceeded, 504, ["estimated_wait_ms"],
        static f => $"the wait for the model or a slot, about {f["estimated_wait_ms"]} ms, would outlast the deadline");

    public static readonly ErrorKind ServerDraining = new("SERVER_DRAINING", StatusCode.Unavailable, 503, [],
        static _ => "the server is shutting down")
    {
        RetryAfter = Soon,
    };

    // Two spaces before "maximum": the text is Ollama's (server/sched.go), and clients match on it.
    public static readonly ErrorKind ServerBusy = new("SERVER_BUSY", StatusCode.ResourceExhausted, 503, ["queue_length", "queue_capacity"],
        static _ => "server busy, please try again.  maximum pending requests exceeded")
    {
        RetryAfter = Soon,
        Details = static f => [Quota("queue", $"{f["queue_length"]} of {f["queue_capacity"]} pending requests")],
    };

    public static readonly ErrorKind FeatureUnsupported = new("FEATURE_UNSUPPORTED", StatusCode.Unimplemented, 501, ["feature"],
        static f => $"{f["feature"]} is not supported by this server")
    {
        Ollama = static (f, route) => f["feature"] is "image generation" && route is OllamaRoute.Generate
            ? new OllamaForm(400, "image generation models are not currently supported")
            : null,
        Variants = [("feature", "image generation")],
    };

    public static readonly ErrorKind ServiceUnknown = new("SERVICE_UNKNOWN", StatusCode.NotFound, 404, ["method"],
        static _ => "this server has no such service")
    {
        Details = static f => [Resource("grpc service", f["method"], "not on this server")],
    };

    // The request.

    public static readonly ErrorKind RequestTooLarge = new("REQUEST_TOO_LARGE", StatusCode.ResourceExhausted, 413, ["limit_bytes"],
        static f => $"the request is larger than {f["limit_bytes"]} bytes")
    {
        Rest = 413,
        Details = static f => [Quota("request", $"at most {f["limit_bytes"]} bytes")],
        // Go's http.MaxBytesReader, which there stands behind a decompressor only.
        Ollama = static (_, _) => new OllamaForm(400, "http: request body too large"),
    };

    public static readonly ErrorKind RequestMalformed = new("REQUEST_MALFORMED", StatusCode.InvalidArgument, 400, ["detail"],
        static f => f["detail"])
    {
        Details = static f => [Violation("", f["detail"], "REQUEST_MALFORMED")],
        Ollama = StoreWords.RequestMalformed,
        Variants = [("field", "licenses")],
    };

    public static readonly ErrorKind FieldRequired = new("FIELD_REQUIRED", StatusCode.InvalidArgument, 400, ["field"],
        static f => $"{f["field"]} is required")
    {
        Details = static f => [Violation(f["field"], "must be set", "FIELD_REQUIRED")],
        Ollama = static (f, route) => CompatWords.FieldRequired(f, route) ?? StoreWords.FieldRequired(f, route),
        Variants = [("field", "model"), ("field", "source"), ("field", "draft_files"), ("field", "messages"), ("field", "inputs"), ("field", "file"), ("field", "messages[0].tool_calls[0].id")],
    };

    public static readonly ErrorKind FieldInvalid = new("FIELD_INVALID", StatusCode.InvalidArgument, 400, ["field", "value"],
        static f => f["expectation"] is { Length: > 0 } expectation ? $"{f["field"]} {expectation}" : $"{f["field"]} has an invalid value")
    {
        Details = static f => [Violation(f["field"], "is out of its range or malformed", "FIELD_INVALID")],
        Ollama = static (f, route) => CompatWords.FieldInvalid(f) ?? StoreWords.FieldInvalid(f, route),
        Variants = [("field", "format"), ("field", "thinking.level"), ("field", "encoding_format"), ("field", "messages[0].tool_calls[0].arguments_json"), ("expectation", "{expectation}"), ("field", "remote_host"), ("field", "files.digests")],
    };

    public static readonly ErrorKind FieldConflict = new("FIELD_CONFLICT", StatusCode.InvalidArgument, 400, ["field", "other_field"],
        static f => $"{f["field"]} and {f["other_field"]} exclude each other")
    {
        Details = static f => [Violation(f["field"], $"excludes {f["other_field"]}", "FIELD_CONFLICT")],
        Ollama = StoreWords.FieldConflict,
        Variants = [("field", "draft_files")],
    };

    public static readonly ErrorKind RawModeConflict = new("RAW_MODE_CONFLICT", StatusCode.InvalidArgument, 400, ["model"],
        static _ => "raw mode does not support template, system, or context")
    {
        Details = static _ => [Violation("raw", "excludes template, system and context", "RAW_MODE_CONFLICT")],
    };

    public static readonly ErrorKind OptionTypeInvalid = new("OPTION_TYPE_INVALID", StatusCode.InvalidArgument, 500, ["option", "expected_type"],
        static f => OptionText(f))
    {
        Details = static f => [Violation($"options.{f["option"]}", $"must be of type {f["expected_type"]}", "OPTION_TYPE_INVALID")],
        Variants = [("expected_type", "array of strings")],
    };

    public static readonly ErrorKind StrictViolation = new("STRICT_VIOLATION", StatusCode.FailedPrecondition, 400, ["warning"],
        static f => $"strict: the answer would carry the warning {f["warning"]}")
    {
        Details = static f => [Precondition("STRICT", f["warning"], "the call asked for no warnings")],
    };

    // The model.

    public static readonly ErrorKind ModelNameInvalid = new("MODEL_NAME_INVALID", StatusCode.InvalidArgument, 400, ["model", "field"],
        static _ => "invalid model name")
    {
        Details = static f => [Violation(f["field"], "is not [host/][namespace/]model[:tag]", "MODEL_NAME_INVALID")],
        Ollama = StoreWords.ModelNameInvalid,
        Variants = [("full_name", "{full_name}")],
    };

    public static readonly ErrorKind ModelSourceConflict = new("MODEL_SOURCE_CONFLICT", StatusCode.InvalidArgument, 400, ["model"],
        static f => $"use either :local or :cloud, not both: {GoQuote.Quote(f["model"])}")
    {
        Details = static _ => [Violation("model", "names both :local and :cloud", "MODEL_SOURCE_CONFLICT")],
        Ollama = static (_, route) => StoreWords.ModelSourceConflict(route),
    };

    public static readonly ErrorKind ModelNotFound = new("MODEL_NOT_FOUND", StatusCode.NotFound, 404, ["model"],
        static f => $"model '{f["model"]}' not found")
    {
        Details = static f => [Resource("inference.v1.Model", f["model"], "not in the store"), PullHelp()],
        Ollama = static (f, route) => route switch
        {
            // %q for those that go through the scheduler; show names the model as it understood it.
            // Embed finds a missing name before it gets there, and says what generate says.
            OllamaRoute.Embed when string.IsNullOrWhiteSpace(f["model"]) => null,
            OllamaRoute.Embed or OllamaRoute.Embeddings => new OllamaForm(404, $"model {Quoted(f["model"])} not found, try pulling it first"),
            OllamaRoute.Show when f["display_name"] is { Length: > 0 } display => new OllamaForm(404, $"model '{display}' not found"),
            _ => StoreWords.ModelNotFound(f, route),
        },
        Documented = static (f, _, _) => new OllamaForm(404, $"model '{f["model"]}' not found"),
        Variants = [("display_name", "{display_name}")],
    };

    public static readonly ErrorKind CapabilityMissing = new("CAPABILITY_MISSING", StatusCode.FailedPrecondition, 400, ["model", "full_name", "capability"],
        static f => CapabilityText(f, ""))
    {
        Details = static f => [Precondition("CAPABILITY", f["full_name"], $"the model lacks {f["capability"]}")],
        Ollama = static (f, route) => (f["capability"], route) switch
        {
            // Ollama lets any model try, and passes on what its runner says.
            ("embedding", OllamaRoute.Embed) => new OllamaForm(501, NoEmbeddings),
            ("embedding", OllamaRoute.Embeddings) => new OllamaForm(500, NoEmbeddings),
            ("vision", OllamaRoute.Generate or OllamaRoute.Chat) => new OllamaForm(500, RunnerError.Server("image input is not supported - hint: if this is unexpected, you may need to provide the mmproj")),
            _ => new OllamaForm(400, CapabilityText(f, Verb(route))),
        },
        Documented = static (f, route, _) => new OllamaForm(400, f["capability"] is "completion" && Verb(route) is { Length: > 0 } verb
            ? $"{f["model"]} does not support {verb}"
            : $"{f["model"]} does not support {f["capability"]}"),
        Variants = [("capability", "completion"), ("capability", "thinking"), ("capability", "embedding"), ("capability", "vision")],
    };

    public static readonly ErrorKind ModelCorrupt = new("MODEL_CORRUPT", StatusCode.DataLoss, 500, ["model", "digest", "detail"],
        static f => $"model '{f["model"]}' is damaged: {f["detail"]}")
    {
        Details = static f => [Resource("inference.v1.Model", f["model"], f["detail"]), PullHelp()],
        // Weights that are not there are no weights to it: the model then cannot do what only they can.
        Ollama = static (f, route) => f["missing"] is not "weights" ? new OllamaForm(500, f["detail"]) : route switch
        {
            OllamaRoute.Generate => new OllamaForm(400, $"{GoQuote.Quote(f["model"])} does not support generate"),
            OllamaRoute.Chat => new OllamaForm(400, $"{GoQuote.Quote(f["model"])} does not support chat"),
            _ => ModelNotFound!.OllamaFormOf(f, route),
        },
        Variants = [("missing", "weights")],
    };

    public static readonly ErrorKind ModelUnsupported = new("MODEL_UNSUPPORTED", StatusCode.FailedPrecondition, 500, ["model", "architecture"],
        static f => f["detail"] is { Length: > 0 } detail ? $"model '{f["model"]}' cannot run here: {detail}" : $"model '{f["model"]}' has an unsupported architecture: {f["architecture"]}")
    {
        Details = static f => [Precondition("MODEL", f["model"], $"architecture {f["architecture"]}")],
        Ollama = static (f, _) => f["superseded_by"] is { Length: > 0 } successor
            ? new OllamaForm(500, $"'{successor}' is no longer compatible with your version of Ollama and has been replaced by a newer version. To re-download, run 'ollama pull {successor}'")
            : f["display_name"] is { Length: > 0 } name
                ? new OllamaForm(500, $"{f["detail"]}: this model may be incompatible with your version of Ollama. If you previously pulled this model, try updating it by running `ollama pull {name}`")
                : null,
        Variants = [("detail", "{detail}"), ("display_name", "{display_name}"), ("superseded_by", "{superseded_by}")],
    };

    public static readonly ErrorKind ModelParameterInvalid = new("MODEL_PARAMETER_INVALID", StatusCode.FailedPrecondition, 500, ["model", "option", "expected_type"],
        static f => OptionText(f))
    {
        Details = static f => [Precondition("MODEL_PARAMETER", f["option"], $"the stored value is not of type {f["expected_type"]}")],
    };

    public static readonly ErrorKind RemoteModelUnsupported = new("REMOTE_MODEL_UNSUPPORTED", StatusCode.FailedPrecondition, 400, ["model", "remote_host"],
        static _ => "this server cannot run this remote model")
    {
        Details = static f => [Precondition("REMOTE_MODEL", f["model"], $"lives on {f["remote_host"]}")],
        Ollama = static (f, route) => route is OllamaRoute.Embed or OllamaRoute.Embeddings ? ModelNotFound!.OllamaFormOf(f, route) : null,
    };

    public static readonly ErrorKind RemoteDisabled = new("REMOTE_DISABLED", StatusCode.PermissionDenied, 403, ["operation"],
        static f => $"ollama cloud is disabled: {f["operation"]}")
    {
        // To these routes a model in the store that lives elsewhere is one without weights.
        Ollama = static (f, route) => f["model"].Length > 0 && route is OllamaRoute.Embed or OllamaRoute.Embeddings ? ModelNotFound!.OllamaFormOf(f, route) : null,
        Documented = static (f, _, _) => new OllamaForm(403, f["operation"]),
        Variants = [("model", "{model}")],
    };

    public static readonly ErrorKind SigninRequired = new("SIGNIN_REQUIRED", StatusCode.Unauthenticated, 401, ["signin_url"],
        static _ => "unauthorized")
    {
        Ollama = static (_, route) => route is OllamaRoute.Signout ? new OllamaForm(401, "you are not currently signed in") : null,
    };

    // What a key is needed for decides what is said of its absence: a request that it signs, or a page that is told the key.
    public static readonly ErrorKind IdentityUnreadable = new("IDENTITY_UNREADABLE", StatusCode.FailedPrecondition, 500, ["detail"],
        static f => f["detail"])
    {
        Details = static f => [Precondition("IDENTITY", "id_ed25519", f["detail"])],
        Ollama = static (f, route) => f["purpose"] is "signin" ? new OllamaForm(500, "error getting authorization details") : RemoteForm(f, route),
    };

    public static readonly ErrorKind RemoteUnavailable = new("REMOTE_UNAVAILABLE", StatusCode.Unavailable, 502, ["host", "detail"],
        static f => f["detail"])
    {
        RetryAfter = TimeSpan.FromSeconds(10),
        // It comes through as a gateway's failure where names are passed on, and as its own where a stored model is run elsewhere.
        Ollama = static (f, route) => RemoteForm(f, route) ?? (f["remote_model"].Length > 0 ? new OllamaForm(500, f["detail"]) : null),
    };

    public static readonly ErrorKind RemoteModelNotFound = new("REMOTE_MODEL_NOT_FOUND", StatusCode.NotFound, 404, ["model", "host", "http_status", "detail"],
        static f => RemoteText(f))
    {
        Details = static f => [Resource("inference.v1.Model", f["model"], $"not on {f["host"]}")],
        Ollama = RemoteForm,
    };

    public static readonly ErrorKind RemoteBusy = new("REMOTE_BUSY", StatusCode.ResourceExhausted, 429, ["model", "host", "http_status", "detail"],
        static f => RemoteText(f))
    {
        RetryAfter = TimeSpan.FromSeconds(10),
        Details = static f => [Quota(f["host"], RemoteText(f))],
        Ollama = RemoteForm,
    };

    public static readonly ErrorKind RemoteRefused = new("REMOTE_REFUSED", StatusCode.FailedPrecondition, 400, ["model", "host", "http_status", "detail"],
        static f => RemoteText(f))
    {
        Details = static f => [Precondition("REMOTE", f["host"], RemoteText(f))],
        Ollama = RemoteForm,
    };

    public static readonly ErrorKind RemoteFailed = new("REMOTE_FAILED", StatusCode.Internal, 500, ["model", "host", "http_status", "detail"],
        static f => RemoteText(f))
    {
        Ollama = RemoteForm,
    };

    // The prompt.

    public static readonly ErrorKind ContextLengthExceeded = new("CONTEXT_LENGTH_EXCEEDED", StatusCode.InvalidArgument, 400, ["prompt_tokens", "context_length"],
        static f => $"the prompt has {f["prompt_tokens"]} tokens, more than the context length of {f["context_length"]}")
    {
        Details = static f => [Violation(f["input_index"] is { Length: > 0 } index ? $"inputs[{index}]" : "prompt", $"{f["prompt_tokens"]} tokens do not fit {f["context_length"]}", "CONTEXT_LENGTH_EXCEEDED")],
        Ollama = static (f, route) => new OllamaForm(route is OllamaRoute.Embeddings ? 500 : 400, (f["truncation"], route) switch
        {
            ("failed", OllamaRoute.Embed) => "input exceeds maximum context length and cannot be truncated further",
            ("no_room", OllamaRoute.Embed) => "input after truncation exceeds maximum context length",
            (_, OllamaRoute.Embed or OllamaRoute.Embeddings) => "the input length exceeds the context length",
            ("shift_off", _) => "the prompt is longer than the context length currently available to the model; shorten the prompt, adjust the context length in settings, or use a model with a longer context length",
            _ => RunnerError.ContextExceeded(f["prompt_tokens"], f["context_length"]),
        }),
        Variants = [("truncation", "shift_off"), ("truncation", "failed"), ("truncation", "no_room")],
        Documented = static (_, _, started) => new OllamaForm(400, started ? "context length exceeded" : "prompt size exceeds context length"),
    };

    public static readonly ErrorKind TemplateInvalid = new("TEMPLATE_INVALID", StatusCode.InvalidArgument, 500, ["detail"],
        static f => f["detail"])
    {
        Details = static f => [Violation("template", f["detail"], "TEMPLATE_INVALID")],
        Documented = static (f, _, _) => UndefinedFunction(f),
        Variants = [("detail", "template: :1: function \"{name}\" not defined")],
        Ollama = StoreWords.TemplateInvalid,
    };

    public static readonly ErrorKind TemplateFailed = new("TEMPLATE_FAILED", StatusCode.FailedPrecondition, 500, ["model", "detail"],
        static f => f["detail"])
    {
        Details = static f => [Precondition("TEMPLATE", f["model"], f["detail"])],
        Documented = static (f, _, _) => UndefinedFunction(f),
    };

    public static readonly ErrorKind JsonSchemaInvalid = new("JSON_SCHEMA_INVALID", StatusCode.InvalidArgument, 400, ["field", "pointer", "detail"],
        static f => $"{f["field"]} is not a usable JSON schema at '{f["pointer"]}': {f["detail"]}")
    {
        Details = static f => [Violation(f["field"], $"{f["pointer"]}: {f["detail"]}", "JSON_SCHEMA_INVALID")],
    };

    public static readonly ErrorKind GrammarInvalid = new("GRAMMAR_INVALID", StatusCode.InvalidArgument, 400, ["detail"],
        static f => $"the grammar cannot be used: {f["detail"]}")
    {
        Details = static f => [Violation("format.gbnf", f["detail"], "GRAMMAR_INVALID")],
    };

    public static readonly ErrorKind RegexInvalid = new("REGEX_INVALID", StatusCode.InvalidArgument, 400, ["detail"],
        static f => $"the regular expression cannot be used: {f["detail"]}")
    {
        Details = static f => [Violation("format.regex", f["detail"], "REGEX_INVALID")],
    };

    public static readonly ErrorKind MediaInvalid = new("MEDIA_INVALID", StatusCode.InvalidArgument, 400, ["field", "detail"],
        static f => $"{f["field"]} is not a usable image or sound: {f["detail"]}")
    {
        Details = static f => [Violation(f["field"], f["detail"], "MEDIA_INVALID")],
        // What the /v1 routes find before they know the model, they say in their own words.
        Ollama = static (f, _) => new OllamaForm(f["stage"] is "decode" ? 400 : 500, f["detail"]),
        Variants = [("stage", "decode")],
    };

    public static readonly ErrorKind MediaTooMany = new("MEDIA_TOO_MANY", StatusCode.InvalidArgument, 400, ["count", "limit"],
        static f => $"{f["count"]} images or sounds; the model takes {f["limit"]}")
    {
        Details = static f => [Violation("media", $"at most {f["limit"]}", "MEDIA_TOO_MANY")],
        // Found where the prompt is made, and by one route before.
        Ollama = static (f, route) => f["limit"] is "1"
            ? new OllamaForm(route is OllamaRoute.Generate ? 400 : 500, "this model only supports one image while more than one image requested")
            : null,
        Variants = [("limit", "1")],
    };

    public static readonly ErrorKind TokenOutOfRange = new("TOKEN_OUT_OF_RANGE", StatusCode.InvalidArgument, 400, ["token", "vocabulary_size"],
        static f => $"token {f["token"]} is not in the vocabulary of {f["vocabulary_size"]} tokens")
    {
        Details = static f => [Violation("tokens", $"{f["token"]} is not 0 or more and less than {f["vocabulary_size"]}", "TOKEN_OUT_OF_RANGE")],
    };

    public static readonly ErrorKind AdapterNotFound = new("ADAPTER_NOT_FOUND", StatusCode.NotFound, 404, ["adapter"],
        static f => $"adapter '{f["adapter"]}' not found")
    {
        Details = static f => [Resource("inference.v1.LoraAdapter", f["adapter"], "not in the store")],
    };

    public static readonly ErrorKind AdapterIncompatible = new("ADAPTER_INCOMPATIBLE", StatusCode.FailedPrecondition, 400, ["model", "adapter"],
        static f => $"adapter '{f["adapter"]}' was not made for model '{f["model"]}'")
    {
        Details = static f => [Precondition("ADAPTER", f["adapter"], $"not made for {f["model"]}")],
    };

    // Loading and computing.

    public static readonly ErrorKind ModelLoading = new("MODEL_LOADING", StatusCode.Unavailable, 503, ["model"],
        static f => $"model '{f["model"]}' is being loaded or unloaded")
    {
        RetryAfter = Soon,
        Ollama = static (_, _) => new OllamaForm(503, RunnerError.Loading),
    };

    public static readonly ErrorKind InsufficientMemory = new("INSUFFICIENT_MEMORY", StatusCode.ResourceExhausted, 500, ["model", "device", "required_bytes", "available_bytes"],
        static f => $"failed to load model: out of memory ({f["device"]}: {Size(f["required_bytes"])} needed, {Size(f["available_bytes"])} available)")
    {
        Details = static f => [Quota(f["device"], $"{f["required_bytes"]} bytes needed, {f["available_bytes"]} available")],
        // There the words come from a runner process; here those of the published page.
        Ollama = static (_, _) => new OllamaForm(500, "failed to load model: out of memory"),
    };

    public static readonly ErrorKind LoadFailed = new("LOAD_FAILED", StatusCode.Internal, 500, ["model", "detail"],
        static f => $"failed to load model '{f["model"]}': {f["detail"]}")
    {
        // As above.
        Ollama = static (f, _) => new OllamaForm(500, $"failed to load model: {f["detail"]}"),
    };

    public static readonly ErrorKind LoadStalled = new("LOAD_STALLED", StatusCode.Unavailable, 500, ["model", "waited_ms"],
        static f => $"loading model '{f["model"]}' made no progress for {f["waited_ms"]} ms")
    {
        RetryAfter = TimeSpan.FromSeconds(5),
        // It ends with what the runner wrote meanwhile, which is nothing.
        Ollama = static (_, _) => new OllamaForm(500, "timed out waiting for llama-server to start - "),
    };

    public static readonly ErrorKind EngineFailed = new("ENGINE_FAILED", StatusCode.Internal, 500, ["model", "phase"],
        static f => $"an error was encountered while running the model '{f["model"]}' ({f["phase"]}{(f["detail"] is { Length: > 0 } detail ? $": {detail}" : "")})")
    {
        Ollama = static (f, route) => new OllamaForm(500, EngineText(f, route)),
        Documented = static (f, _, started) => started ? new OllamaForm(500, "an error was encountered while running the model") : null,
        Variants = [("phase", "output"), ("detail", "{detail}")],
    };

    public static readonly ErrorKind EngineOutOfMemory = new("ENGINE_OUT_OF_MEMORY", StatusCode.ResourceExhausted, 500, ["model", "device"],
        static f => $"out of memory on {f["device"]} while running the model '{f["model"]}'")
    {
        Details = static f => [Quota(f["device"], "out of memory")],
        Ollama = static (f, _) => new OllamaForm(500, $"{EngineStopped}: out of memory on {f["device"]}"),
    };

    public static readonly ErrorKind OutputUnparsable = new("OUTPUT_UNPARSABLE", StatusCode.Internal, 500, ["model", "parser", "detail"],
        static f => f["detail"]);

    public static readonly ErrorKind EmbeddingNotFinite = new("EMBEDDING_NOT_FINITE", StatusCode.Internal, 500, ["model", "input_index"],
        static _ => "embedding contains NaN or Inf values")
    {
        Ollama = static (f, route) => route is OllamaRoute.Embed ? new OllamaForm(400, "embedding contains NaN or Inf values") : null,
    };

    public static readonly ErrorKind EmbeddingEmpty = new("EMBEDDING_EMPTY", StatusCode.Internal, 500, ["model", "input_index"],
        static _ => "empty embedding response")
    {
        Ollama = static (f, route) => route is OllamaRoute.Embed ? new OllamaForm(400, "empty embedding response") : null,
    };

    public static readonly ErrorKind TokenizerFailed = new("TOKENIZER_FAILED", StatusCode.Internal, 500, ["operation", "detail"],
        static f => $"{f["operation"]} error: {f["detail"]}")
    {
        Ollama = static (f, route) => route is OllamaRoute.Embed ? new OllamaForm(400, $"{f["operation"]} error: {f["detail"]}") : null,
        Documented = static (f, _, _) => f["operation"] is "tokenize" ? new OllamaForm(500, "failed to tokenize prompt") : null,
        Variants = [("operation", "tokenize")],
    };

    // The store and the registry.

    public static readonly ErrorKind BlobDigestInvalid = new("BLOB_DIGEST_INVALID", StatusCode.InvalidArgument, 400, ["digest"],
        static _ => "invalid digest format")
    {
        Details = static _ => [Violation("digest", "is not sha256: and 64 hexadecimal digits", "BLOB_DIGEST_INVALID")],
        Ollama = StoreWords.BlobDigestInvalid,
        Variants = [("field", "files")],
    };

    public static readonly ErrorKind BlobDigestMismatch = new("BLOB_DIGEST_MISMATCH", StatusCode.InvalidArgument, 400, ["expected", "actual"],
        static f => $"digest mismatch, expected {GoQuote.Quote(f["expected"])}, got {GoQuote.Quote(f["actual"])}")
    {
        Details = static f => [Violation("digest", $"the bytes have {f["actual"]}", "BLOB_DIGEST_MISMATCH")],
    };

    public static readonly ErrorKind BlobNotFound = new("BLOB_NOT_FOUND", StatusCode.NotFound, 404, ["digest"],
        static _ => "blob not found")
    {
        Details = static f => [Resource("inference.v1.Blob", f["digest"], "not in the store")],
        Ollama = StoreWords.BlobNotFound,
        Documented = static (_, route, _) => route is OllamaRoute.Blobs ? new OllamaForm(404, "blob not found") : null,
        Variants = [("field", "files"), ("operation", "{operation}")],
    };

    public static readonly ErrorKind ModelFileInvalid = new("MODEL_FILE_INVALID", StatusCode.InvalidArgument, 400, ["file", "detail"],
        static f => f["detail"])
    {
        Details = static f => [Violation($"files.{f["file"]}", f["detail"], "MODEL_FILE_INVALID")],
        Ollama = StoreWords.ModelFileInvalid,
        Variants = [("field", "files")],
    };

    public static readonly ErrorKind QuantizationInvalid = new("QUANTIZATION_INVALID", StatusCode.InvalidArgument, 500, ["quantization", "supported"],
        static f => $"unsupported quantization type {f["quantization"]} - supported types are {f["supported"]}")
    {
        Details = static f => [Violation("quantize", $"must be one of {f["supported"]}", "QUANTIZATION_INVALID")],
    };

    public static readonly ErrorKind QuantizationFailed = new("QUANTIZATION_FAILED", StatusCode.FailedPrecondition, 500, ["source_quantization", "detail"],
        static f => f["detail"])
    {
        Details = static f => [Precondition("QUANTIZATION", f["source_quantization"], f["detail"])],
    };

    public static readonly ErrorKind StoreFailed = new("STORE_FAILED", StatusCode.Internal, 500, ["operation"],
        static f => $"the model store failed: {f["operation"]}")
    {
        // Routes that look a name up among all manifests tell it in their own way when these cannot be listed; `model` says it was that.
        Ollama = static (f, route) => (f["model"], route) switch
        {
            ({ Length: > 0 }, OllamaRoute.Chat) => new OllamaForm(400, "model is required"),
            ({ Length: > 0 } model, OllamaRoute.Generate or OllamaRoute.Embed or OllamaRoute.Delete) => new OllamaForm(404, $"model '{model}' not found"),
            ({ Length: > 0 }, OllamaRoute.Show or OllamaRoute.Copy or OllamaRoute.Pull or OllamaRoute.Create) => new OllamaForm(400, f["operation"]),
            _ => new OllamaForm(500, f["operation"]),
        },
        Variants = [("model", "{model}")],
    };

    public static readonly ErrorKind StoreFull = new("STORE_FULL", StatusCode.ResourceExhausted, 500, ["required_bytes", "available_bytes"],
        static f => $"the disk of the model store is full: {Size(f["required_bytes"])} needed, {Size(f["available_bytes"])} available")
    {
        Details = static f => [Quota("store", $"{f["required_bytes"]} bytes needed, {f["available_bytes"]} available")],
    };

    public static readonly ErrorKind RegistryModelNotFound = new("REGISTRY_MODEL_NOT_FOUND", StatusCode.NotFound, 500, ["model", "host"],
        static f => f["digest"].Length > 0 ? "file does not exist" : "pull model manifest: file does not exist")
    {
        Details = static f => [Resource("inference.v1.Model", f["model"], $"not on {f["host"]}")],
        Variants = [("digest", "{digest}")],
    };

    public static readonly ErrorKind RegistryUnavailable = new("REGISTRY_UNAVAILABLE", StatusCode.Unavailable, 500, ["host", "detail"],
        static f => f["detail"])
    {
        RetryAfter = TimeSpan.FromSeconds(10),
    };

    public static readonly ErrorKind RegistryRefused = new("REGISTRY_REFUSED", StatusCode.PermissionDenied, 500, ["model", "host", "http_status"],
        static f => $"{f["host"]} refused access to '{f["model"]}' with status {f["http_status"]}")
    {
        Ollama = static (f, _) => f["detail"] is { Length: > 0 } detail ? new OllamaForm(500, detail) : null,
        Variants = [("detail", "{detail}")],
    };

    public static readonly ErrorKind RegistryProtocol = new("REGISTRY_PROTOCOL", StatusCode.Internal, 500, ["host", "http_status", "detail"],
        static f => f["detail"]);

    public static readonly ErrorKind TransferCorrupt = new("TRANSFER_CORRUPT", StatusCode.DataLoss, 500, ["expected", "actual"],
        static f => $"digest mismatch, file must be downloaded again: want {f["expected"]}, got {f["actual"]}")
    {
        Details = static f => [Resource("inference.v1.Blob", f["expected"], $"arrived as {f["actual"]}")],
    };

    private static readonly FrozenDictionary<string, ErrorKind> ByReason = typeof(Catalogue)
        .GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => f.GetValue(null)).OfType<ErrorKind>()
        .DistinctBy(k => k.Reason).ToFrozenDictionary(k => k.Reason);

    /// <summary>All entries, one for each reason.</summary>
    public static IReadOnlyCollection<ErrorKind> All => ByReason.Values;

    public static ErrorKind? Find(string reason) => ByReason.GetValueOrDefault(reason);

    /// <summary>Turns anything thrown into a catalogued error; what the catalogue does not know is INTERNAL, and its words stay here.</summary>
    /// <param name="thrown">What was thrown.</param>
    /// <param name="requestId">Joins the answer to the log line.</param>
    /// <param name="deadlinePassed">Tells a passed deadline from a cancellation: both look alike where they are thrown.</param>
    public static Error From(Exception thrown, string requestId, bool deadlinePassed = false) => thrown switch
    {
        InferenceException known => known.Error,
        OperationCanceledException when deadlinePassed => Cancelled(DeadlineExceeded, thrown),
        OperationCanceledException => Cancelled(RequestCancelled, thrown),
        _ => Internal.For(requestId).Error,
    };

    /// <summary>Marks a cancellation with the phase that it ended: <c>queue</c>, <c>load</c>, <c>prompt</c> or <c>output</c>.</summary>
    public static T InPhase<T>(this T cancelled, string phase) where T : OperationCanceledException
    {
        cancelled.Data[PhaseKey] = phase;
        return cancelled;
    }

    /// <summary>The same failure with one more fact about it. What the catalogue does not know has no facts, and stays as it is.</summary>
    public static Exception With(this Exception failure, string key, string value)
    {
        switch (failure)
        {
            case InferenceException known:
                return new InferenceException(known.Error with { Facts = known.Error.Facts.With(key, value) }, known.InnerException ?? known);
            case OperationCanceledException cancelled:
                cancelled.Data[FactsKey] = new ErrorFacts(new Dictionary<string, string>()).With(key, value);
                return cancelled;
            default:
                return failure;
        }
    }

    /// <summary>The phase that a cancellation is marked with; null for none.</summary>
    public static string? Phase(this OperationCanceledException cancelled) => cancelled.Data[PhaseKey] as string;

    private const string PhaseKey = "inference.phase";
    private const string FactsKey = "inference.facts";

    private static Error Cancelled(ErrorKind kind, Exception thrown)
    {
        var error = kind.For(thrown.Data[PhaseKey] as string ?? "queue").Error;
        return thrown.Data[FactsKey] is ErrorFacts more ? error with { Facts = more.Values.Aggregate(error.Facts, static (f, m) => f.With(m.Key, m.Value)) } : error;
    }

    private static string OptionText(ErrorFacts f) =>
        $"option \"{f["option"]}\" must be of {(f["expected_type"] is "array of strings" ? "an array of strings" : $"type {f["expected_type"]}")}";

    private static string CapabilityText(ErrorFacts f, string verb) => f["capability"] switch
    {
        "completion" when verb.Length > 0 => $"{GoQuote.Quote(f["model"])} does not support {verb}",
        "thinking" => $"{GoQuote.Quote(f["model"])} does not support thinking",
        var capability => $"{f["full_name"]} does not support {capability}",
    };

    private const string NoEmbeddings = "This server does not support embeddings. Start it with `--embeddings`";

    private const string EngineStopped =
        "model runner has unexpectedly stopped, this may be due to resource limitations or an internal error, check ollama server logs for details";

    // What fails before the answer begins is the runner's whole reply; later its stream breaks off, or says so where it knows how to.
    private static string EngineText(ErrorFacts f, OllamaRoute route)
    {
        var detail = f["detail"];
        return f["phase"] is not "output"
            ? detail.Length == 0 ? EngineStopped : Verb(route).Length == 0 ? detail : RunnerError.Server(detail)
            : detail.Length > 0 && IsOfWeights(f, route) ? $"llama-server chat error: map[code:500 message:{detail} type:server_error]"
            : $"an error was encountered while running the model: {(detail.Length > 0 ? detail : "unexpected EOF")}";
    }

    // The runner applies the template of the weights: then it answers by another of its routes.
    private static bool IsOfWeights(ErrorFacts f, OllamaRoute route) => route is OllamaRoute.Chat && f["chat_template"] is "jinja";

    private static string Verb(OllamaRoute route) => route switch
    {
        OllamaRoute.Chat => "chat",
        OllamaRoute.Generate => "generate",
        _ => "",
    };

    // template: :1: function "f" not defined
    private static OllamaForm? UndefinedFunction(ErrorFacts f) => UndefinedFunctionText().Match(f["detail"]) is { Success: true } match
        ? new OllamaForm(500, $"template: undefined function {match.Groups["name"].Value}")
        : null;

    [GeneratedRegex("^template: .*: function (?<name>\".*\") not defined$", RegexOptions.ExplicitCapture)]
    private static partial Regex UndefinedFunctionText();

    private static string RemoteText(ErrorFacts f) => f["detail"] is { Length: > 0 } detail ? detail : $"{f["host"]} answered with status {f["http_status"]}";

    // What another server answered, which is passed on with its status; a status of success is one of a stream that failed.
    private static OllamaForm? RemoteForm(ErrorFacts f, OllamaRoute route) => route switch
    {
        OllamaRoute.Account => new OllamaForm(503, "account unavailable"),
        OllamaRoute.Signout => new OllamaForm(500, "there was an error signing out"),
        _ => int.TryParse(f["http_status"], CultureInfo.InvariantCulture, out var status) ? new OllamaForm(status >= 400 ? status : 500, f["detail"]) : null,
    };

    private static string Quoted(string text) => $"\"{text}\"";

    private static string Size(string bytes) => long.TryParse(bytes, CultureInfo.InvariantCulture, out var n)
        ? n >= 1 << 30 ? $"{n / (double)(1 << 30):0.0} GiB" : $"{n / (double)(1 << 20):0.0} MiB"
        : bytes;

    private static BadRequest Violation(string field, string description, string reason) =>
        new() { FieldViolations = { new BadRequest.Types.FieldViolation { Field = field, Description = description, Reason = reason } } };

    private static PreconditionFailure Precondition(string type, string subject, string description) =>
        new() { Violations = { new PreconditionFailure.Types.Violation { Type = type, Subject = subject, Description = description } } };

    private static QuotaFailure Quota(string subject, string description) =>
        new() { Violations = { new QuotaFailure.Types.Violation { Subject = subject, Description = description } } };

    private static ResourceInfo Resource(string type, string name, string description) =>
        new() { ResourceType = type, ResourceName = name, Description = description };

    private static Help PullHelp() =>
        new() { Links = { new Help.Types.Link { Description = "Pull it with `ollama pull`, into the directory that OLLAMA_MODELS names; models to pull:", Url = "https://ollama.com/library" } } };
}
