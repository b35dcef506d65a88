using Inference.Errors;
using Inference.Services.Calls;
using Inference.Store.Identity;
using Inference.Store.Names;
using Inference.Store.Remote;

namespace Inference.Services.Remote;

/// <summary>A request that is passed on as it is.</summary>
/// <param name="Method">Its method.</param>
/// <param name="Path">The path there.</param>
/// <param name="Query">Without its question mark.</param>
/// <param name="Headers">Those that do not belong to the connection.</param>
/// <param name="Body">Its body.</param>
public sealed record ForwardedRequest(string Method, string Path, string Query, IReadOnlyList<KeyValuePair<string, string>> Headers, ReadOnlyMemory<byte> Body);

/// <summary>The server that answers for names ending in <c>:cloud</c>, and for searches of the web.</summary>
public sealed class Cloud
{
    private readonly CloudPolicy _policy;
    private readonly RemoteClient _client;
    private readonly Drain _drain;

    internal Cloud(CloudPolicy policy, RemoteClient client, Drain drain) => (_policy, _client, _drain) = (policy, client, drain);

    public bool Disabled => _policy.Disabled;

    /// <summary>Who disabled it: <c>none</c>, <c>env</c>, <c>config</c> or <c>both</c>.</summary>
    public string DisabledBy => _policy.Source;

    /// <summary>The name there of a model that is asked for there; null for any other, and for what is no name.</summary>
    public static string? NameOf(string spelling)
    {
        try
        {
            return ModelReference.Parse(spelling) is { Source: ModelSource.Cloud } reference ? reference.Base : null;
        }
        catch (InferenceException)
        {
            return null;
        }
    }

    /// <summary>Passes a request on. The answer is whatever comes back, a failure too.</summary>
    /// <param name="request">The request.</param>
    /// <param name="operation">What is unavailable where this is not allowed.</param>
    /// <param name="ct">Ends it.</param>
    /// <exception cref="InferenceException">REMOTE_DISABLED, SIGNIN_REQUIRED without a key, REMOTE_UNAVAILABLE.</exception>
    public async Task<HttpResponseMessage> ForwardAsync(ForwardedRequest request, string operation, CancellationToken ct)
    {
        _drain.Admit();
        if (_policy.Disabled)
        {
            throw Catalogue.RemoteDisabled.For(operation);
        }

        try
        {
            var onward = new RemoteRequest(HttpMethod.Parse(request.Method), _policy.BaseUrl, request.Path)
            {
                Query = request.Query,
                Headers = request.Headers,
                Body = request.Body,
                SigningHost = _policy.SigningHost,
            };
            return await _client.SendAsync(onward, ct);
        }
        catch (KeyException e)
        {
            throw Catalogue.SigninRequired.Because(e, "");
        }
    }
}
