using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Inference.Server.Options;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Inference.Server.Ports;

/// <summary>What listens, and the limits of a connection.</summary>
internal static class ListenSetup
{
    private const int LargestHead = (1 << 20) + (1 << 14);

    /// <returns>Whether only this machine can connect.</returns>
    public static bool AddPorts(this WebApplicationBuilder builder, ServerOptions options, long largestBody)
    {
        var address = ListenAddress.Parse(options.Listen, out _);
        var endpoint = address.IsAny ? null : Resolve(address);
        var certificate = options.TlsCertificate is { } path ? new ServerCertificate(path, options.TlsKey, options.TlsPassword) : null;

        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.Services.AddSharedPort();
        builder.WebHost.ConfigureKestrel((_, kestrel) =>
        {
            SetLimits(kestrel, largestBody);
            Action<ListenOptions>? https = certificate is null ? null : listen => Secure(listen, certificate);
            kestrel.ListenShared((k, o) =>
            {
                if (endpoint is null)
                {
                    k.ListenAnyIP(address.Port, o);
                }
                else
                {
                    k.Listen(endpoint, o);
                }
            }, https, options.TlsOnly);
            if (options.UnixSocket is { } socket)
            {
                RemoveStale(socket);
                kestrel.ListenShared((k, o) => k.ListenUnixSocket(socket, o));
            }
        });
        return endpoint is not null && IPAddress.IsLoopback(endpoint.Address);
    }

    /// <summary>Where a started host listens: without the endpoints that only lend their pipeline.</summary>
    public static IReadOnlyList<string> BoundAddresses(this IServer server) =>
        [.. server.Features.Get<IServerAddressesFeature>()!.Addresses.Where(static a => !a.Contains("(shared port", StringComparison.Ordinal))];

    private static void SetLimits(KestrelServerOptions kestrel, long largestBody)
    {
        kestrel.AddServerHeader = false; // Ollama sends none
        var limits = kestrel.Limits;

        // For everything but the Ollama routes, which lift it: Ollama has none.
        limits.MaxRequestBodySize = largestBody;

        // net/http's limit of a head, which RequestReader keeps; a little more, so that Kestrel never finds one itself.
        limits.MaxRequestBufferSize = LargestHead;
        limits.MaxRequestLineSize = LargestHead;
        limits.MaxRequestHeadersTotalSize = LargestHead;
        limits.MaxRequestHeaderCount = LargestHead / 4;

        // Every byte that Go lets into a header, whatever it may stand for.
        kestrel.RequestHeaderEncodingSelector = static _ => Encoding.Latin1;
        kestrel.ResponseHeaderEncodingSelector = static _ => Encoding.Latin1;

        // A reader may be slow: its sequence sits out meanwhile. Kestrel would cut it off at 240 bytes a second, and a token is less than that.
        limits.MinResponseDataRate = null;

        // A sender may be slow as well, and pause: net/http waits for ever. This only ends who never comes back.
        limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 1, gracePeriod: TimeSpan.FromMinutes(1));

        // One proxy's connection carries many callers; the queue is what refuses them, in words.
        limits.Http2.MaxStreamsPerConnection = 1024;

        // A peer that is gone without a word (a cable, a NAT) holds its slots no longer than this.
        limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(30);
        limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(20);
    }

    private static void Secure(ListenOptions listen, ServerCertificate certificate) => listen.UseHttps(new TlsHandshakeCallbackOptions
    {
        OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions { ServerCertificateContext = certificate.Current }),
    });

    /// <summary>A socket's file outlives a killed server. One that nobody listens on is in the way of nobody else.</summary>
    private static void RemoveStale(string path)
    {
        if (!File.Exists(path))
        {
            return;
        }

        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionRefused)
        {
            File.Delete(path);
        }
    }

    /// <summary>Go's choice: the first IPv4 address of a name, or its first.</summary>
    private static IPEndPoint Resolve(ListenAddress address)
    {
        try
        {
            var all = Dns.GetHostAddresses(address.Host);
            return new IPEndPoint(Array.Find(all, static a => a.AddressFamily is AddressFamily.InterNetwork) ?? all[0], address.Port);
        }
        catch (Exception e) when (e is SocketException or ArgumentException or IndexOutOfRangeException)
        {
            throw new StartException(ExitCode.Address, $"cannot listen on {address.Host}: the name has no address", e);
        }
    }
}
