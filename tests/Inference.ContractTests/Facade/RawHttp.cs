using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Inference.ContractTests.Facade;

/// <summary>One request and its answer, byte for byte: no client library stands between.</summary>
internal static class RawHttp
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <param name="server">Where to.</param>
    /// <param name="head">Request line and headers, without the empty line; Connection: close is added.</param>
    /// <param name="body">What follows the empty line.</param>
    /// <param name="halfClose">Whether to end the sending side after the body.</param>
    public static async Task<RawResponse> SendAsync(IPEndPoint server, IEnumerable<string> head, ReadOnlyMemory<byte> body, bool halfClose = false)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var client = new TcpClient();
        await client.ConnectAsync(server, patience.Token);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(string.Join("\r\n", head.Append("Connection: close")) + "\r\n\r\n"), patience.Token);
        await stream.WriteAsync(body, patience.Token);
        if (halfClose)
        {
            client.Client.Shutdown(SocketShutdown.Send);
        }

        using var received = new MemoryStream();
        try
        {
            await stream.CopyToAsync(received, patience.Token);
        }
        catch (IOException) when (received.Length > 0)
        {
            // Closed with bytes of ours unread: the answer came before.
        }

        return RawResponse.Parse(received.ToArray());
    }
}

/// <summary>An answer as it was on the wire.</summary>
internal sealed record RawResponse(int Status, ILookup<string, string> Headers, IReadOnlyList<byte[]> Chunks, string Framing)
{
    public string Body => Encoding.UTF8.GetString([.. Chunks.SelectMany(static c => c)]);

    public string? ContentType => Headers["Content-Type"].FirstOrDefault();

    public static RawResponse Parse(byte[] bytes)
    {
        var end = bytes.AsSpan().IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            throw new IOException($"no HTTP response: {Encoding.Latin1.GetString(bytes)}");
        }

        var lines = Encoding.Latin1.GetString(bytes, 0, end).Split("\r\n");
        var headers = lines.Skip(1).Select(static l => l.Split(": ", 2)).ToLookup(static h => h[0], static h => h[1], StringComparer.OrdinalIgnoreCase);
        var rest = bytes[(end + 4)..];
        var chunked = headers["Transfer-Encoding"].Contains("chunked");
        var framing = chunked ? "chunked" : headers.Contains("Content-Length") ? "content-length" : "none";
        var status = int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture);
        return new RawResponse(status, headers, chunked ? Dechunk(rest) : [rest], framing);
    }

    private static List<byte[]> Dechunk(byte[] bytes)
    {
        var chunks = new List<byte[]>();
        for (var at = 0; at < bytes.Length;)
        {
            var line = at + bytes.AsSpan(at).IndexOf("\r\n"u8);
            var length = int.Parse(Encoding.ASCII.GetString(bytes, at, line - at), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (length == 0)
            {
                return chunks;
            }

            chunks.Add(bytes[(line + 2)..(line + 2 + length)]);
            at = line + 2 + length + 2;
        }

        throw new InvalidOperationException("the last chunk is missing: the response was cut off");
    }
}
