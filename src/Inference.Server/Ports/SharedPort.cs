using Inference.Server.Ports.Requests;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Inference.Server.Ports;

/// <summary>
/// HTTP/1.1, HTTP/2 with prior knowledge and, with a certificate, TLS on one port.
/// Kestrel builds one connection pipeline per endpoint and will not choose between HTTP/1.1 and HTTP/2 without ALPN. So there are
/// two endpoints more that never accept anything: they only lend their pipeline. The real endpoint looks at a connection's first
/// bytes without consuming them and runs the connection in the pipeline that fits. Connections are accepted, counted, limited,
/// drained and closed by Kestrel's own listener; no byte is copied.
/// </summary>
internal static class SharedPort
{
    public static IServiceCollection AddSharedPort(this IServiceCollection services) =>
        services.AddSingleton<IConnectionListenerFactory, LentPipelineFactory>(); // Kestrel asks the last one registered first

    /// <param name="kestrel">Kestrel.</param>
    /// <param name="listen">Opens the real endpoint, e.g. <c>(k, o) =&gt; k.Listen(address, port, o)</c>.</param>
    /// <param name="https">Configures TLS; null for a port without it.</param>
    /// <param name="tlsOnly">Closes connections in cleartext.</param>
    public static void ListenShared(
        this KestrelServerOptions kestrel, Action<KestrelServerOptions, Action<ListenOptions>> listen, Action<ListenOptions>? https = null, bool tlsOnly = false)
    {
        // Endpoints are bound in this order: the lent pipelines exist before the first connection can arrive.
        var http2 = kestrel.Lend("h2c", o => o.Protocols = HttpProtocols.Http2);
        var tls = https is null ? null : kestrel.Lend("tls", o =>
        {
            o.Protocols = HttpProtocols.Http1AndHttp2;
            https(o);
            o.Use(static next => connection => RequestConnection.RunAsync(connection, next));
        });

        listen(kestrel, options =>
        {
            options.Protocols = HttpProtocols.Http1;
            var limits = kestrel.Limits;
            options.Use(http1 => tlsOnly
                ? connection => RouteAsync(connection, Close, Close, tls?.Pipeline, limits)
                : connection => RouteAsync(connection, c => RequestConnection.RunAsync(c, http1), http2.Pipeline!, tls?.Pipeline, limits));
        });
    }

    private static Task Close(ConnectionContext connection) => Task.CompletedTask; // Kestrel closes what its pipeline returns from

    private static LentPipeline Lend(this KestrelServerOptions kestrel, string name, Action<ListenOptions> configure)
    {
        var lent = new LentPipeline(name);
        kestrel.Listen(lent, options =>
        {
            options.Use(next => lent.Pipeline = next); // outermost: TLS, added below, stays inside
            configure(options);
        });
        return lent;
    }

    private static async Task RouteAsync(ConnectionContext connection, ConnectionDelegate http1, ConnectionDelegate http2, ConnectionDelegate? tls, KestrelServerLimits limits)
    {
        switch (await OpeningReader.ReadAsync(connection, tls is not null, limits))
        {
            case Opening.Http1: await http1(connection); break;
            case Opening.Http2: await http2(connection); break;
            case Opening.Tls: await tls!(connection); break;
            default: break; // silent or gone: returning closes the connection
        }
    }
}
