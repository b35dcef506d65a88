using System.Text.Json;
using System.Text.Json.Serialization;
using Google.Rpc;
using Grpc.Core;
using Inference.Client;

namespace Inference.ClientTests.Errors;

/// <summary>All that a client can read of a failure, in one form for all languages: what their scripts print, and what the tests compare.</summary>
internal sealed record DecodedFailure
{
    /// <summary>Names of the client's types, without what the language puts after them, by gRPC code.</summary>
    private static readonly Dictionary<StatusCode, string> Families = new()
    {
        [StatusCode.NotFound] = "NotFound",
        [StatusCode.InvalidArgument] = "InvalidArgument",
        [StatusCode.FailedPrecondition] = "FailedPrecondition",
        [StatusCode.ResourceExhausted] = "ResourceExhausted",
        [StatusCode.Unavailable] = "Unavailable",
        [StatusCode.Cancelled] = "Cancelled",
        [StatusCode.DeadlineExceeded] = "DeadlineExceeded",
        [StatusCode.DataLoss] = "DataLoss",
        [StatusCode.Unauthenticated] = "Unauthenticated",
        [StatusCode.PermissionDenied] = "PermissionDenied",
        [StatusCode.Unimplemented] = "Unimplemented",
        [StatusCode.Internal] = "Internal",
    };

    private static readonly JsonSerializerOptions Form = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public required string Family { get; init; }

    public required int Code { get; init; }

    public required string Message { get; init; }

    public required string Reason { get; init; }

    public required string Domain { get; init; }

    public required SortedDictionary<string, string> Metadata { get; init; }

    public required IReadOnlyList<IReadOnlyList<string>> FieldViolations { get; init; }

    public required IReadOnlyList<IReadOnlyList<string>> PreconditionViolations { get; init; }

    public required IReadOnlyList<IReadOnlyList<string>> QuotaViolations { get; init; }

    public required IReadOnlyList<string>? Resource { get; init; }

    public required IReadOnlyList<IReadOnlyList<string>> HelpLinks { get; init; }

    public required double? RetryDelayMs { get; init; }

    public required string? RequestId { get; init; }

    /// <summary>What the server sent, read without a client.</summary>
    /// <param name="sent">The status; null for one that the client's own library made.</param>
    /// <param name="code">The code of the call.</param>
    /// <param name="message">The message of the call.</param>
    /// <param name="requestId">The id that the caller gave.</param>
    public static DecodedFailure OfServer(Google.Rpc.Status? sent, StatusCode code, string message, string? requestId)
    {
        var info = sent?.GetDetail<ErrorInfo>();
        return new DecodedFailure
        {
            Family = Families[code],
            Code = (int)code,
            Message = message,
            Reason = info?.Reason ?? "",
            Domain = info?.Domain ?? "",
            Metadata = Sorted(info?.Metadata ?? []),
            FieldViolations = Rows(sent?.GetDetail<BadRequest>()?.FieldViolations, static v => [v.Field, v.Description, v.Reason]),
            PreconditionViolations = Rows(sent?.GetDetail<PreconditionFailure>()?.Violations, static v => [v.Type, v.Subject, v.Description]),
            QuotaViolations = Rows(sent?.GetDetail<QuotaFailure>()?.Violations, static v => [v.Subject, v.Description]),
            Resource = sent?.GetDetail<ResourceInfo>() is { } r ? [r.ResourceType, r.ResourceName, r.Description] : null,
            HelpLinks = Rows(sent?.GetDetail<Help>()?.Links, static l => [l.Description, l.Url]),
            RetryDelayMs = sent?.GetDetail<RetryInfo>()?.RetryDelay is { } d ? (d.Seconds * 1000) + (d.Nanos / 1_000_000.0) : null,
            RequestId = sent?.GetDetail<RequestInfo>()?.RequestId ?? requestId,
        };
    }

    /// <summary>What the C# client made of it.</summary>
    public static DecodedFailure OfClient(Client.InferenceException e) => new()
    {
        Family = e.GetType().Name[..^"Exception".Length],
        Code = (int)e.StatusCode,
        Message = e.Message,
        Reason = e.Reason,
        Domain = e.Details.Domain,
        Metadata = Sorted(e.Metadata),
        FieldViolations = Rows(e.Details.FieldViolations, static v => [v.Field, v.Description, v.Reason]),
        PreconditionViolations = Rows(e.Details.PreconditionViolations, static v => [v.Type, v.Subject, v.Description]),
        QuotaViolations = Rows(e.Details.QuotaViolations, static v => [v.Subject, v.Description]),
        Resource = e.Details.Resource is { } r ? [r.ResourceType, r.ResourceName, r.Description] : null,
        HelpLinks = Rows(e.Details.HelpLinks, static l => [l.Description, l.Url]),
        RetryDelayMs = e.RetryDelay?.TotalMilliseconds,
        RequestId = e.RequestId,
    };

    public static DecodedFailure OfJson(JsonElement printed) => printed.Deserialize<DecodedFailure>(Form)!;

    /// <summary>Without a measured value, and what is said of it: it may be another in the next call.</summary>
    /// <param name="key">Its key in the metadata; empty for none.</param>
    public DecodedFailure Without(string key) => key.Length == 0 ? this : this with
    {
        Message = "",
        Metadata = Sorted(Metadata.Where(m => m.Key != key)),
        QuotaViolations = [],
    };

    /// <summary>All of it as text, keys in order: two are equal if their texts are.</summary>
    public override string ToString() => JsonSerializer.Serialize(this, Form);

    private static SortedDictionary<string, string> Sorted(IEnumerable<KeyValuePair<string, string>> metadata) =>
        new(metadata.ToDictionary(StringComparer.Ordinal), StringComparer.Ordinal);

    private static List<IReadOnlyList<string>> Rows<T>(IEnumerable<T>? found, Func<T, string[]> row) => [.. (found ?? []).Select(row)];
}
