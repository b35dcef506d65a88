using System.Net;
using System.Security.Cryptography;

namespace Inference.Store.Registry;

/// <summary>A part of a file on its way to a registry, and the sum that the registry compares.</summary>
internal sealed class UploadPart(string path, long start, long length, Func<int, ValueTask> sent)
{
    private const int Piece = 128 * 1024;

    private byte[] _sum = [];

    /// <summary>The part as a request's body; read from the file while it is sent.</summary>
    public HttpContent ToContent()
    {
        var content = new FileContent(this);
        content.Headers.TryAddWithoutValidation("Content-Type", "application/octet-stream");
        return content;
    }

    /// <summary>Of what was sent last.</summary>
    public byte[] Sum() => _sum;

#pragma warning disable CA5351 // the protocol's own sum: nothing relies on it but the registry's wish to see it
    public static byte[] Md5(ReadOnlySpan<byte> bytes) => MD5.HashData(bytes);
#pragma warning restore CA5351

    private async Task CopyAsync(Stream target, CancellationToken ct)
    {
#pragma warning disable CA5351 // as above
        using var sum = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
#pragma warning restore CA5351
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous);
        file.Seek(start, SeekOrigin.Begin);
        var piece = new byte[Piece];
        for (var left = length; left > 0;)
        {
            var read = await file.ReadAsync(piece.AsMemory(0, (int)long.Min(Piece, left)), ct);
            if (read == 0)
            {
                throw new EndOfStreamException();
            }

            await target.WriteAsync(piece.AsMemory(0, read), ct);
            sum.AppendData(piece, 0, read);
            await sent(read);
            left -= read;
        }

        _sum = sum.GetHashAndReset();
    }

    private sealed class FileContent(UploadPart part) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => part.CopyAsync(stream, CancellationToken.None);

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) => part.CopyAsync(stream, cancellationToken);

        protected override bool TryComputeLength(out long length)
        {
            length = part.Length;
            return true;
        }
    }

    private long Length => length;
}
