using System.ComponentModel.DataAnnotations;

namespace Inference.Store.Remote;

/// <summary>Which other servers models may be run on.</summary>
public sealed class CloudOptions
{
    public const string Section = "Inference:Cloud";

    /// <summary>Nothing is run elsewhere. OLLAMA_NO_CLOUD; <c>disable_ollama_cloud</c> in server.json does the same.</summary>
    public bool Disabled { get; set; }

    /// <summary>Names of hosts that stored models may be run on, with commas between. OLLAMA_REMOTES; ollama.com as in Ollama's envconfig.</summary>
    [Required]
    public string Remotes { get; set; } = "ollama.com";

    /// <summary>Who answers for names that end in <c>:cloud</c>, on this machine only; null is ollama.com. OLLAMA_CLOUD_BASE_URL.</summary>
    public string? BaseUrl { get; set; }

    /// <summary>Who knows the account that the key belongs to.</summary>
    [Required]
    public string AccountUrl { get; set; } = "https://ollama.com";
}
