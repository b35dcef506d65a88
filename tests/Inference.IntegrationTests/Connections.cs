using System.Net.Sockets;

namespace Inference.IntegrationTests;

/// <summary>Bare connections.</summary>
internal static class Connections
{
    /// <summary>All bytes up to the end of the connection, be it a close or a reset.</summary>
    public static async Task<byte[]> ReadToEndAsync(this Socket socket, CancellationToken ct)
    {
        using var all = new MemoryStream();
        var buffer = new byte[4096];
        try
        {
            for (int n; (n = await socket.ReceiveAsync(buffer, ct)) > 0;)
            {
                all.Write(buffer, 0, n);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // a reset is an end, too
        }

        return all.ToArray();
    }

    /// <summary>Exactly so many bytes.</summary>
    public static async Task<byte[]> ReadAsync(this Socket socket, int count, CancellationToken ct)
    {
        var bytes = new byte[count];
        for (var read = 0; read < count;)
        {
            var n = await socket.ReceiveAsync(bytes.AsMemory(read), ct);
            read += n > 0 ? n : throw new EndOfStreamException();
        }

        return bytes;
    }
}
