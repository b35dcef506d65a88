using System.Text;
using Inference.Facade.Passthrough;
using ZstdSharp;

namespace Inference.UnitTests.Facade.Passthrough;

public sealed class ZstdBodyTests
{
    private static readonly byte[] Body = Encoding.UTF8.GetBytes("""{"model":"m"}""");

    [Fact]
    public void Unpack_Packed_IsTheBody() => Assert.Equal(Body, ZstdBody.Unpack(Packed(Body)).ToArray());

    [Fact]
    public void Unpack_Nothing_IsNothing() => Assert.Equal(0, ZstdBody.Unpack(default).Length);

    [Fact]
    public void Unpack_SeveralFrames_AreOneBody() => Assert.Equal([.. Body, .. Body], ZstdBody.Unpack((byte[])[.. Packed(Body), .. Packed(Body)]).ToArray());

    [Fact]
    public void Unpack_WhatIsNotPacked_SaysSo() =>
        Assert.Equal(("REQUEST_MALFORMED", "invalid input: magic number mismatch"), Bodies.Problem(() => ZstdBody.Unpack(Body)));

    [Theory]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(15)]
    public void Unpack_CutOff_EndsUnexpectedly(int length) =>
        Assert.Equal(("REQUEST_MALFORMED", "unexpected EOF"), Bodies.Problem(() => ZstdBody.Unpack(Packed(Body).AsMemory(0, length))));

    [Fact]
    public void Unpack_MoreThanTwentyMebibytes_IsTooLarge()
    {
        Assert.Equal(20 << 20, ZstdBody.Unpack(Packed(new byte[20 << 20])).Length);
        Assert.Equal(("REQUEST_TOO_LARGE", "http: request body too large"), Bodies.Problem(() => ZstdBody.Unpack(Packed(new byte[(20 << 20) + 1]))));
    }

    private static byte[] Packed(byte[] body)
    {
        // As a stream is packed: with the window of the level, whatever the size.
        using var packed = new MemoryStream();
        using (var stream = new CompressionStream(packed, level: 3))
        {
            stream.Write(body);
        }

        return packed.ToArray();
    }
}
