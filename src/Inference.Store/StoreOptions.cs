using System.ComponentModel.DataAnnotations;

namespace Inference.Store;

/// <summary>Where models lie.</summary>
public sealed class StoreOptions
{
    public const string Section = "Inference:Store";

    /// <summary>Folder with <c>manifests</c> and <c>blobs</c>. OLLAMA_MODELS; ~/.ollama/models as in Ollama's envconfig.</summary>
    [Required]
    public string Root { get; set; } = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".ollama", "models");

    /// <summary>A store that is offered while <see cref="Root"/> has no model; null for none. The server puts its embedded model here.</summary>
    public string? Fallback { get; set; }
}
