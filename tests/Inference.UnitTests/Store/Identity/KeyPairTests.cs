using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text;
using Inference.Store.Identity;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;

namespace Inference.UnitTests.Store.Identity;

public sealed class KeyPairTests : IDisposable
{
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("identity-");

    private string Folder => Path.Combine(_home.FullName, ".ollama");

    private string Private => Path.Combine(Folder, "id_ed25519");

    private KeyPair Keys => new(Folder);

    [Fact]
    public void Ensure_NoKey_MakesOneThatOpenSshReads()
    {
        Assert.True(Keys.Ensure());

        var lines = File.ReadAllText(Private).Split('\n');
        Assert.Equal(("-----BEGIN OPENSSH PRIVATE KEY-----", "-----END OPENSSH PRIVATE KEY-----", ""), (lines[0], lines[^2], lines[^1]));
        var blob = new SshReader(Convert.FromBase64String(string.Concat(lines[1..^2])));
        Assert.Equal("openssh-key-v1\0", Encoding.ASCII.GetString(blob.Take(15)));
        Assert.Equal(["none", "none", ""], [blob.Text(), blob.Text(), blob.Text()]);
        Assert.Equal(1u, blob.Number());
        var publicKey = blob.Field();
        var secret = new SshReader(blob.Field());
        Assert.Equal(0, blob.Left);
        Assert.Equal(secret.Number(), secret.Number());
        Assert.Equal("ssh-ed25519", secret.Text());
        var point = secret.Field();
        Assert.Equal(point, secret.Field()[32..]);
        Assert.Equal("", secret.Text());
        Assert.Equal(Enumerable.Range(1, secret.Left).Select(static n => (byte)n), secret.Take(secret.Left)); // up to a multiple of 8
        Assert.Equal($"ssh-ed25519 {Convert.ToBase64String(publicKey)}\n", File.ReadAllText(Private + ".pub"));
        var known = new SshReader(publicKey);
        Assert.Equal(("ssh-ed25519", Convert.ToHexString(point)), (known.Text(), Convert.ToHexString(known.Field())));
    }

    [Fact]
    public void Ensure_NewKey_IsForItsOwnerOnly()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("no modes there");
            return;
        }

        Keys.Ensure();

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Private));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead, File.GetUnixFileMode(Private + ".pub"));
    }

    [Fact]
    public void Ensure_KeyThere_IsKept()
    {
        Keys.Ensure();
        var first = File.ReadAllText(Private);

        Assert.False(Keys.Ensure());
        Assert.Equal(first, File.ReadAllText(Private));
    }

    [Fact]
    public void Sign_Text_IsVerifiedByThePublicKey()
    {
        Keys.Ensure();

        var parts = Keys.Sign("POST,/api/chat?ts=1").Split(':');

        Assert.Equal(File.ReadAllText(Private + ".pub").Trim(), $"ssh-ed25519 {parts[0]}");
        Assert.Equal($"ssh-ed25519 {parts[0]}", Keys.PublicLine());
        Assert.True(Verifies(parts[0], "POST,/api/chat?ts=1", parts[1]));
        Assert.False(Verifies(parts[0], "POST,/api/chat?ts=2", parts[1]));
    }

    // RFC 8032, section 7.1, TEST 2: one byte of message.
    [Fact]
    public void Sign_KeyOfTheStandard_IsItsSignature()
    {
        var key = new Ed25519PrivateKeyParameters(Convert.FromHexString("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"));
        Directory.CreateDirectory(Folder);
        File.WriteAllText(Private, OpenSshKey.Write(key));

        var signature = Convert.ToHexStringLower(Convert.FromBase64String(Keys.Sign("r").Split(':')[1]));

        Assert.Equal("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00", signature);
    }

    [Fact]
    public void SigninUrl_TellsNameAndKey()
    {
        Keys.Ensure();

        var url = SigninUrl.Of(Keys, "my box");

        Assert.StartsWith("https://ollama.com/connect?name=my%20box&key=", url, StringComparison.Ordinal);
        Assert.Equal(Keys.PublicLine(), Encoding.UTF8.GetString(Base64Url.DecodeFromChars(url.Split("&key=")[1])));
        Assert.DoesNotContain('=', url.Split("&key=")[1]);
    }

    [Fact]
    public void Sign_NoKey_SaysSoInGosWords() =>
        Assert.Equal($"open {Private}: no such file or directory", Assert.Throws<KeyException>(() => Keys.Sign("x")).Message);

    [Theory]
    [InlineData("", "ssh: no key found")]
    [InlineData("hello", "ssh: no key found")]
    [InlineData("-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n", "ssh: unsupported key type \"EC PRIVATE KEY\"")]
    [InlineData("-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n", "ssh: invalid openssh private key format")]
    public void PublicLine_NotAKey_SaysSo(string text, string message)
    {
        Directory.CreateDirectory(Folder);
        File.WriteAllText(Private, text);

        Assert.Equal(message, Assert.Throws<KeyException>(Keys.PublicLine).Message);
    }

    [Fact]
    public void PublicLine_CutOffAnywhere_IsAKeyException()
    {
        Keys.Ensure();
        var lines = File.ReadAllText(Private).Split('\n');
        var whole = Convert.FromBase64String(string.Concat(lines[1..^2]));
        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllText(Private, $"{lines[0]}\n{Convert.ToBase64String(whole, 0, length)}\n{lines[^2]}\n");
            Assert.Throws<KeyException>(Keys.PublicLine);
        }
    }

    public void Dispose() => _home.Delete(recursive: true);

    private static bool Verifies(string key, string text, string signature)
    {
        var verifier = new Ed25519Signer();
        verifier.Init(forSigning: false, new Ed25519PublicKeyParameters(Convert.FromBase64String(key)[^32..]));
        verifier.BlockUpdate(Encoding.UTF8.GetBytes(text));
        return verifier.VerifySignature(Convert.FromBase64String(signature));
    }

    // RFC 4251, section 5: lengths before contents, big-endian.
    private sealed class SshReader(byte[] bytes)
    {
        private int _at;

        public int Left => bytes.Length - _at;

        public byte[] Take(int length) => bytes[_at..(_at += length)];

        public uint Number() => BinaryPrimitives.ReadUInt32BigEndian(Take(4));

        public byte[] Field() => Take((int)Number());

        public string Text() => Encoding.ASCII.GetString(Field());
    }
}
