using System.Buffers;
using System.Text;
using Inference.Server.Ports.Requests;

namespace Inference.UnitTests.Server.Ports.Requests;

public sealed class ChunkDecoderTests
{
    [Theory]
    [InlineData("5\r\nhello\r\n0\r\n\r\n", "hello", "")]
    [InlineData("5;ext=\"a\"\r\nhello\r\n1\r\n!\r\n0\r\nX: y\r\n\r\n", "hello!", "")]
    [InlineData("00A \r\n0123456789\r\n0\r\n\r\nGET /", "0123456789", "GET /")]
    [InlineData("0\r\n\r\n", "", "")]
    public void Decode_Chunks_WhateverTheirPieces(string sent, string data, string left)
    {
        for (var piece = 1; piece <= sent.Length; piece++)
        {
            var (decoder, decoded, rest) = Decode(sent, piece);

            Assert.Equal((data, true, null, left), (decoded, decoder.IsEnd, decoder.Broken, rest));
        }
    }

    [Theory]
    [InlineData("zz\r\n", "invalid byte in chunk length")]
    [InlineData("5 ;x\r\n", "invalid byte in chunk length")]
    [InlineData("\r\n", "empty hex number for chunk length")]
    [InlineData(";x\r\n", "empty hex number for chunk length")]
    [InlineData("00000000000000000\r\n", "http chunk length too large")]
    [InlineData("1\n", "chunked line ends with bare LF")]
    [InlineData("1\rx\r\n", "invalid CR in chunked line")]
    [InlineData("1\r\naXX", "malformed chunked encoding")]
    public void Decode_WrongFrame_IsBrokenInGosWords(string sent, string reason) => Assert.Equal(reason, Decode(sent, sent.Length).Decoder.Broken);

    [Theory]
    [InlineData("", "unexpected EOF")]
    [InlineData("5", "unexpected EOF")]
    [InlineData("5\r\nhel", "unexpected EOF")]
    [InlineData("5\r\nhello\r", "unexpected EOF")]
    [InlineData("0\r\n", "http: unexpected EOF reading trailer")]
    public void AtEnd_BodyCutOff_IsGosWord(string sent, string reason) => Assert.Equal(reason, Decode(sent, Math.Max(sent.Length, 1)).Decoder.AtEnd);

    [Fact]
    public void Decode_MoreFrameThanData_IsBroken()
    {
        var sent = string.Concat(Enumerable.Repeat($"1;{new string('x', 1000)}\r\na\r\n", 20));

        Assert.Equal("chunked encoding contains too much non-data", Decode(sent, sent.Length).Decoder.Broken);
    }

    [Fact]
    public void Decode_OneByteAChunk_IsNot()
    {
        var sent = string.Concat(Enumerable.Repeat("1\r\na\r\n", 20_000)) + "0\r\n\r\n";

        Assert.Equal((true, 20_000), (Decode(sent, sent.Length).Decoder.IsEnd, Decode(sent, sent.Length).Data.Length));
    }

    [Fact]
    public void Decode_EndlessLine_IsBroken() => Assert.Equal("header line too long", Decode(new string('1', 5000), 5000).Decoder.Broken);

    private static (ChunkDecoder Decoder, string Data, string Left) Decode(string sent, int piece)
    {
        var decoder = new ChunkDecoder();
        var data = new ArrayBufferWriter<byte>();
        var waiting = "";
        for (var at = 0; at < sent.Length; at += piece)
        {
            var input = new ReadOnlySequence<byte>(Encoding.Latin1.GetBytes(string.Concat(waiting, sent.AsSpan(at, Math.Min(piece, sent.Length - at)))));
            decoder.Decode(ref input, data);
            waiting = Encoding.Latin1.GetString(input);
        }

        return (decoder, Encoding.Latin1.GetString(data.WrittenSpan), waiting);
    }
}
