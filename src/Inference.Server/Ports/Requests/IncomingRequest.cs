using Inference.Facade.Ollama.Paths;
using Microsoft.AspNetCore.Http.Features;

namespace Inference.Server.Ports.Requests;

/// <summary>A feature of a connection of HTTP/1.x: its latest request as it was sent, and whether its caller is still there.</summary>
internal sealed class IncomingRequest : IDisposable
{
    private readonly CancellationTokenSource _left = new();
    private readonly CancellationTokenSource _broken = new();
    private RequestHead? _head;

    /// <summary>
    /// The caller has ended its side, and may still be reading. Go cancels a handler then, and what the handler says all the same is sent.
    /// </summary>
    public CancellationToken Left => _left.Token;

    /// <summary>Nothing can be sent any more.</summary>
    public CancellationToken Broken => _broken.Token;

    /// <summary>It wants something of the server, by an Expect header, that no server has.</summary>
    public bool ExpectsUnknown => _head?.ExpectsUnknown == true;

    public void Begin(RequestHead head) => _head = head;

    public void Leave() => _ = _left.CancelAsync();

    /// <returns>False: for exception filters.</returns>
    public bool Break()
    {
        _ = _broken.CancelAsync();
        return false;
    }

    /// <summary>Gives the application what Kestrel was not shown.</summary>
    public void Restore(HttpContext http)
    {
        if (_head is not { } head)
        {
            return;
        }

        if (!HeadWriter.IsPlainHost(head.Host))
        {
            http.Request.Headers.Host = head.Host;
        }

        if (!HeadWriter.IsPlainTarget(head))
        {
            http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget = head.Target;
            var url = GoUrl.Parse(head.Target);
            http.Request.Path = url?.EscapedPath is ['/', ..] path ? PathString.FromUriComponent(path) : default;
            http.Request.QueryString = new QueryString(url?.Query);
        }
    }

    public void Dispose()
    {
        _left.Dispose();
        _broken.Dispose();
    }
}
