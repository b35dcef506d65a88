using System.Globalization;
using System.Net;

namespace Inference.Server.Options;

/// <summary>Where to listen, as OLLAMA_HOST spells it. Rules and corrections: Ollama's envconfig.Host.</summary>
/// <param name="Host">An IP address without brackets, a host name, or empty for every interface.</param>
/// <param name="Port">0 is any free one.</param>
/// <param name="Secure">It was spelled <c>https://</c>.</param>
internal sealed record ListenAddress(string Host, int Port, bool Secure)
{
    public const int DefaultPort = 11434;

    /// <summary>Every interface, IPv4 and IPv6 alike: so does Go for <c>0.0.0.0</c>, <c>::</c> and an empty host.</summary>
    public bool IsAny => Host.Length == 0 || (IPAddress.TryParse(Host, out var ip) && (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any)));

    /// <summary>Where a client on this machine finds it.</summary>
    public Uri Local => new($"http://{(IsAny ? "127.0.0.1" : Bracketed)}:{Port}");

    private string Bracketed => Host.Contains(':') ? $"[{Host}]" : Host;

    /// <param name="text">For example <c>0.0.0.0</c>, <c>:8080</c>, <c>[::1]:11434</c>, <c>http://example.com</c>. Empty is the default.</param>
    /// <param name="warning">What was wrong with the port, if it was replaced by the default.</param>
    public static ListenAddress Parse(string text, out string? warning)
    {
        var cut = text.Trim().Split("://", 2);
        var scheme = cut.Length == 2 ? cut[0] : "";
        var hostPort = cut[^1].Split('/', 2)[0];
        var standard = scheme switch { "http" => 80, "https" => 443, _ => DefaultPort };

        if (SplitHostPort(hostPort) is not var (host, port))
        {
            var bare = hostPort.Trim('[', ']');
            port = standard.ToString(CultureInfo.InvariantCulture);
            host = IPAddress.TryParse(bare, out _) ? bare : hostPort.Length > 0 ? hostPort : "127.0.0.1";
        }

        warning = null;
        if (!int.TryParse(port, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) || number is < 0 or > ushort.MaxValue)
        {
            warning = $"\"{port}\" is not a port; using {standard}";
            number = standard;
        }

        return new ListenAddress(host, number, scheme == "https");
    }

    /// <summary>Go's net.SplitHostPort; null where that is an error, such as a missing port.</summary>
    private static (string Host, string Port)? SplitHostPort(string text)
    {
        var colon = text.LastIndexOf(':');
        if (colon < 0)
        {
            return null;
        }

        var (host, port) = (text[..colon], text[(colon + 1)..]);
        if (host.StartsWith('['))
        {
            return host.IndexOf(']') == host.Length - 1 ? (host[1..^1], port) : null;
        }

        return host.AsSpan().IndexOfAny(':', '[', ']') >= 0 || port.AsSpan().IndexOfAny('[', ']') >= 0 ? null : (host, port);
    }
}
