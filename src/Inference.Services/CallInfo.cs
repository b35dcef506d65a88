namespace Inference.Services;

/// <summary>What every door knows of a call besides its message.</summary>
/// <param name="RequestId">The caller's <c>x-request-id</c>, or one that the server made.</param>
/// <param name="Arrival">When it arrived.</param>
/// <param name="Deadline">When the caller will have given up; null for never.</param>
public sealed record CallInfo(string RequestId, DateTimeOffset Arrival, DateTimeOffset? Deadline = null)
{
    /// <summary>
    /// The dialect of the door allows what the contract calls a mistake, such as a message without a role, a tool without a name or an
    /// empty stop text. Only what the engine itself needs is checked then.
    /// </summary>
    public bool Lenient { get; init; }
}
