using Inference.Store.Blobs;

namespace Inference.UnitTests.Store.Blobs;

public sealed class BlobDigestTests
{
    private static readonly string Digits = new('a', 64);

    [Fact]
    public void FileName_Digest_HasADash() => Assert.Equal($"sha256-{Digits}", BlobDigest.FileName($"sha256:{Digits}"));

    [Fact]
    public void FileName_CaseOfDigits_IsKept() => Assert.Equal($"sha256-{Digits.ToUpperInvariant()}", BlobDigest.FileName($"sha256-{Digits.ToUpperInvariant()}"));

    [Theory]
    [InlineData("")]
    [InlineData("sha256:zz")]
    [InlineData("sha512:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("sha256/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaag")]
    [InlineData("sha256:../../../../../../../../../../../../../../../../../../../etc/passw")]
    public void FileName_NoDigest_IsNull(string text) => Assert.Null(BlobDigest.FileName(text));

    [Fact]
    public void Of_Hash_IsLowerCase() => Assert.Equal($"sha256:{new string('f', 64)}", BlobDigest.Of([.. Enumerable.Repeat((byte)0xff, 32)]));
}
