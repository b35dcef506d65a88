using System.Diagnostics;
using System.Text;

namespace Inference.Benchmarks.Load;

/// <summary>A dialect of lines over HTTP/1.1: each stream its own connection, kept alive.</summary>
/// <param name="name">For the table.</param>
/// <param name="address">Of the route.</param>
/// <param name="body">Makes the request of a stream.</param>
/// <param name="made">How the last line says how many tokens there were, up to the number.</param>
/// <param name="processId">Of the server.</param>
internal sealed class HttpDoor(string name, Uri address, Func<int, int, string> body, string made, int processId) : ServerDoor(processId)
{
    private const int LastLine = 4096; // bytes that surely hold it, or its numbers

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });

    public override string Name => name;

    public override ValueTask DisposeAsync()
    {
        _http.Dispose();
        return ValueTask.CompletedTask;
    }

    protected override async Task<TimeSpan> StreamAsync(int stream, int tokens)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new StringContent(body(stream, tokens), Encoding.UTF8, "application/json") };
        var started = Stopwatch.GetTimestamp();
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await using var lines = await response.Content.ReadAsStreamAsync();
        var buffer = new byte[64 * 1024];
        TimeSpan? first = null;
        var kept = 0;
        for (int read; (read = await lines.ReadAsync(buffer.AsMemory(kept))) > 0;)
        {
            first ??= Stopwatch.GetElapsedTime(started);
            var end = kept + read;
            kept = Math.Min(end, LastLine);
            buffer.AsSpan(end - kept, kept).CopyTo(buffer);
        }

        return Encoding.UTF8.GetString(buffer, 0, kept).Contains($"{made}{tokens}", StringComparison.Ordinal)
            ? first!.Value
            : throw new InvalidOperationException($"{Name}: not {tokens} tokens: {(int)response.StatusCode} {Encoding.UTF8.GetString(buffer, 0, Math.Min(kept, 400))}");
    }
}
