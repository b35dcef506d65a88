using System.Net.Sockets;
using System.Text;
using Inference.TestKit;

namespace Inference.IntegrationTests.Ports;

/// <summary>Requests that Kestrel would refuse or read otherwise than net/http, on the wire.</summary>
public sealed class RawRequestTests(ServerHost host) : IClassFixture<ServerHost>
{
    private const string Refused = "\r\nContent-Type: text/plain; charset=utf-8\r\n";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n\r\n", "400 Bad Request: missing required Host header")]
    [InlineData("GET / HTTP/1.1\r\nHost: a b\r\n\r\n", "400 Bad Request: malformed Host header")]
    [InlineData("GET /%zz HTTP/1.1\r\nHost: localhost\r\n\r\n", "400 Bad Request")]
    [InlineData("GET / HTTP/3.0\r\nHost: localhost\r\n\r\n", "505 HTTP Version Not Supported: unsupported protocol version")]
    [InlineData("WHAT\r\n", "400 Bad Request")]
    public async Task Request_ThatCannotBeRead_IsRefusedWithAnId(string request, string status)
    {
        var answer = await SendAsync(request);

        Assert.StartsWith($"HTTP/1.1 {status}{Refused}", answer, StringComparison.Ordinal);
        Assert.EndsWith($"\r\nConnection: close\r\n\r\n{status}", answer, StringComparison.Ordinal);
        Assert.Contains("\r\nX-Request-Id: ", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TransferEncoding_Unknown_Is501() =>
        Assert.EndsWith("\r\n\r\nUnsupported transfer encoding", await SendAsync("POST /api/show HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip\r\n\r\n"), StringComparison.Ordinal);

    [Fact]
    public async Task Head_OverAMebibyte_Is431()
    {
        var answer = await SendAsync($"GET / HTTP/1.1\r\nHost: localhost\r\nX: {new string('x', (1 << 20) + 8192)}\r\n\r\n");

        Assert.StartsWith($"HTTP/1.1 431 Request Header Fields Too Large{Refused}", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Head_OfManyHeadersBelowThat_IsTaken() =>
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", await SendAsync($"GET /api/version HTTP/1.1\r\nHost: localhost\r\n{string.Concat(Enumerable.Range(0, 2000).Select(static i => $"X{i}: {new string('y', 400)}\r\n"))}Connection: close\r\n\r\n"), StringComparison.Ordinal);

    [Theory]
    [InlineData("GET /api/version HTTP/1.1\r\nHost: ::1", "200 OK")]
    [InlineData("GET http://localhost:1/api/version HTTP/1.1\r\nHost: example.com", "200 OK")]
    [InlineData("GET http://example.com/api/version HTTP/1.1\r\nHost: localhost", "403 Forbidden")]
    [InlineData("GET /api%2Fversion HTTP/1.1\r\nHost: localhost", "200 OK")]
    [InlineData("GET /api/version%00 HTTP/1.1\r\nHost: localhost", "404 Not Found")]
    [InlineData("GET /n\u00f6 HTTP/1.1\r\nHost: localhost", "404 Not Found")]
    [InlineData("GET /api/version HTTP/1.1\r\nHost: localhost\r\nX: \u00ff\r\n y", "200 OK")]
    [InlineData("get /api/version HTTP/1.1\r\nHost: localhost", "405 Method Not Allowed")]
    [InlineData("POST /api/show HTTP/1.1\r\nHost: localhost\r\nUpgrade: h2c\r\nConnection: Upgrade\r\nContent-Length: 0", "400 Bad Request")]
    [InlineData("GET /api/version HTTP/1.1\r\nHost: localhost\r\nExpect: nothing", "417 Expectation Failed")]
    [InlineData("OPTIONS * HTTP/1.1\r\nHost: localhost", "200 OK")]
    [InlineData("GET * HTTP/1.1\r\nHost: localhost", "400 Bad Request")]
    public async Task Request_ThatNetHttpTakes_IsTaken(string head, string status) =>
        Assert.StartsWith($"HTTP/1.1 {status}\r\n", await SendAsync($"{head}\r\nConnection: close\r\n\r\n"), StringComparison.Ordinal);

    [Theory]
    [InlineData("GET //api/tags?x=1", "/api/tags?x=1", "<a href=\"/api/tags?x=1\">Temporary Redirect</a>.\n\n")]
    [InlineData("get //api/tags", "/api/tags", "")]
    [InlineData("POST /api/./generate", "/api/generate", "")]
    [InlineData("GET /a//b%20c", "/a/b%2520c", "<a href=\"/a/b%2520c\">Temporary Redirect</a>.\n\n")]
    [InlineData("GET /api/tags/?a=<'\"&", "/api/tags?a=<'\"&", "<a href=\"/api/tags?a=&lt;&#39;&#34;&amp;\">Moved Permanently</a>.\n\n")]
    [InlineData("DELETE /api/delete/?q", "/api/delete?q", "")]
    [InlineData("GET http://localhost/v1/models/x/", "http://localhost/v1/models/x", "<a href=\"http://localhost/v1/models/x\">Moved Permanently</a>.\n\n")]
    public async Task Path_NotAsItIsServed_IsRedirected(string request, string location, string page)
    {
        var answer = await SendAsync($"{request} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        Assert.Contains($"\r\nLocation: {location}\r\n", answer, StringComparison.Ordinal);
        Assert.Equal(page, answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]);
    }

    [Fact]
    public async Task Redirect_BehindAProxyThatTookAPrefixAway_HasItAgain() =>
        Assert.Contains("\r\nLocation: /llm/api/tags\r\n", await SendAsync("GET /api/tags/ HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-Prefix: /l_lm\r\nConnection: close\r\n\r\n"), StringComparison.Ordinal);

    [Theory]
    [InlineData(300_000, true)]
    [InlineData(10, false)]
    public async Task Body_ThatNobodyReads_EndsTheConnectionIfItIsLong(int length, bool closes)
    {
        using var socket = await host.ConnectAsync();
        await socket.SendAsync(Encoding.ASCII.GetBytes($"POST /nope HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n\r\n{new string('x', length)}"), Ct);
        var buffer = new byte[4096];
        var answer = Encoding.ASCII.GetString(buffer, 0, await socket.ReceiveAsync(buffer, Ct));

        Assert.Equal(closes, answer.Contains("\r\nConnection: close\r\n", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Body_OfAnOllamaRoute_HasNoLimit()
    {
        var body = $$"""{"model":"nope","system":"{{new string('x', 31_000_000)}}"}""";
        var answer = await SendAsync($"POST /api/show HTTP/1.1\r\nHost: localhost\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}");

        Assert.StartsWith("HTTP/1.1 404 Not Found\r\n", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Body_OfATranscodedCall_InChunks_HasOne()
    {
        var answer = await SendAsync($"POST /inference/v1/generate HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n1E84800\r\n{new string(' ', 0x1E84800)}\r\n0\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 413 ", answer, StringComparison.Ordinal);
        Assert.Contains("\"reason\":\"REQUEST_TOO_LARGE\"", answer, StringComparison.Ordinal);
    }

    private async Task<string> SendAsync(string request)
    {
        using var socket = await host.ConnectAsync();
        var sending = socket.SendAsync(Encoding.Latin1.GetBytes(request), Ct).AsTask();
        var answer = Encoding.Latin1.GetString(await socket.ReadToEndAsync(Ct));
        await Task.WhenAny(sending); // a refusal may come before all of it is sent
        return answer;
    }
}
