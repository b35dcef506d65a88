using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;

namespace Inference.Errors;

/// <summary>One way a call can fail: what gRPC, google.rpc and Ollama clients each see of it.</summary>
public sealed class ErrorKind
{
    private readonly Func<ErrorFacts, string> _message;

    /// <param name="reason">Name of the ErrorReason value without its prefix.</param>
    /// <param name="code">The gRPC code that always goes with it.</param>
    /// <param name="http">The status of Ollama's routes.</param>
    /// <param name="keys">Metadata keys that are always present, in the order of the values of <see cref="For"/>.</param>
    /// <param name="message">The sentence: Ollama's, where it has one for this condition.</param>
    internal ErrorKind(string reason, StatusCode code, int http, string[] keys, Func<ErrorFacts, string> message)
    {
        (Reason, Code, Http, Keys) = (reason, code, http, keys);
        _message = message;
    }

    public string Reason { get; }

    public StatusCode Code { get; }

    public int Http { get; }

    public IReadOnlyList<string> Keys { get; }

    /// <summary>The status of transcoded REST: that of google/rpc/code.proto, unless the entry has one of its own.</summary>
    public int Rest
    {
        get => field > 0 ? field : Code switch
        {
            StatusCode.InvalidArgument or StatusCode.FailedPrecondition => 400,
            StatusCode.Unauthenticated => 401,
            StatusCode.PermissionDenied => 403,
            StatusCode.NotFound => 404,
            StatusCode.ResourceExhausted => 429,
            StatusCode.Cancelled => 499,
            StatusCode.Unimplemented => 501,
            StatusCode.Unavailable => 503,
            StatusCode.DeadlineExceeded => 504,
            _ => 500,
        };
        init;
    }

    /// <summary>When the same request may succeed without anybody changing anything; null where a retry cannot help.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Typed details besides ErrorInfo and RetryInfo.</summary>
    public Func<ErrorFacts, IMessage[]>? Details { get; init; }

    /// <summary>What an Ollama route says where it differs from <see cref="Http"/> and the message.</summary>
    public Func<ErrorFacts, OllamaRoute, OllamaForm?>? Ollama { get; init; }

    /// <summary>Facts with values on which a text depends, for the listing.</summary>
    public IReadOnlyList<(string Key, string Value)> Variants { get; init; } = [];

    /// <summary>RetryInfo and the kind's own details.</summary>
    public IEnumerable<IMessage> ToDetails(ErrorFacts facts)
    {
        if (RetryAfter is { } wait)
        {
            yield return new RetryInfo { RetryDelay = Duration.FromTimeSpan(wait) };
        }

        foreach (var detail in Details?.Invoke(facts) ?? [])
        {
            yield return detail;
        }
    }

    public string MessageOf(ErrorFacts facts) => _message(facts);

    /// <summary>What the published error page says where it differs from that. Its third argument: whether the reply has begun.</summary>
    public Func<ErrorFacts, OllamaRoute, bool, OllamaForm?>? Documented { get; init; }

    /// <param name="facts">The variable parts.</param>
    /// <param name="route">Whose words.</param>
    /// <param name="dialect">The real server's words, or the page's.</param>
    /// <param name="started">Whether the reply has begun.</param>
    public OllamaForm OllamaFormOf(ErrorFacts facts, OllamaRoute route, ErrorDialect dialect = ErrorDialect.Head, bool started = false) =>
        (dialect is ErrorDialect.Documented ? Documented?.Invoke(facts, route, started) : null)
        ?? Ollama?.Invoke(facts, route)
        ?? new OllamaForm(Http, _message(facts));

    /// <summary>The failure with these values for <see cref="Keys"/>, in their order.</summary>
    public InferenceException For(params ReadOnlySpan<object?> values) => new(new Error(this, Facts(values)));

    /// <summary>The same, with what caused it: for the log, never for the client.</summary>
    public InferenceException Because(Exception cause, params ReadOnlySpan<object?> values) => new(new Error(this, Facts(values)), cause);

    private ErrorFacts Facts(ReadOnlySpan<object?> values)
    {
        if (values.Length != Keys.Count)
        {
            throw new ArgumentException($"{Reason} takes {Keys.Count} values ({string.Join(", ", Keys)}), not {values.Length}", nameof(values));
        }

        var facts = new Dictionary<string, string>(values.Length);
        for (var i = 0; i < values.Length; i++)
        {
            facts[Keys[i]] = FormattableString.Invariant($"{values[i]}");
        }

        return new ErrorFacts(facts);
    }
}

/// <summary>The variable parts of one failure, by metadata key. A key that is absent reads as empty.</summary>
public sealed class ErrorFacts(IReadOnlyDictionary<string, string> values)
{
    public static readonly ErrorFacts None = new(new Dictionary<string, string>());

    public IReadOnlyDictionary<string, string> Values { get; } = values;

    public string this[string key] => Values.TryGetValue(key, out var value) ? value : "";

    public ErrorFacts With(string key, string value) => new(new Dictionary<string, string>(Values) { [key] = value });
}

/// <summary>Status and text of an Ollama route's error.</summary>
public readonly record struct OllamaForm(int Status, string Text);

/// <summary>Whose words an error has where Ollama and its documentation disagree.</summary>
public enum ErrorDialect
{
    /// <summary>The server's, as it answers today.</summary>
    Head,

    /// <summary>Those of the published error page, literally.</summary>
    Documented,
}

/// <summary>The Ollama routes that word the same condition differently.</summary>
public enum OllamaRoute
{
    /// <summary>Any route without words of its own.</summary>
    Other,
    Generate,
    Chat,
    Embed,
    Embeddings,
    Show,
    Create,
    Copy,
    Delete,
    Pull,
    Push,
    Blobs,

    /// <summary>Who is signed in.</summary>
    Account,
    Signout,
}
