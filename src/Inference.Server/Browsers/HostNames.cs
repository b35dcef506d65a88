using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Inference.Server.Browsers;

/// <summary>
/// The names under which a server on the loopback interface may be called. A page that has its own name point to 127.0.0.1 is of the
/// same origin to a browser; its name is not among these. Rules: Ollama's allowedHostsMiddleware.
/// </summary>
internal static class HostNames
{
    private static readonly string[] Tops = [".localhost", ".local", ".internal"];

    /// <param name="host">A Host header.</param>
    public static HostKind Of(string host)
    {
        var name = WithoutPort(host);
        return Address(name) is { } address ? (IsOwn(address) ? HostKind.Address : HostKind.Foreign)
            : IsOwn(name) ? HostKind.Name
            : HostKind.Foreign;
    }

    // Go's net.SplitHostPort; what it refuses is taken whole, so that "[::1]" without a port is no address.
    private static string WithoutPort(string host)
    {
        var colon = host.LastIndexOf(':');
        return colon < 0 ? host
            : host.StartsWith('[') ? (host[colon - 1] == ']' ? host[1..(colon - 1)] : host)
            : host.IndexOf(':', StringComparison.Ordinal) == colon ? host[..colon]
            : host;
    }

    // Go's netip.ParseAddr: no "127.1", no "0x7f.0.0.1", no leading zeros.
    private static IPAddress? Address(string name)
    {
        if (name.Contains('[', StringComparison.Ordinal) || !IPAddress.TryParse(name, out var address))
        {
            return null;
        }

        return address.AddressFamily is AddressFamily.InterNetworkV6 || address.ToString() == name ? address : null;
    }

    private static bool IsOwn(IPAddress address) =>
        IPAddress.IsLoopback(address) || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any) || IsPrivate(address) || IsOfThisMachine(address);

    private static bool IsPrivate(IPAddress address) => address.AddressFamily is AddressFamily.InterNetworkV6
        ? address.IsIPv6UniqueLocal
        : address.GetAddressBytes() is [10, ..] or [172, >= 16 and <= 31, ..] or [192, 168, ..];

    private static bool IsOfThisMachine(IPAddress address) =>
        NetworkInterface.GetAllNetworkInterfaces().SelectMany(static i => i.GetIPProperties().UnicastAddresses).Any(a => a.Address.Equals(address));

    private static bool IsOwn(string name) =>
        name.Length == 0
        || name.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || name.Equals(Dns.GetHostName(), StringComparison.OrdinalIgnoreCase)
        || Array.Exists(Tops, top => name.EndsWith(top, StringComparison.OrdinalIgnoreCase));
}

/// <summary>What a Host header names.</summary>
internal enum HostKind
{
    /// <summary>Nobody that this server knows.</summary>
    Foreign,

    /// <summary>An address of this machine or of a private network.</summary>
    Address,

    /// <summary>A name of this machine.</summary>
    Name,
}
