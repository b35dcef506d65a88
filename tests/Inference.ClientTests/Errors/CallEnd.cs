using System.Text.Json;

namespace Inference.ClientTests.Errors;

/// <summary>How a call ended for a client.</summary>
/// <param name="Messages">How many came before the end.</param>
/// <param name="Failure">Null for one that succeeded.</param>
internal sealed record CallEnd(int Messages, DecodedFailure? Failure)
{
    public static CallEnd OfJson(JsonElement printed) => new(
        printed.GetProperty("messages").GetInt32(),
        printed.GetProperty("failure") is { ValueKind: not JsonValueKind.Null } failure ? DecodedFailure.OfJson(failure) : null);
}
