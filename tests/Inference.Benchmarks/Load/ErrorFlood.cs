using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace Inference.Benchmarks.Load;

/// <summary>Short requests over some kept connections, each sent when the one before is answered: as fast as they come, or so many a second.</summary>
/// <param name="address">Of the server.</param>
/// <param name="request">Request line, headers and body.</param>
/// <param name="status">What the answer must begin with.</param>
internal sealed class ErrorFlood(Uri address, byte[] request, string status)
{
    private readonly byte[] _status = Encoding.ASCII.GetBytes($"HTTP/1.1 {status}");

    /// <summary>A request of the Ollama routes.</summary>
    /// <param name="address">Of the server.</param>
    /// <param name="line">Method and path.</param>
    /// <param name="body">JSON; null for none.</param>
    /// <param name="status">What it is answered with.</param>
    public static ErrorFlood Of(Uri address, string line, string? body, string status)
    {
        var head = $"{line} HTTP/1.1\r\nHost: {address.Authority}\r\n";
        return new ErrorFlood(address, Encoding.UTF8.GetBytes(body is null ? $"{head}\r\n" : $"{head}Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}"), status);
    }

    /// <summary>Until it is cancelled.</summary>
    /// <param name="connections">How many at once.</param>
    /// <param name="perSecond">At most so many in all; 0 for as many as there can be.</param>
    /// <param name="stop">The end.</param>
    /// <returns>How many were answered.</returns>
    public async Task<int> RunAsync(int connections, int perSecond, CancellationToken stop)
    {
        var pause = perSecond == 0 ? TimeSpan.Zero : TimeSpan.FromSeconds((double)connections / perSecond);
        return (await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(() => ConnectionAsync(pause, stop), CancellationToken.None)))).Sum();
    }

    private async Task<int> ConnectionAsync(TimeSpan pause, CancellationToken stop)
    {
        using var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(address.Host, address.Port, CancellationToken.None);
        var stream = client.GetStream();
        var buffer = new byte[16 * 1024];
        var started = Stopwatch.GetTimestamp();
        var answered = 0;
        for (; !stop.IsCancellationRequested; answered++)
        {
            // Behind the plan they come at once, so that a pause is not longer than it was meant.
            if (pause * answered - Stopwatch.GetElapsedTime(started) is { Ticks: > TimeSpan.TicksPerMillisecond } wait)
            {
                await Task.Delay(wait, CancellationToken.None);
            }

            await stream.WriteAsync(request, CancellationToken.None);
            var length = await ReadAsync(stream, buffer);
            if (!buffer.AsSpan(0, length).StartsWith(_status))
            {
                throw new InvalidOperationException(Encoding.UTF8.GetString(buffer, 0, length));
            }
        }

        return answered;
    }

    // Answers are short and have a Content-Length.
    private static async Task<int> ReadAsync(NetworkStream stream, byte[] buffer)
    {
        for (var length = 0; ;)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(length));
            length += read > 0 ? read : throw new IOException("the server closed the connection");
            if (buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8) is var end and >= 0 && length >= end + 4 + ContentLength(buffer.AsSpan(0, end + 2)))
            {
                return length;
            }
        }
    }

    private static int ContentLength(ReadOnlySpan<byte> head)
    {
        var name = "Content-Length: "u8;
        var at = head.IndexOf(name);
        return at < 0 || !System.Buffers.Text.Utf8Parser.TryParse(head[(at + name.Length)..], out int length, out _) ? throw new IOException("an answer without a Content-Length") : length;
    }
}
