using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;

namespace Inference.Errors;

/// <summary>A call failed in a way that the catalogue knows. Nobody adds a word to it later.</summary>
public sealed class InferenceException(Error error, Exception? cause = null) : Exception(error.Message, cause)
{
    public Error Error { get; } = error;
}

/// <summary>One failure: its kind and the variable parts. Becomes a google.rpc.Status, and can be read back from one.</summary>
public sealed record Error(ErrorKind Kind, ErrorFacts Facts)
{
    /// <summary>Domain of every ErrorInfo.</summary>
    public const string Domain = "inference";

    /// <summary>All field violations, for kinds that report several at once.</summary>
    public IReadOnlyList<BadRequest.Types.FieldViolation> Violations { get; init; } = [];

    public string Message => Kind.MessageOf(Facts.Told());

    public TimeSpan? RetryAfter => Kind.RetryAfter;

    public OllamaForm ToOllama(OllamaRoute route) => Kind.OllamaFormOf(Facts, route);

    /// <summary>The whole of it. What goes on the wire is <see cref="StatusLimit.Fitted"/>.</summary>
    public Google.Rpc.Status ToStatus()
    {
        var facts = Facts.Told();
        var status = new Google.Rpc.Status { Code = (int)Kind.Code, Message = Kind.MessageOf(facts) };
        status.Details.Add(Any.Pack(new ErrorInfo { Reason = Kind.Reason, Domain = Domain, Metadata = { facts.Values.ToDictionary() } }));
        status.Details.Add(AllDetails(facts).Select(Any.Pack));
        return status;
    }

    /// <summary>Reads back what <see cref="ToStatus"/> wrote; null for a status that is not from this catalogue.</summary>
    public static Error? FromStatus(Google.Rpc.Status status)
    {
        foreach (var detail in status.Details)
        {
            if (detail.TryUnpack<ErrorInfo>(out var info) && info.Domain == Domain && Catalogue.Find(info.Reason) is { } kind)
            {
                return new Error(kind, new ErrorFacts(BrokenText.Heard(info.Metadata)));
            }
        }

        return null;
    }

    // All violations at once, in the place of the kind's own detail, which knows of one.
    private IEnumerable<IMessage> AllDetails(ErrorFacts facts) => Violations.Count == 0
        ? Kind.ToDetails(facts)
        : Kind.ToDetails(facts).OfType<RetryInfo>().Append<IMessage>(new BadRequest { FieldViolations = { Violations } });
}
