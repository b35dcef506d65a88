using System.Net.Sockets;
using System.Text;
using Inference.Runtime.Loading;
using Inference.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace Inference.IntegrationTests.Ports;

/// <summary>Callers that end their side and go on reading: to Kestrel they are gone, to net/http they are not.</summary>
public sealed class HalfClosedTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Request_ThenEndOfTheCallersSide_IsAnswered()
    {
        await using var host = await ServerHost.StartAsync();

        var answer = await SendAsync(host, "GET /api/version HTTP/1.1\r\nHost: localhost\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 200 OK\r\n", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TwoRequests_ThenEndOfTheCallersSide_AreBothAnswered()
    {
        await using var host = await ServerHost.StartAsync();

        var answer = await SendAsync(host, "GET /api/version HTTP/1.1\r\nHost: localhost\r\n\r\nGET /nope HTTP/1.1\r\nHost: localhost\r\n\r\n");

        Assert.Equal(["200 OK", "404 Not Found"], Statuses(answer));
    }

    [Theory]
    [InlineData("Content-Length: 100\r\n\r\n{\"model\":\"x", "400 Bad Request", "unexpected EOF")]
    [InlineData("Content-Length: 100\r\n\r\n", "400 Bad Request", "unexpected EOF")]
    [InlineData("Content-Length: 100\r\n\r\n{\"model\":\"x\"}", "404 Not Found", "model 'x' not found")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n5\r\n{\"mod\r\n", "400 Bad Request", "unexpected EOF")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\nx\r\n", "400 Bad Request", "invalid byte in chunk length")]
    public async Task Body_CutOff_IsToldInGosWords(string rest, string status, string message)
    {
        await using var host = await ServerHost.StartAsync();

        var answer = await SendAsync(host, $"POST /api/generate HTTP/1.1\r\nHost: localhost\r\n{rest}");

        Assert.Equal([status], Statuses(answer));
        Assert.EndsWith($"\r\n\r\n{{\"error\":\"{message}\"}}", answer, StringComparison.Ordinal);
        Assert.Contains("\r\nConnection: close\r\n", answer, StringComparison.Ordinal);
        Assert.Empty(host.Log.Lines);
    }

    [Theory]
    [InlineData("Content-Length: 100\r\n\r\n{\"model\":")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n5\r\n{\"mod\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\nzz\r\n")]
    public async Task Body_CutOff_OfATranscodedCall_HasDetails(string rest)
    {
        await using var host = await ServerHost.StartAsync();

        var answer = await SendAsync(host, $"POST /inference/v1/generate HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n{rest}");

        Assert.Equal(["400 Bad Request"], Statuses(answer));
        Assert.Contains("\"reason\":\"REQUEST_MALFORMED\"", answer, StringComparison.Ordinal);
        Assert.Empty(host.Log.Lines);
    }

    [Theory]
    [InlineData("/api/generate")]
    [InlineData("/inference/v1/generate")]
    public async Task Generation_CallerEndsItsSide_IsCancelledAndTold(string path)
    {
        var engine = new ScriptedEngine(new Script { Hangs = true });
        await using var host = await ServerHost.StartAsync(new() { Configure = b => b.Services.AddSingleton<EngineFactory>((_, _, _) => engine) });
        const string Body = """{"model":"toy","prompt":"x","raw":true}""";

        var answer = await SendAsync(host, $"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {Body.Length}\r\n\r\n{Body}");

        Assert.StartsWith("HTTP/1.1 ", answer, StringComparison.Ordinal);
        Assert.Contains("cancel", answer, StringComparison.Ordinal);
        Assert.Equal(0, engine.Active);
        Assert.Empty(host.Log.Lines);
    }

    private static IEnumerable<string> Statuses(string answer) =>
        answer.Split("HTTP/1.1 ").Skip(1).Select(static a => a[..a.IndexOf('\r', StringComparison.Ordinal)]);

    private static async Task<string> SendAsync(ServerHost host, string request)
    {
        using var socket = await host.ConnectAsync();
        await socket.SendAsync(Encoding.Latin1.GetBytes(request), Ct);
        socket.Shutdown(SocketShutdown.Send);
        return Encoding.Latin1.GetString(await socket.ReadToEndAsync(Ct));
    }
}
