using System.Collections.Frozen;
using System.Globalization;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Inference.V1;

namespace Inference.Client;

/// <summary>What a failed call says besides its code: the details of <c>google.rpc.Status</c>, by type. What was not sent is empty.</summary>
public sealed record ErrorDetails
{
    private const string RequestIdHeader = "x-request-id";
    private const string PushbackHeader = "grpc-retry-pushback-ms";

    private static readonly EnumDescriptor Reasons = ErrorsReflection.Descriptor.FindTypeByName<EnumDescriptor>(nameof(ErrorReason));

    /// <summary>Name of an <see cref="ErrorReason"/> without its prefix, for example <c>MODEL_NOT_FOUND</c>; empty where the failure is not the server's own.</summary>
    public string Reason { get; init; } = "";

    /// <summary>The same as a value; unspecified for one that this client does not know yet: decide by the code then.</summary>
    public ErrorReason KnownReason => (ErrorReason)(Reasons.FindValueByName($"ERROR_REASON_{Reason}")?.Number ?? 0);

    /// <summary>Who gives the reason its meaning: <c>inference</c>.</summary>
    public string Domain { get; init; } = "";

    /// <summary>Every variable part of the message, under the keys that the reason has in <c>errors.proto</c>.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>The fields that are wrong, all of them at once.</summary>
    public IReadOnlyList<BadRequest.Types.FieldViolation> FieldViolations { get; init; } = [];

    /// <summary>What must be changed before such a call can succeed.</summary>
    public IReadOnlyList<PreconditionFailure.Types.Violation> PreconditionViolations { get; init; } = [];

    /// <summary>What is used up.</summary>
    public IReadOnlyList<QuotaFailure.Types.Violation> QuotaViolations { get; init; } = [];

    /// <summary>What is absent or damaged.</summary>
    public ResourceInfo? Resource { get; init; }

    /// <summary>Where people read on.</summary>
    public IReadOnlyList<Help.Types.Link> HelpLinks { get; init; } = [];

    /// <summary>How long to wait before the same call may succeed. Null: do not retry.</summary>
    public TimeSpan? RetryDelay { get; init; }

    /// <summary>What the server's log knows the call by.</summary>
    public string? RequestId { get; init; }

    /// <summary>Reads them from the trailers, and the id of the call also from the headers.</summary>
    internal static ErrorDetails Of(RpcException failure, Metadata? headers)
    {
        var sent = failure.GetRpcStatus();
        var error = Of(sent);
        return error with
        {
            RequestId = error.RequestId ?? failure.Trailers.GetValue(RequestIdHeader) ?? headers?.GetValue(RequestIdHeader),
            RetryDelay = Wait(failure.Trailers.GetValue(PushbackHeader), error.RetryDelay),
        };
    }

    // As gRPC's retry design reads the trailer: what is no number, or below zero, says not to retry.
    private static TimeSpan? Wait(string? pushback, TimeSpan? told) =>
        pushback is null ? told
        : int.TryParse(pushback, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds) ? told ?? TimeSpan.FromMilliseconds(milliseconds)
        : null;

    private static ErrorDetails Of(Google.Rpc.Status? sent)
    {
        var info = sent?.GetDetail<ErrorInfo>();
        return new ErrorDetails
        {
            Reason = info?.Reason ?? "",
            Domain = info?.Domain ?? "",
            Metadata = info?.Metadata.ToFrozenDictionary() ?? FrozenDictionary<string, string>.Empty,
            FieldViolations = sent?.GetDetail<BadRequest>()?.FieldViolations ?? [],
            PreconditionViolations = sent?.GetDetail<PreconditionFailure>()?.Violations ?? [],
            QuotaViolations = sent?.GetDetail<QuotaFailure>()?.Violations ?? [],
            Resource = sent?.GetDetail<ResourceInfo>(),
            HelpLinks = sent?.GetDetail<Help>()?.Links ?? [],
            RetryDelay = sent?.GetDetail<RetryInfo>()?.RetryDelay?.ToTimeSpan(),
            RequestId = sent?.GetDetail<RequestInfo>()?.RequestId,
        };
    }
}
