using Inference.Errors;

namespace Inference.HttpErrors;

/// <summary>Where a failure is to be told: all that <see cref="ErrorRenderer"/> knows besides the status.</summary>
/// <param name="Route">Whose words: a /v1 route has those of the native route behind it.</param>
public sealed record ErrorContext(OllamaRoute Route)
{
    public ErrorForm Form { get; init; } = ErrorForm.Ollama;

    public ErrorPhase Phase { get; init; } = ErrorPhase.Whole;

    public ErrorDialect Dialect { get; init; } = ErrorDialect.Head;

    /// <summary>The call's id, from which the ids of bodies that have one are made.</summary>
    public string RequestId { get; init; } = "";
}

/// <summary>The shapes of an error body.</summary>
public enum ErrorForm
{
    /// <summary><c>{"error":"…"}</c>, on the native routes.</summary>
    Ollama,

    /// <summary><c>{"error":{"message":"…","type":"…","param":null,"code":null}}</c>, under /v1.</summary>
    OpenAi,

    /// <summary><c>{"type":"error","error":{"type":"…","message":"…"},"request_id":"req_…"}</c>, of /v1/messages.</summary>
    Anthropic,
}

/// <summary>How far a reply has come when it fails. Ollama has a writer of its own for each, and clients see which it was.</summary>
public enum ErrorPhase
{
    /// <summary>The request of a /v1 route is not understood: said before the native route behind it is asked.</summary>
    Decoding,

    /// <summary>A reply of one piece, or a stream that was not to begin yet.</summary>
    Whole,

    /// <summary>A stream was asked for and nothing of it is sent.</summary>
    Stream,

    /// <summary>Lines were sent: the status is out.</summary>
    StreamStarted,

    /// <summary>The last line of a stream that is collected for a client that wants one piece: pull, push and create.</summary>
    Awaited,
}
