using System.ComponentModel.DataAnnotations;
using Inference.Llama;

namespace Inference.Server.Options;

/// <summary>The host: where it listens and how it starts and stops. Names for people are in <see cref="Settings"/>.</summary>
internal sealed class ServerOptions
{
    public const string Section = "Inference:Server";

    /// <summary>Where to listen; see <see cref="ListenAddress"/>. OLLAMA_HOST; 127.0.0.1:11434 as in Ollama's envconfig.</summary>
    [Required(AllowEmptyStrings = true)]
    public string Listen { get; set; } = "";

    /// <summary>A Unix socket to listen on as well; null for none.</summary>
    public string? UnixSocket { get; set; }

    /// <summary>A certificate: PEM, then with <see cref="TlsKey"/>, or PKCS #12. With one, the port speaks TLS, too.</summary>
    public string? TlsCertificate { get; set; }

    /// <summary>The private key in PEM; null if it is in the certificate's file.</summary>
    public string? TlsKey { get; set; }

    /// <summary>What the key or the PKCS #12 file is encrypted with.</summary>
    public string? TlsPassword { get; set; }

    /// <summary>Whether cleartext connections are closed.</summary>
    public bool TlsOnly { get; set; }

    /// <summary>How long calls may go on after SIGTERM. The generic host's own default.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00", ConvertValueInInvariantCulture = true, ParseLimitsInInvariantCulture = true)]
    public TimeSpan Drain { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Which build of llama.cpp runs on the CPU.</summary>
    public CpuVariant CpuVariant { get; set; }

    /// <summary>What is logged. OLLAMA_DEBUG; information as in Ollama.</summary>
    public LogLevel LogLevel { get; set; } = LogLevel.Information;

    /// <summary>Origins of web pages that may call, besides Ollama's own list. OLLAMA_ORIGINS.</summary>
    public string? Origins { get; set; }
}
