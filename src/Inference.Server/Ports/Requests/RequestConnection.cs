using System.IO.Pipelines;
using System.Net;
using System.Net.Security;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Inference.Server.Ports.Requests;

/// <summary>
/// A connection of HTTP/1.x as Kestrel sees it. It ends when nothing can be sent any more, not when the caller has said all it has to
/// say: Kestrel takes the one for the other and hangs up, net/http does not.
/// </summary>
internal sealed class RequestConnection : ConnectionContext, IDuplexPipe
{
    private readonly ConnectionContext _inner;
    private readonly IncomingRequest _incoming = new();
    private readonly RequestReader _input;

    private RequestConnection(ConnectionContext inner)
    {
        _inner = inner;
        var transport = inner.Transport;
        var output = new ResponseWriter(transport.Output, _incoming);
        _input = new RequestReader(transport.Input, refusal => RefuseAsync(transport.Output, refusal), _incoming, output);
        Output = output;
        Transport = this;
        ConnectionClosed = _incoming.Broken;
    }

    public PipeReader Input => _input;

    public PipeWriter Output { get; }

    public override IDuplexPipe Transport { get; set; }

    public override string ConnectionId
    {
        get => _inner.ConnectionId;
        set => _inner.ConnectionId = value;
    }

    public override IFeatureCollection Features => _inner.Features;

    public override IDictionary<object, object?> Items
    {
        get => _inner.Items;
        set => _inner.Items = value;
    }

    public override EndPoint? LocalEndPoint
    {
        get => _inner.LocalEndPoint;
        set => _inner.LocalEndPoint = value;
    }

    public override EndPoint? RemoteEndPoint
    {
        get => _inner.RemoteEndPoint;
        set => _inner.RemoteEndPoint = value;
    }

    public override CancellationToken ConnectionClosed { get; set; }

    /// <summary>Runs HTTP/1.x on a connection.</summary>
    public static async Task RunAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        if (connection.Features.Get<ISslStreamFeature>()?.SslStream.NegotiatedApplicationProtocol == SslApplicationProtocol.Http2)
        {
            await next(connection);
            return;
        }

        await using var own = new RequestConnection(connection);
        connection.Features.Set(own._incoming);
        await next(own);
    }

    public override void Abort(ConnectionAbortedException abortReason)
    {
        _inner.Abort(abortReason);
        _incoming.Break();
    }

    public override void Abort() => Abort(new ConnectionAbortedException());

    public override async ValueTask DisposeAsync()
    {
        await _input.StopAsync();
        _incoming.Dispose();
        await base.DisposeAsync();
    }

    private static async ValueTask RefuseAsync(PipeWriter output, Refusal refusal) => await output.WriteAsync(refusal.ToBytes());
}
