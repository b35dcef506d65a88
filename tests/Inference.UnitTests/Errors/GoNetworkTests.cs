using System.Net;
using System.Net.Sockets;
using System.Text;
using Inference.Errors;

namespace Inference.UnitTests.Errors;

/// <summary>What a real client throws, in Go's words.</summary>
public sealed class GoNetworkTests
{
    [Fact]
    public async Task Describe_NobodyListens_SaysRefused()
    {
        var url = $"http://127.0.0.1:{FreePort()}/v2/x";
        Assert.Equal($"Get \"{url}\": dial tcp {new Uri(url).Authority}: connect: connection refused", await FailureAsync(HttpMethod.Get, url));
    }

    [Fact]
    public async Task Describe_AddressOfVersion6_HasBrackets()
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6, "this machine has no IPv6");
        var url = $"http://[::1]:{FreePort()}/";
        var said = await FailureAsync(HttpMethod.Post, url);
        Assert.StartsWith($"Post \"{url}\": dial tcp [::1]:{new Uri(url).Port}: connect: ", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Describe_Dialled_NamesTheAddressBehindTheName()
    {
        var refused = new HttpRequestException("", new SocketException((int)SocketError.ConnectionRefused).Dialled(new IPEndPoint(IPAddress.Parse("192.0.2.7"), 443)));
        Assert.Equal(
            "Head \"https://registry.example:443/v2\": dial tcp 192.0.2.7:443: connect: connection refused",
            GoNetwork.Describe(HttpMethod.Head, "https://registry.example:443/v2", refused));
    }

    [Theory]
    [InlineData(SocketError.HostNotFound, "dial tcp: lookup registry.example: no such host")]
    [InlineData(SocketError.TryAgain, "dial tcp: lookup registry.example: server misbehaving")]
    [InlineData(SocketError.TimedOut, "dial tcp registry.example:80: connect: connection timed out")]
    [InlineData(SocketError.HostUnreachable, "dial tcp registry.example:80: connect: no route to host")]
    [InlineData(SocketError.NetworkUnreachable, "dial tcp registry.example:80: connect: network is unreachable")]
    public void Describe_SocketError_HasTheWordsOfItsErrno(SocketError error, string expected) =>
        Assert.Equal($"Put \"http://registry.example/\": {expected}", GoNetwork.Describe(HttpMethod.Put, "http://registry.example/", new HttpRequestException("", new SocketException((int)error))));

    [Fact]
    public async Task Describe_ServerSpeaksNoTls_SaysSo()
    {
        await using var server = new OneAnswer("HTTP/1.1 400 Bad Request\r\n\r\n");
        var url = $"https://127.0.0.1:{server.Port}/";
        Assert.Equal($"Get \"{url}\": tls: first record does not look like a TLS handshake", await FailureAsync(HttpMethod.Get, url));
    }

    [Fact]
    public async Task Describe_ServerHangsUp_SaysEof()
    {
        await using var server = new OneAnswer("");
        var url = $"http://127.0.0.1:{server.Port}/";
        Assert.Equal($"Get \"{url}\": EOF", await FailureAsync(HttpMethod.Get, url));
    }

    [Fact]
    public void Describe_TimeIsUp_TellsTheConnectionFromTheAnswer()
    {
        var connecting = new TaskCanceledException("", new TimeoutException());
        var waiting = new TaskCanceledException("", new TimeoutException("", new TaskCanceledException()));
        Assert.Equal("Get \"http://192.0.2.1/\": dial tcp 192.0.2.1:80: i/o timeout", GoNetwork.Describe(HttpMethod.Get, "http://192.0.2.1/", connecting));
        Assert.Equal("Get \"http://192.0.2.1/\": context deadline exceeded (Client.Timeout exceeded while awaiting headers)", GoNetwork.Describe(HttpMethod.Get, "http://192.0.2.1/", waiting));
    }

    private static async Task<string> FailureAsync(HttpMethod method, string url)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(method, url);
        var thrown = await Assert.ThrowsAnyAsync<Exception>(() => client.SendAsync(request));
        return GoNetwork.Describe(method, url, thrown);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    // Takes connections, reads once, answers the same each time and closes.
    private sealed class OneAnswer : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly Task _serving;

        public OneAnswer(string answer)
        {
            _listener.Start();
            Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
            _serving = ServeAsync(Encoding.ASCII.GetBytes(answer));
        }

        public int Port { get; }

        public async ValueTask DisposeAsync()
        {
            _listener.Stop();
            await _serving;
        }

        private async Task ServeAsync(byte[] answer)
        {
            try
            {
                while (true)
                {
                    using var client = await _listener.AcceptTcpClientAsync();
                    _ = await client.GetStream().ReadAsync(new byte[4096]);
                    await client.GetStream().WriteAsync(answer);
                }
            }
            catch (Exception e) when (e is SocketException or InvalidOperationException) // also where it is stopped between two callers
            {
                // The test is over.
            }
        }
    }
}
