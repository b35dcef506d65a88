using Inference.Facade.Ollama.Paths;
using Microsoft.AspNetCore.Http.Features;

namespace Inference.Server.Ports.Requests;

/// <summary>A feature of a connection of HTTP/1.x: its latest request as it was sent, and whether its caller is still there.</summary>
internal sealed class IncomingRequest : IDisposable
{
    // net/http: maxPostHandlerReadBytes, which it reads of a body that nobody wanted to keep the connection.
    private const int MostRest = 256 << 10;

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

    public bool HasBody => _head?.HasBody == true;

    /// <summary>The application has asked for the body, and so for the client to send it.</summary>
    public bool IsBodyAsked { get; set; }

    /// <summary>The body ended too early or was framed wrongly: nobody knows where a next request would begin.</summary>
    public bool IsBodyBroken { get; set; }

    /// <summary>It has answered without: a client that waits to be asked does not send one any more.</summary>
    public bool IsBodyGivenUp { get; private set; }

    public void Begin(RequestHead head)
    {
        _head = head;
        Unread = head.ContentLength ?? 0;
        (IsBodyAsked, IsBodyGivenUp, IsBodyBroken, IsAnswered) = (false, false, false, false);
    }

    /// <summary>How much of a body with a length nobody has read yet.</summary>
    public long Unread { get; set; }

    /// <summary>Its answer has begun.</summary>
    public bool IsAnswered { get; private set; }

    /// <summary>As an answer begins.</summary>
    /// <returns>Whether the connection has to end with it.</returns>
    public bool EndsWithAnswer()
    {
        IsAnswered = true;
        IsBodyGivenUp = _head?.ExpectsContinue == true && !IsBodyAsked;
        return IsBodyGivenUp || IsBodyBroken || Unread >= MostRest;
    }

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
            http.Request.Path = url?.EscapedPath is not ['/', ..] path ? default
                : path.Contains("%00", StringComparison.Ordinal) ? new PathString(path) // which is not unescaped here
                : PathString.FromUriComponent(path);
            http.Request.QueryString = new QueryString(url?.Query);
        }
    }

    public void Dispose()
    {
        _left.Dispose();
        _broken.Dispose();
    }
}
