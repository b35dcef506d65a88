using Inference.Server.Browsers;

namespace Inference.UnitTests.Server.Browsers;

public sealed class HostNamesTests
{
    [Theory]
    [InlineData("127.0.0.1", nameof(HostKind.Address))]
    [InlineData("127.0.0.1:11434", nameof(HostKind.Address))]
    [InlineData("0.0.0.0", nameof(HostKind.Address))]
    [InlineData("10.0.0.1", nameof(HostKind.Address))]
    [InlineData("172.31.255.255", nameof(HostKind.Address))]
    [InlineData("192.168.0.9:11434", nameof(HostKind.Address))]
    [InlineData("::1", nameof(HostKind.Address))]
    [InlineData("[::1]:11434", nameof(HostKind.Address))]
    [InlineData("[fd00::1]:80", nameof(HostKind.Address))]
    [InlineData("", nameof(HostKind.Name))]
    [InlineData("localhost", nameof(HostKind.Name))]
    [InlineData("LOCALHOST:1234", nameof(HostKind.Name))]
    [InlineData("evil.localhost", nameof(HostKind.Name))]
    [InlineData("my.local", nameof(HostKind.Name))]
    [InlineData("host.docker.internal:11434", nameof(HostKind.Name))]
    [InlineData("8.8.8.8", nameof(HostKind.Foreign))]
    [InlineData("172.32.0.1", nameof(HostKind.Foreign))]
    [InlineData("169.254.1.1", nameof(HostKind.Foreign))]
    [InlineData("127.1", nameof(HostKind.Foreign))]
    [InlineData("127.0.0.01", nameof(HostKind.Foreign))]
    [InlineData("[::1]", nameof(HostKind.Foreign))]
    [InlineData("local", nameof(HostKind.Foreign))]
    [InlineData("localhost.", nameof(HostKind.Foreign))]
    [InlineData("example.com", nameof(HostKind.Foreign))]
    public void Of_AnyHost_IsOllamasVerdict(string host, string kind) => Assert.Equal(kind, HostNames.Of(host).ToString());

    [Fact]
    public void Of_ThisMachinesName_IsAName() => Assert.Equal(HostKind.Name, HostNames.Of(System.Net.Dns.GetHostName().ToUpperInvariant()));
}
