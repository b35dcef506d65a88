using System.Text;
using Inference.Server.Ports.Requests;

namespace Inference.UnitTests.Server.Ports.Requests;

public sealed class HeadReaderTests
{
    [Theory]
    [InlineData("GARBAGE", "400 Bad Request")]
    [InlineData("", "400 Bad Request")]
    [InlineData("GET  / HTTP/1.1", "400 Bad Request")]
    [InlineData("GET / HTTP/1.1 ", "400 Bad Request")]
    [InlineData("GET /a b HTTP/1.1", "400 Bad Request")]
    [InlineData("G(T / HTTP/1.1", "400 Bad Request")]
    [InlineData("GET / HTTP/11", "400 Bad Request")]
    [InlineData("GET / http/1.1", "400 Bad Request")]
    [InlineData("GET x HTTP/1.1", "400 Bad Request")]
    [InlineData("GET /%zz HTTP/1.1", "400 Bad Request")]
    [InlineData("GET / HTTP/1.1|", "400 Bad Request: missing required Host header")]
    [InlineData("GET / HTTP/1.1|Host: a|Host: a|", "400 Bad Request")]
    [InlineData("GET / HTTP/1.1|Host: a b|", "400 Bad Request: malformed Host header")]
    [InlineData("GET / HTTP/1.1|Host: a/b|", "400 Bad Request: malformed Host header")]
    [InlineData("GET / HTTP/1.1|Host: a|X Y: 1|", "400 Bad Request: invalid header name")]
    [InlineData("GET / HTTP/1.1|Host: a|X: \u0001|", "400 Bad Request")]
    [InlineData("GET / HTTP/1.1|Host: a|X|", "400 Bad Request")]
    [InlineData("GET / HTTP/1.1|Host: a|: x|", "400 Bad Request")]
    [InlineData("GET / HTTP/1.1| Host: a|", "400 Bad Request")]
    [InlineData("GET / HTTP/2.0|Host: a|", "505 HTTP Version Not Supported: unsupported protocol version")]
    [InlineData("GET / HTTP/0.9|", "505 HTTP Version Not Supported: unsupported protocol version")]
    [InlineData("POST / HTTP/1.1|Host: a|Content-Length: -1|", "400 Bad Request")]
    [InlineData("POST / HTTP/1.1|Host: a|Content-Length: +1|", "400 Bad Request")]
    [InlineData("POST / HTTP/1.1|Host: a|Content-Length:|", "400 Bad Request")]
    [InlineData("POST / HTTP/1.1|Host: a|Content-Length: 1|Content-Length: 2|", "400 Bad Request")]
    [InlineData("POST / HTTP/1.1|Host: a|Content-Length: 9223372036854775808|", "400 Bad Request")]
    [InlineData("POST / HTTP/1.1|Host: a|Transfer-Encoding: gzip|", "501 Not Implemented")]
    [InlineData("POST / HTTP/1.1|Host: a|Transfer-Encoding: chunked|Transfer-Encoding: chunked|", "501 Not Implemented")]
    [InlineData("POST / HTTP/1.1|Host: a|Transfer-Encoding: gzip, chunked|", "501 Not Implemented")]
    [InlineData("POST / HTTP/1.1|Host: a|Transfer-Encoding: chunked|Trailer: Content-Length|", "400 Bad Request")]
    public void Read_WhatNetHttpRefuses_IsRefusedInItsWords(string lines, string status) => Assert.Equal(status, Read(lines).Refused?.Status);

    [Theory]
    [InlineData("GET / HTTP/1.1|Host: a|", "a")]
    [InlineData("GET / HTTP/1.1|Host:|", "")]
    [InlineData("GET / HTTP/1.1|Host: ::1|", "::1")]
    [InlineData("GET http://b:1/x HTTP/1.1|Host: a|", "b:1")]
    [InlineData("GET / HTTP/1.0|", "")]
    [InlineData("CONNECT c:1 HTTP/1.1|", "c:1")]
    [InlineData("GET / HTTP/1.7|hOSt:\ta |", "a")]
    public void Read_Host_IsTheTargetsOrTheHeaders(string lines, string host) => Assert.Equal(host, Read(lines).Head?.Host);

    [Theory]
    [InlineData("POST / HTTP/1.1|Host: a|", 0L)]
    [InlineData("POST / HTTP/1.1|Host: a|Content-Length: 007|", 7L)]
    [InlineData("POST / HTTP/1.1|Host: a|Content-Length: 7|Content-Length:  7 |", 7L)]
    [InlineData("POST / HTTP/1.1|Host: a|Transfer-Encoding: CHUNKED|Content-Length: 7|", null)]
    [InlineData("POST / HTTP/1.0|Transfer-Encoding: chunked|Content-Length: 7|", 7L)]
    [InlineData("GET / HTTP/1.1|Host: a|Content-Length: 7|", 7L)]
    public void Read_Body_IsCountedOrInChunks(string lines, long? length)
    {
        var head = Read(lines).Head;

        Assert.NotNull(head);
        Assert.Equal(length, head.ContentLength);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1|Host: a|", false)]
    [InlineData("GET / HTTP/1.1|Host: a|Connection: keep-alive, Close|", true)]
    [InlineData("GET / HTTP/1.0|", true)]
    [InlineData("GET / HTTP/1.0|Connection: x|Connection: Keep-Alive|", false)]
    public void Read_Connection_SaysWhetherItEnds(string lines, bool closes) => Assert.Equal(closes, Read(lines).Head?.Closes);

    [Theory]
    [InlineData("100-continue", 1, true, false)]
    [InlineData("100-Continue, x", 1, true, false)]
    [InlineData("100-continue", 0, false, false)]
    [InlineData("200-ok", 1, false, true)]
    [InlineData("", 1, false, false)]
    public void Read_Expect_IsMetOrUnknown(string expect, int length, bool expectsContinue, bool unknown)
    {
        var head = Read($"POST / HTTP/1.1|Host: a|Expect: {expect}|Content-Length: {length}|").Head;

        Assert.Equal((expectsContinue, unknown), (head?.ExpectsContinue, head?.ExpectsUnknown));
    }

    [Fact]
    public void Read_HeaderOverSeveralLines_IsOne() =>
        Assert.Equal("a b  c", Read("GET / HTTP/1.1|Host: h|X: a|\tb|   |  c |Y: d|").Head?.Headers.First(static h => h.Key == "X").Value);

    [Theory]
    [InlineData("GET /a?b HTTP/1.1|Host: h:1|X: y|Upgrade: h2c|Connection: upgrade|", "GET /a?b HTTP/1.1|Host: h:1|X: y||")]
    [InlineData("GET http://h/a HTTP/1.9|Host: h|", "GET / HTTP/1.1|Host: h||")]
    [InlineData("GET /%00 HTTP/1.1|Host: ::1|", "GET / HTTP/1.1|Host: localhost||")]
    [InlineData("POST / HTTP/1.0|", "POST / HTTP/1.0|Host: localhost|Content-Length: 0|Connection: close||")]
    [InlineData("PUT / HTTP/1.1|Host: h|Content-Length: 3|Content-Length: 3|Expect: 100-continue|", "PUT / HTTP/1.1|Host: h|Content-Length: 3|Expect: 100-continue||")]
    [InlineData("PUT / HTTP/1.1|Host: h|Transfer-Encoding: Chunked|Content-Length: 3|", "PUT / HTTP/1.1|Host: h|Transfer-Encoding: chunked||")]
    public void Write_Head_IsOneThatKestrelTakes(string lines, string written) =>
        Assert.Equal(written, Encoding.Latin1.GetString(HeadWriter.Write(Read(lines).Head!)).Replace("\r\n", "|", StringComparison.Ordinal));

    // The last of the lines is not ended: the head is complete only with an empty one.
    private static HeadReader Read(string lines)
    {
        var reader = new HeadReader();
        foreach (var line in lines.Split('|'))
        {
            if (!reader.Read(Encoding.Latin1.GetBytes(line)))
            {
                break;
            }
        }

        return reader;
    }
}
