using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Inference.Server.Ports;
using Inference.Server;
using Inference.TestKit;

namespace Inference.UnitTests.Server.Ports;

public sealed class ServerCertificateTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("inference-certificate-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Current_PemWithKeyFile_IsRead()
    {
        var files = TestCertificate.WritePem(_folder.FullName);
        Assert.Equal("CN=localhost", new ServerCertificate(files.Certificate, files.Key, password: null).Current.TargetCertificate.Subject);
    }

    [Fact]
    public void Current_PemWithBothInOneFile_IsRead()
    {
        var files = TestCertificate.WritePem(_folder.FullName);
        File.AppendAllText(files.Certificate, "\n" + File.ReadAllText(files.Key));
        Assert.True(new ServerCertificate(files.Certificate, key: null, password: null).Current.TargetCertificate.HasPrivateKey);
    }

    [Fact]
    public void Current_PfxWithPassword_IsRead()
    {
        var path = TestCertificate.WritePfx(_folder.FullName, "secret");
        Assert.True(new ServerCertificate(path, key: null, "secret").Current.TargetCertificate.HasPrivateKey);
    }

    [Theory]
    [InlineData("wrong")]
    [InlineData(null)]
    public void Create_PfxWithWrongPassword_SaysSo(string? password)
    {
        var path = TestCertificate.WritePfx(_folder.FullName, "secret");
        var thrown = Assert.Throws<StartException>(() => new ServerCertificate(path, key: null, password));
        Assert.Equal(ExitCode.Certificate, thrown.Code);
        Assert.StartsWith($"the certificate {path} cannot be used: ", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_FileMissing_SaysSo() =>
        Assert.Equal(ExitCode.Certificate, Assert.Throws<StartException>(() => new ServerCertificate(Path.Combine(_folder.FullName, "none.pem"), key: null, password: null)).Code);

    [Fact]
    public void Create_KeyOfAnother_SaysSo()
    {
        var files = TestCertificate.WritePem(_folder.FullName);
        var others = TestCertificate.WritePem(_folder.CreateSubdirectory("other").FullName);
        Assert.Equal(ExitCode.Certificate, Assert.Throws<StartException>(() => new ServerCertificate(files.Certificate, others.Key, password: null)).Code);
    }

    [Fact]
    public void Current_FilesRenewed_IsTheNewOne_AndABrokenOneIsNot()
    {
        var files = TestCertificate.WritePem(_folder.FullName);
        var certificate = new ServerCertificate(files.Certificate, files.Key, password: null);
        var first = certificate.Current.TargetCertificate.Thumbprint;

        TestCertificate.WritePem(_folder.FullName);
        Touch(files.Certificate, 1);
        var second = certificate.Current.TargetCertificate.Thumbprint;
        Assert.NotEqual(first, second);

        File.WriteAllText(files.Certificate, "-----BEGIN CERTIFICATE-----\nhalf");
        Touch(files.Certificate, 2);
        Assert.Equal(second, certificate.Current.TargetCertificate.Thumbprint);
    }

    // Two writes may fall into one tick of the file system's clock.
    private static void Touch(string path, int minutes) => File.SetLastWriteTimeUtc(path, TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(minutes));
}
