using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Inference.Server.Ports;

/// <summary>
/// The certificate as its files have it now: renewed ones are taken up at the next connection. A pair that cannot be read, such as
/// one that is only half written, leaves the last good one in place.
/// </summary>
internal sealed class ServerCertificate
{
    private readonly string _path;
    private readonly string? _key;
    private readonly string? _password;
    private readonly Lock _gate = new();
    private SslStreamCertificateContext _current;
    private DateTime _written;

    /// <exception cref="StartException">It cannot be used.</exception>
    public ServerCertificate(string path, string? key, string? password)
    {
        (_path, _key, _password) = (path, key, password);
        try
        {
            _written = Written();
            _current = Read();
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new StartException(ExitCode.Certificate, $"the certificate {path}{(key is null ? "" : $" with the key {key}")} cannot be used: {e.Message.TrimEnd('.')}", e);
        }
    }

    public SslStreamCertificateContext Current
    {
        get
        {
            if (Written() != _written)
            {
                Renew();
            }

            return _current;
        }
    }

    private void Renew()
    {
        lock (_gate)
        {
            var written = Written();
            if (written == _written)
            {
                return;
            }

            try
            {
                _current = Read();
                _written = written;
            }
            catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
            {
                // Tried again with the next connection.
            }
        }
    }

    // A file that is missing for a moment has the year 1601.
    private DateTime Written()
    {
        var (certificate, key) = (File.GetLastWriteTimeUtc(_path), _key is null ? default : File.GetLastWriteTimeUtc(_key));
        return certificate > key ? certificate : key;
    }

    private SslStreamCertificateContext Read()
    {
        if (!IsPem(_path))
        {
            var all = X509CertificateLoader.LoadPkcs12CollectionFromFile(_path, _password);
            var own = all.FirstOrDefault(static c => c.HasPrivateKey) ?? throw new CryptographicException("it holds no private key");
            return SslStreamCertificateContext.Create(own, all, offline: true);
        }

        var leaf = _password is null
            ? X509Certificate2.CreateFromPemFile(_path, _key)
            : X509Certificate2.CreateFromEncryptedPemFile(_path, _password, _key);
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(_path);
        return SslStreamCertificateContext.Create(leaf, chain, offline: true);
    }

    private static bool IsPem(string path) => File.ReadAllBytes(path).AsSpan().IndexOf("-----BEGIN"u8) >= 0;
}
