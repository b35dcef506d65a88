using System.Buffers.Text;
using System.Text;

namespace Inference.Store.Identity;

/// <summary>Where a person signs in so that this server's key is known: a page of ollama.com that is told the machine's name and the key.</summary>
public static class SigninUrl
{
    /// <exception cref="KeyException">There is no key to tell.</exception>
    public static string Of(KeyPair keys, string machine) =>
        $"https://ollama.com/connect?name={Uri.EscapeDataString(machine)}&key={Encoded(keys)}";

    /// <summary>The public line as it stands in URLs.</summary>
    /// <exception cref="KeyException">There is no key.</exception>
    public static string Encoded(KeyPair keys) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(keys.PublicLine()));
}
