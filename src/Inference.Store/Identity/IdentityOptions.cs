using System.ComponentModel.DataAnnotations;

namespace Inference.Store.Identity;

/// <summary>Where the server's key pair lies.</summary>
public sealed class IdentityOptions
{
    public const string Section = "Inference:Identity";

    /// <summary>Folder with <c>id_ed25519</c> and <c>server.json</c>; ~/.ollama as in Ollama, whose keys these are too.</summary>
    [Required]
    public string Folder { get; set; } = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify), ".ollama");
}
