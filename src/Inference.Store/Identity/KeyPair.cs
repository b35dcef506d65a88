using System.Text;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Security;

namespace Inference.Store.Identity;

/// <summary>
/// The server's key pair, which is Ollama's: by it ollama.com and registries know whose server this is. Read at each use, so that a
/// key that is exchanged needs no restart.
/// </summary>
public sealed class KeyPair(string folder)
{
    private readonly string _private = Path.Combine(folder, "id_ed25519");

    /// <summary>Makes a new pair if there is none.</summary>
    /// <returns>Whether one was made.</returns>
    /// <exception cref="IOException">The folder cannot be written to.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public bool Ensure()
    {
        if (File.Exists(_private))
        {
            return false;
        }

        Directory.CreateDirectory(folder);
        var key = new Ed25519PrivateKeyParameters(new SecureRandom());
        try
        {
            Write(_private, OpenSshKey.Write(key), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
        catch (IOException) when (File.Exists(_private))
        {
            return false; // another server made one meanwhile
        }

        File.Delete(Public);
        Write(Public, OpenSshKey.PublicLine(key) + "\n", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        return true;
    }

    /// <summary>The public key as one line: its type and itself.</summary>
    /// <exception cref="KeyException">There is none, or it cannot be read.</exception>
    public string PublicLine() => OpenSshKey.PublicLine(Read());

    /// <summary>What the Authorization header of a signed request says: the public key and the signature of this text.</summary>
    /// <exception cref="KeyException">There is no key, or it cannot be read.</exception>
    public string Sign(string text)
    {
        var key = Read();
        var message = Encoding.UTF8.GetBytes(text);
        var signature = new byte[Ed25519PrivateKeyParameters.SignatureSize];
        key.Sign(Org.BouncyCastle.Math.EC.Rfc8032.Ed25519.Algorithm.Ed25519, null, message, 0, message.Length, signature, 0);
        var line = OpenSshKey.PublicLine(key);
        return $"{line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..]}:{Convert.ToBase64String(signature)}";
    }

    private string Public => _private + ".pub";

    private Ed25519PrivateKeyParameters Read()
    {
        try
        {
            return OpenSshKey.Read(File.ReadAllText(_private));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new KeyException($"open {_private}: no such file or directory", e);
        }
        catch (UnauthorizedAccessException e)
        {
            // .NET reports a folder in the same way; Go opens it, and finds out when it reads.
            throw new KeyException(Directory.Exists(_private) ? $"read {_private}: is a directory" : $"open {_private}: permission denied", e);
        }
        catch (IOException e)
        {
            throw new KeyException($"read {_private}: input/output error", e);
        }
    }

    private static void Write(string path, string text, UnixFileMode mode)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = mode;
        }

        using var file = new FileStream(path, options);
        file.Write(Encoding.ASCII.GetBytes(text));
    }
}
