using System.Net;
using System.Net.Sockets;
using Inference.Errors;

namespace Inference.Store.Registry;

/// <summary>The HTTP client behind all calls to registries.</summary>
public static class RegistryHttp
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(30); // net/http, DefaultTransport

    /// <summary>A client that follows nothing by itself: where a registry sends a caller is part of the protocol.</summary>
    public static HttpClient Create() => new(Handler()) { Timeout = Timeout.InfiniteTimeSpan };

    private static SocketsHttpHandler Handler() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.GZip,
        ConnectTimeout = ConnectTimeout,
        ConnectCallback = static (context, ct) => ConnectAsync(context.DnsEndPoint, ct),
    };

    // As Go does it: each address behind the name, and of the failures the first.
    private static async ValueTask<Stream> ConnectAsync(DnsEndPoint target, CancellationToken ct)
    {
        Exception? first = null;
        foreach (var address in await Dns.GetHostAddressesAsync(target.Host, ct))
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(address, target.Port, ct);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException e)
            {
                socket.Dispose();
                first ??= e.Dialled(new IPEndPoint(address, target.Port));
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }

        throw first ?? new SocketException((int)SocketError.HostNotFound);
    }
}
