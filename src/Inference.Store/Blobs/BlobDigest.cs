using System.Buffers;

namespace Inference.Store.Blobs;

/// <summary>How a blob is named: <c>sha256:</c> in texts, <c>sha256-</c> on disk, each with 64 hexadecimal digits.</summary>
public static class BlobDigest
{
    private const string Algorithm = "sha256";
    private const int HexDigits = 64;

    private static readonly SearchValues<char> Hex = SearchValues.Create("0123456789abcdefABCDEF");

    /// <summary>Whether it is <c>sha256</c>, a colon or a dash, and 64 hexadecimal digits of either case.</summary>
    public static bool IsValid(string digest) =>
        digest.Length == Algorithm.Length + 1 + HexDigits
        && digest.StartsWith(Algorithm, StringComparison.Ordinal)
        && digest[Algorithm.Length] is ':' or '-'
        && digest.AsSpan(Algorithm.Length + 1).IndexOfAnyExcept(Hex) < 0;

    /// <summary>Name of the file in <c>blobs</c>; null if the digest is not one, so no digest can leave that folder.</summary>
    public static string? FileName(string digest) => IsValid(digest) ? digest.Replace(':', '-') : null;

    /// <summary>The digest of a SHA-256, in the form of texts.</summary>
    public static string Of(ReadOnlySpan<byte> hash) => $"{Algorithm}:{Convert.ToHexStringLower(hash)}";
}
