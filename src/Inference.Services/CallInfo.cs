namespace Inference.Services;

/// <summary>What every door knows of a call besides its message.</summary>
/// <param name="RequestId">The caller's <c>x-request-id</c>, or one that the server made.</param>
/// <param name="Arrival">When it arrived.</param>
/// <param name="Deadline">When the caller will have given up; null for never.</param>
public sealed record CallInfo(string RequestId, DateTimeOffset Arrival, DateTimeOffset? Deadline = null);
