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

    // Some clients lose a call whose trailers exceed 8 KiB; base64 and the other trailers need room as well.
    private const int LargestStatus = 4096;
    private const int LongestMessage = 1024;
    private const int LongestValue = 256;

    /// <summary>All field violations, for kinds that report several at once.</summary>
    public IReadOnlyList<BadRequest.Types.FieldViolation> Violations { get; init; } = [];

    public string Message => Kind.MessageOf(Facts);

    public TimeSpan? RetryAfter => Kind.RetryAfter;

    public OllamaForm ToOllama(OllamaRoute route) => Kind.OllamaFormOf(Facts, route);

    public Google.Rpc.Status ToStatus()
    {
        var status = new Google.Rpc.Status { Code = (int)Kind.Code, Message = Cut(Message, LongestMessage) };
        var info = new ErrorInfo { Reason = Kind.Reason, Domain = Domain };
        foreach (var (key, value) in Facts.Values)
        {
            info.Metadata[key] = Cut(value, LongestValue);
        }

        status.Details.Add(Any.Pack(info));
        foreach (var detail in AllDetails())
        {
            Add(status, detail);
        }

        return status;
    }

    /// <summary>Reads back what <see cref="ToStatus"/> wrote; null for a status that is not from this catalogue.</summary>
    public static Error? FromStatus(Google.Rpc.Status status)
    {
        foreach (var detail in status.Details)
        {
            if (detail.TryUnpack<ErrorInfo>(out var info) && info.Domain == Domain && Catalogue.Find(info.Reason) is { } kind)
            {
                return new Error(kind, new ErrorFacts(new Dictionary<string, string>(info.Metadata)));
            }
        }

        return null;
    }

    // What does not fit is left out; of many violations the first are kept.
    private static void Add(Google.Rpc.Status status, IMessage detail)
    {
        status.Details.Add(Any.Pack(detail));
        while (status.CalculateSize() > LargestStatus)
        {
            status.Details.RemoveAt(status.Details.Count - 1);
            if (detail is not BadRequest { FieldViolations.Count: > 1 } bad)
            {
                return;
            }

            detail = new BadRequest { FieldViolations = { bad.FieldViolations.Take(bad.FieldViolations.Count / 2) } };
            status.Details.Add(Any.Pack(detail));
        }
    }

    private IEnumerable<IMessage> AllDetails()
    {
        if (RetryAfter is { } wait)
        {
            yield return new RetryInfo { RetryDelay = Duration.FromTimeSpan(wait) };
        }

        if (Violations.Count > 0)
        {
            yield return new BadRequest { FieldViolations = { Violations } };
            yield break;
        }

        foreach (var detail in Kind.Details?.Invoke(Facts) ?? [])
        {
            yield return detail;
        }
    }

    private static string Cut(string text, int bytes)
    {
        if (System.Text.Encoding.UTF8.GetByteCount(text) <= bytes)
        {
            return text;
        }

        var length = 0;
        var used = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (used + rune.Utf8SequenceLength > bytes)
            {
                break;
            }

            used += rune.Utf8SequenceLength;
            length += rune.Utf16SequenceLength;
        }

        return text[..length];
    }
}
