using System.Text.Json;
using System.Text.Json.Nodes;

namespace Inference.ClientTests.Errors;

/// <summary>Which server a call goes to.</summary>
internal enum Target
{
    /// <summary>The real server, computing with the embedded model, over a store with some models that are broken.</summary>
    Real,

    /// <summary>The real server over engines that fail as their models are called.</summary>
    Scripted,

    /// <summary>The real server, on its way out.</summary>
    Draining,

    /// <summary>A service that fails as it is asked to.</summary>
    Failing,
}

/// <summary>One call that has to fail.</summary>
/// <param name="Name">What is wrong.</param>
/// <param name="Reason">How it fails; empty where the client's own library ends the call.</param>
/// <param name="Method">Of package inference.v1, as <c>Service/Method</c>.</param>
/// <param name="Request">The message in JSON, field names as in the protos.</param>
internal sealed record Provocation(string Name, string Reason, string Method, string Request)
{
    /// <summary>In a request, for the address of another server.</summary>
    public const string Elsewhere = "{elsewhere}";

    public Target Target { get; init; }

    /// <summary>Headers of the call. The id is there to be found in what comes back.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Its deadline. Long for a call that shall fail in another way.</summary>
    public int TimeoutMs { get; init; } = 60_000;

    public string RequestId => $"provoked-{Name.Replace(' ', '-')}";

    /// <summary>As the scripts of the other languages read it: one line.</summary>
    public string ToLine(Uri address) => new JsonObject
    {
        ["name"] = Name,
        ["address"] = address.Authority,
        ["method"] = Method,
        ["request"] = JsonNode.Parse(Request),
        ["headers"] = JsonSerializer.SerializeToNode(new Dictionary<string, string>(Headers) { ["x-request-id"] = RequestId }),
        ["timeout_ms"] = TimeoutMs,
    }.ToJsonString();
}

/// <summary>How a call ended for a client.</summary>
/// <param name="Messages">How many came before the end.</param>
/// <param name="Failure">Null for one that succeeded.</param>
internal sealed record CallEnd(int Messages, DecodedFailure? Failure)
{
    public static CallEnd OfJson(JsonElement printed) => new(
        printed.GetProperty("messages").GetInt32(),
        printed.GetProperty("failure") is { ValueKind: not JsonValueKind.Null } failure ? DecodedFailure.OfJson(failure) : null);
}
