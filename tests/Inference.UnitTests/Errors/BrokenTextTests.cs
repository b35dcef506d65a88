using Google.Rpc;
using Inference.Errors;

namespace Inference.UnitTests.Errors;

public sealed class BrokenTextTests
{
    // One for each byte, as Go counts them, however .NET would group them.
    [Fact]
    public void Read_Bytes_KeepsEach()
    {
        (byte[] Bytes, string Text)[] cases =
        [
            ([0x61, 0xFF, 0x62], "a\uDCFFb"),
            ([0xE2, 0x82], "\uDCE2\uDC82"),
            ([0xF0, 0x9F, 0x98, 0x80, 0x80], "\U0001F600\uDC80"),
            ([0xEF, 0xBF, 0xBD, 0x00], "\uFFFD\0"),
        ];
        Assert.All(cases, static c =>
        {
            Assert.Equal(c.Text, BrokenText.Read(c.Bytes));
            Assert.Equal(c.Bytes, BrokenText.ToBytes(c.Text));
        });
    }

    [Fact]
    public void ToStatus_BrokenBytes_AreCharactersWithTheirPlaces()
    {
        var error = Catalogue.RegistryProtocol.For("h", 451, BrokenText.Read([0xEF, 0xBF, 0xBD, 0xFF, (byte)'x', 0xFE])).Error;
        var status = Google.Rpc.Status.Parser.ParseFrom(Google.Protobuf.MessageExtensions.ToByteArray(error.ToStatus()));

        var info = status.Details[0].Unpack<ErrorInfo>();
        Assert.Equal(("\uFFFD\uFFFDx\uFFFD", "detail:1,3"), (info.Metadata["detail"], info.Metadata[BrokenText.Key]));
        Assert.DoesNotContain(status.Message, char.IsSurrogate);

        var back = Error.FromStatus(status)!;
        Assert.Equal("\uFFFD\uDC00x\uDC00", back.Facts["detail"]);
        Assert.Equal(error.ToStatus(), back.ToStatus());
    }

    [Fact]
    public void ToStatus_WholeText_HasNoMoreFacts() =>
        Assert.DoesNotContain(BrokenText.Key, Catalogue.RegistryProtocol.For("h", 451, "\uFFFD \U0001F600").Error.ToStatus().Details[0].Unpack<ErrorInfo>().Metadata.Keys);

    // A fact that was cut, or words of somebody else's: nothing is changed that is no U+FFFD.
    [Theory]
    [InlineData("detail:99")]
    [InlineData("detail:0,x,-1")]
    [InlineData("nothing:0")]
    [InlineData(":;:")]
    public void FromStatus_PlacesThatAreNone_AreNotMinded(string places)
    {
        var status = Catalogue.RegistryProtocol.For("h", 451, "abc").Error.ToStatus();
        var info = status.Details[0].Unpack<ErrorInfo>();
        info.Metadata[BrokenText.Key] = places;
        status.Details[0] = Google.Protobuf.WellKnownTypes.Any.Pack(info);

        Assert.Equal("abc", Error.FromStatus(status)!.Facts["detail"]);
    }
}
