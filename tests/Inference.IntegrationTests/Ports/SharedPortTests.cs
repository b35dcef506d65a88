using System.Net;
using System.Net.Http;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Inference.TestKit;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Inference.IntegrationTests.Ports;

public sealed class SharedPortTests
{
    private const string Page = "Ollama is running";
    private const byte SettingsFrame = 4;

    private static readonly byte[] Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray();
    private static readonly byte[] Settings = [0, 0, 0, SettingsFrame, 0, 0, 0, 0, 0];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Get_EitherVersion_IsAnswered(string version)
    {
        await using var host = await ServerHost.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Version = Version.Parse(version), VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using var response = await host.Http.SendAsync(request, Ct);
        Assert.Equal((version, Page), (response.Version.ToString(), await response.Content.ReadAsStringAsync(Ct)));
        Assert.False(response.Headers.Contains("Server"));
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", "HTTP/1.1 200 OK")]
    [InlineData("PRIX / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", "HTTP/1.1 405")]
    [InlineData("PRI * HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", "HTTP/1.1 4")]
    [InlineData("\u0016\u0003\u0001 a TLS hello to a port without TLS\r\n", "HTTP/1.1 400")]
    public async Task Connect_OneByteAtATime_IsUnderstood(string sent, string answer)
    {
        await using var host = await ServerHost.StartAsync();
        using var socket = await host.ConnectAsync();
        try
        {
            foreach (var b in Encoding.Latin1.GetBytes(sent))
            {
                await socket.SendAsync(new[] { b }, Ct);
            }
        }
        catch (SocketException)
        {
            // it had already seen enough
        }

        Assert.StartsWith(answer, Encoding.Latin1.GetString(await socket.ReadToEndAsync(Ct)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connect_Http2PrefaceOneByteAtATime_IsHttp2()
    {
        await using var host = await ServerHost.StartAsync();
        using var socket = await host.ConnectAsync();
        foreach (var b in Preface.Concat(Settings))
        {
            await socket.SendAsync(new[] { b }, Ct);
        }

        Assert.Equal(SettingsFrame, (await socket.ReadAsync(9, Ct))[3]);
    }

    // One limit is short and the other an hour: that the connection ends shows which one it was.
    [Theory]
    [InlineData(0, 1, 3600)] // says nothing: the keep-alive limit, as for any idle connection
    [InlineData(3, 3600, 1)] // "PRI": the limit for a head
    [InlineData(16, 1, 3600)] // HTTP/2 chosen: Kestrel's own limit for the rest
    public async Task Connect_PrefaceStops_ConnectionIsClosed(int bytes, int keepAliveSeconds, int headSeconds)
    {
        await using var host = await ServerHost.StartAsync(Limits(l => (l.KeepAliveTimeout, l.RequestHeadersTimeout) = (TimeSpan.FromSeconds(keepAliveSeconds), TimeSpan.FromSeconds(headSeconds))));
        using var socket = await host.ConnectAsync();
        await socket.SendAsync(Preface.AsMemory(0, bytes), Ct);
        await socket.ReadToEndAsync(Ct).WaitAsync(TimeSpan.FromMinutes(1), Ct);
    }

    [Fact]
    public async Task ConnectionLimit_UndecidedConnections_Count()
    {
        await using var host = await ServerHost.StartAsync(Limits(l => l.MaxConcurrentConnections = 3));
        var silent = new[] { await host.ConnectAsync(), await host.ConnectAsync(), await host.ConnectAsync(), await host.ConnectAsync() };
        var reads = Array.ConvertAll(silent, s => s.ReadToEndAsync(Ct));
        Assert.Empty(await await Task.WhenAny(reads)); // one is refused, whichever came last to the count
        foreach (var socket in silent)
        {
            socket.Dispose();
        }

        // Nothing tells a client when the server has noticed; asking is the only way.
        HttpResponseMessage? answer = null;
        while (answer is null)
        {
            try
            {
                answer = await host.Http.GetAsync("/", Ct);
            }
            catch (HttpRequestException)
            {
                await Task.Yield();
            }
        }

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await Task.WhenAll(reads);
    }

    [Fact]
    public async Task Stop_UndecidedConnection_IsDropped()
    {
        await using var host = await ServerHost.StartAsync();
        using var silent = await host.ConnectAsync();
        await silent.SendAsync("PR"u8.ToArray(), Ct);
        await host.Http.GetStringAsync("/", Ct); // connections are accepted in order
        await host.App.StopAsync(Ct);
        Assert.Empty(await silent.ReadToEndAsync(Ct));
        await Assert.ThrowsAnyAsync<SocketException>(host.ConnectAsync);
    }

    [Theory]
    [InlineData("[::1]:0")]
    [InlineData("::1", "[::1]:0")]
    [InlineData("localhost:0")]
    [InlineData(":0")]
    [InlineData("0.0.0.0:0")]
    public async Task Listen_AnyHost_SpeaksBoth(string host, string? instead = null)
    {
        await using var server = await ServerHost.StartAsync(new() { Settings = new Dictionary<string, string> { ["--host"] = instead ?? host } });
        var address = new Uri(server.Address.AbsoluteUri.Replace("[::]", "127.0.0.1", StringComparison.Ordinal));
        using var http = new HttpClient { BaseAddress = address };
        using var channel = GrpcChannel.ForAddress(address);
        await AssertServesAsync(http, channel);
    }

    [Fact]
    public async Task Listen_UnixSocket_SpeaksBoth()
    {
        var path = Path.Combine(Path.GetTempPath(), $"inference-{Guid.NewGuid():N}.sock");
        using (var stale = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            stale.Bind(new UnixDomainSocketEndPoint(path)); // what a killed server leaves behind
        }

        await using var host = await ServerHost.StartAsync(new() { Settings = new Dictionary<string, string> { ["--unix-socket"] = path } });
        using var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, ct) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), ct);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        using var http = new HttpClient(handler) { BaseAddress = new Uri("http://unix/") };
        using var channel = GrpcChannel.ForAddress("http://unix", new GrpcChannelOptions { HttpClient = http });
        await AssertServesAsync(http, channel);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Listen_WithCertificate_SpeaksTlsAndCleartext(bool pem)
    {
        var folder = Directory.CreateTempSubdirectory("inference-tls-");
        var (certificate, key) = pem ? TestCertificate.WritePem(folder.FullName) : (TestCertificate.WritePfx(folder.FullName, password: null), "");
        var settings = new Dictionary<string, string> { ["--tls-certificate"] = certificate };
        if (pem)
        {
            settings["--tls-key"] = key;
        }

        await using var host = await ServerHost.StartAsync(new() { Settings = settings });
        var secure = new UriBuilder(host.Address) { Scheme = "https" }.Uri;
        using var handler = new SocketsHttpHandler { SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = static (_, offered, _, _) => offered?.Subject == "CN=localhost" } };
        using var https = new HttpClient(handler) { BaseAddress = secure };
        using var channel = GrpcChannel.ForAddress(secure, new GrpcChannelOptions { HttpClient = https });
        await AssertServesAsync(https, channel);
        await AssertServesAsync(host.Http, host.Channel);
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Listen_TlsOnly_ClosesCleartext()
    {
        var folder = Directory.CreateTempSubdirectory("inference-tls-");
        var (certificate, key) = TestCertificate.WritePem(folder.FullName);
        await using var host = await ServerHost.StartAsync(new() { Settings = new Dictionary<string, string> { ["--tls-certificate"] = certificate, ["--tls-key"] = key, ["--tls-only"] = "true" } });
        foreach (var opening in (byte[][])["GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray(), Preface])
        {
            using var socket = await host.ConnectAsync();
            await socket.SendAsync(opening, Ct);
            Assert.Empty(await socket.ReadToEndAsync(Ct));
        }

        await using var health = ServerProcess.Start(["health", "--host", host.Address.Authority, "--tls-certificate", certificate, "--tls-key", key, "--tls-only", "true"]);
        Assert.Equal(0, (await health.EndAsync(Ct)).ExitCode);
        var (others, othersKey) = TestCertificate.WritePem(folder.CreateSubdirectory("others").FullName);
        await using var deceived = ServerProcess.Start(["health", "--host", host.Address.Authority, "--tls-certificate", others, "--tls-key", othersKey, "--tls-only", "true"]);
        Assert.Equal(1, (await deceived.EndAsync(Ct)).ExitCode);
        folder.Delete(recursive: true);
    }

    private static async Task AssertServesAsync(HttpClient http, GrpcChannel channel)
    {
        Assert.Equal(Page, await http.GetStringAsync("/", Ct));
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, (await new Health.HealthClient(channel).CheckAsync(new(), cancellationToken: Ct)).Status);
    }

    private static ServerHostOptions Limits(Action<KestrelServerLimits> set) => new() { Configure = builder => builder.WebHost.ConfigureKestrel(k => set(k.Limits)) };
}
