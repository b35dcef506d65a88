using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Utilities;

namespace Inference.Store.Identity;

/// <summary>
/// A private key as <c>ssh-keygen -t ed25519</c> writes it, without a passphrase, and its public key as one line of <c>authorized_keys</c>.
/// </summary>
internal static class OpenSshKey
{
    private const string Label = "OPENSSH PRIVATE KEY";
    private const string Type = "ssh-ed25519";

    public static string Write(Ed25519PrivateKeyParameters key) => new string(PemEncoding.Write(Label, OpenSshPrivateKeyUtilities.EncodePrivateKey(key))) + "\n";

    /// <summary>The public line: type and key, without the line's end.</summary>
    public static string PublicLine(Ed25519PrivateKeyParameters key) =>
        $"{Type} {Convert.ToBase64String(OpenSshPublicKeyUtilities.EncodePublicKey(key.GeneratePublicKey()))}";

    /// <exception cref="KeyException">It is no key, of another type, or behind a passphrase.</exception>
    public static Ed25519PrivateKeyParameters Read(string pem)
    {
        if (!PemEncoding.TryFind(pem, out var fields))
        {
            throw new KeyException("ssh: no key found");
        }

        if (!pem.AsSpan()[fields.Label].SequenceEqual(Label))
        {
            throw new KeyException($"ssh: unsupported key type \"{pem[fields.Label]}\"");
        }

        try
        {
            return OpenSshPrivateKeyUtilities.ParsePrivateKeyBlob(Convert.FromBase64String(pem[fields.Base64Data])) as Ed25519PrivateKeyParameters
                ?? throw new KeyException("ssh: unhandled key type");
        }
        catch (Exception e) when (e is not KeyException) // the library runs past the end of what is cut off
        {
            throw new KeyException("ssh: invalid openssh private key format", e);
        }
    }
}
