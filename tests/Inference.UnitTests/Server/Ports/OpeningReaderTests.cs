using System.IO.Pipelines;
using System.Text;
using Inference.Server.Ports;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Inference.UnitTests.Server.Ports;

public sealed class OpeningReaderTests
{
    private const string Http2 = "PRI * HTTP/2.0\r\n";

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n", nameof(Opening.Http1), 1)]
    [InlineData("POST / HTTP/1.1\r\n", nameof(Opening.Http1), 2)]
    [InlineData("PRIX / HTTP/1.1\r\n", nameof(Opening.Http1), 4)]
    [InlineData("PRI * HTTP/1.1\r\n", nameof(Opening.Http1), 12)]
    [InlineData(Http2 + "\r\nSM\r\n\r\n", nameof(Opening.Http2), 16)]
    [InlineData("\u0016\u0003\u0001", nameof(Opening.Tls), 1)]
    public async Task Read_OneByteAtATime_DecidesAtTheFirstByteThatTells(string sent, string opening, int bytes)
    {
        var (connection, client) = Connect();
        var reading = OpeningReader.ReadAsync(connection, tls: true, new KestrelServerLimits()).AsTask();
        var written = 0;
        foreach (var b in Encoding.Latin1.GetBytes(sent))
        {
            Assert.False(reading.IsCompleted);
            await client.WriteAsync(new[] { b }, TestContext.Current.CancellationToken);
            if (++written == bytes)
            {
                break;
            }
        }

        Assert.Equal(opening, (await reading).ToString());
        Assert.True(connection.Transport.Input.TryRead(out var left));
        Assert.Equal(bytes, left.Buffer.Length); // nothing is consumed
    }

    [Fact]
    public async Task Read_TlsHelloWithoutCertificate_IsHttp1() =>
        Assert.Equal(Opening.Http1, await ReadAsync("\u0016\u0003\u0001", tls: false, complete: false));

    [Theory]
    [InlineData("", nameof(Opening.None))]
    [InlineData("PRI", nameof(Opening.Http1))] // Kestrel words the refusal
    public async Task Read_ClientCloses_Ends(string sent, string opening) => Assert.Equal(opening, (await ReadAsync(sent, tls: false, complete: true)).ToString());

    [Theory]
    [InlineData("", 1, 3_600_000)]
    [InlineData("PRI", 3_600_000, 1)]
    public async Task Read_NothingMoreComes_EndsByKestrelsLimit(string sent, int silence, int head)
    {
        var limits = new KestrelServerLimits { KeepAliveTimeout = TimeSpan.FromMilliseconds(silence), RequestHeadersTimeout = TimeSpan.FromMilliseconds(head) };
        var (connection, client) = Connect();
        await client.WriteAsync(Encoding.Latin1.GetBytes(sent), TestContext.Current.CancellationToken);
        Assert.Equal(Opening.None, await OpeningReader.ReadAsync(connection, tls: false, limits));
    }

    private static async Task<Opening> ReadAsync(string sent, bool tls, bool complete)
    {
        var (connection, client) = Connect();
        await client.WriteAsync(Encoding.Latin1.GetBytes(sent), TestContext.Current.CancellationToken);
        if (complete)
        {
            await client.CompleteAsync();
        }

        return await OpeningReader.ReadAsync(connection, tls, new KestrelServerLimits());
    }

    private static (DefaultConnectionContext Connection, PipeWriter Client) Connect()
    {
        var input = new Pipe();
        return (new DefaultConnectionContext("test", new Duplex(input.Reader, new Pipe().Writer), new Duplex(new Pipe().Reader, input.Writer)), input.Writer);
    }

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
