using Inference.Errors;
using Inference.V1;

namespace Inference.Services.Upkeep;

/// <summary>
/// What a dialect of HTTP was sent in place of a value of the contract's type. It is no fault of the request as a whole: Ollama finds it
/// where it comes to use the value, after other faults, and so it is thrown there.
/// </summary>
/// <param name="Overrides">FIELD_INVALID for a member of <c>info</c>.</param>
/// <param name="Licenses">REQUEST_MALFORMED for <c>license</c>.</param>
public sealed record CreateFaults(InferenceException? Overrides, InferenceException? Licenses)
{
    public static CreateFaults None { get; } = new(null, null);

    /// <summary>Files that were named beside a model to make it from: they are looked at, and not used. The contract has either.</summary>
    public ModelFiles? UnusedFiles { get; init; }
}
