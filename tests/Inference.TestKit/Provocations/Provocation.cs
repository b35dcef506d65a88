using System.Text.Json;
using System.Text.Json.Nodes;

namespace Inference.TestKit.Provocations;

/// <summary>Which server of a <see cref="ProvocationScene"/> a call goes to.</summary>
public enum Target
{
    /// <summary>Computes with the embedded model, over a store with some models that are broken.</summary>
    Real,

    /// <summary>Over engines that recite, or fail as their models are called; its clock moves when they say so.</summary>
    Scripted,

    /// <summary>Has a load under way that does not end, a queue of one, and no key.</summary>
    Busy,

    /// <summary>Has a store that cannot be listed.</summary>
    Broken,

    /// <summary>Is on its way out.</summary>
    Draining,
}

/// <summary>One call that has to fail.</summary>
/// <param name="Name">What is wrong.</param>
/// <param name="Reason">How it fails.</param>
/// <param name="Method">Of package inference.v1, as <c>Service/Method</c>; another package is spelled out. Empty where the contract has no such call.</param>
/// <param name="Request">The message in JSON, field names as in the protos.</param>
public sealed record Provocation(string Name, string Reason, string Method, string Request)
{
    public Target Target { get; init; }

    /// <summary>Headers of the call, over gRPC and transcoded.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Its deadline, over gRPC and transcoded. Long for a call that shall fail in another way.</summary>
    public int TimeoutMs { get; init; } = 60_000;

    /// <summary>The bytes of the message, where it shall not be one.</summary>
    public IReadOnlyList<byte>? Bytes { get; init; }

    /// <summary>False for what no client library sends.</summary>
    public bool ForClients { get; init; } = true;

    /// <summary>The transcoded call, where it is not the one that the contract makes of the message.</summary>
    public HttpTwin? Rest { get; init; }

    /// <summary>The same on a route of Ollama's; null where no route can be asked so.</summary>
    public HttpTwin? Ollama { get; init; }

    /// <summary>What the failure says was measured: it may be another value in the next call.</summary>
    public string Measured { get; init; } = "";

    public string RequestId => $"provoked-{Name.Replace(' ', '-').Replace(",", "", StringComparison.Ordinal)}";

    /// <summary>As the scripts of the clients read it: one line.</summary>
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

/// <summary>A request over HTTP that fails in the same way.</summary>
/// <param name="Method">The method.</param>
/// <param name="Path">The path.</param>
/// <param name="Body">The body.</param>
public sealed record HttpTwin(string Method, string Path, string Body)
{
    /// <summary>Sent packed with zstd.</summary>
    public bool Packed { get; init; }

    /// <summary>What of the failure has words of this door's own, because only its JSON can be wrong like this: metadata by key.</summary>
    public IReadOnlyDictionary<string, string> Facts { get; init; } = new Dictionary<string, string>();
}
