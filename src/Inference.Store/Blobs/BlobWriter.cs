using System.Security.Cryptography;
using Inference.Errors;

namespace Inference.Store.Blobs;

/// <summary>A blob on its way into the store. What is not kept is gone with the writer.</summary>
public sealed class BlobWriter : IDisposable
{
    private readonly BlobFolder _folder;
    private readonly string _path;
    private readonly FileStream _file;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private string? _digest;

    internal BlobWriter(BlobFolder folder, string path)
    {
        (_folder, _path) = (folder, path);
        _file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous);
    }

    /// <summary>Bytes so far.</summary>
    public long SizeBytes { get; private set; }

    /// <summary>Of what was written. Nothing can be added after it was asked for.</summary>
    public string Digest => _digest ??= BlobDigest.Of(_hash.GetHashAndReset());

    /// <exception cref="InferenceException">STORE_FAILED, STORE_FULL.</exception>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken ct)
    {
        try
        {
            await _file.WriteAsync(piece, ct);
        }
        catch (Exception e) when (StoreFaults.IsFault(e))
        {
            throw StoreFaults.Of(e, "write", _path, piece.Length);
        }

        Note(piece.Span);
    }

    /// <exception cref="InferenceException">STORE_FAILED, STORE_FULL.</exception>
    public void Write(ReadOnlySpan<byte> piece)
    {
        try
        {
            _file.Write(piece);
        }
        catch (Exception e) when (StoreFaults.IsFault(e))
        {
            throw StoreFaults.Of(e, "write", _path, piece.Length);
        }

        Note(piece);
    }

    /// <summary>Gives the blob its name. If one of this name is there already, that one stays.</summary>
    /// <exception cref="InferenceException">STORE_FAILED, STORE_FULL.</exception>
    public StoredBlob Keep()
    {
        var target = _folder.PathOf(Digest);
        try
        {
            if (File.Exists(target))
            {
                // What tidies up goes by the time of the last use.
                File.SetLastWriteTimeUtc(target, File.GetLastWriteTimeUtc(_file.SafeFileHandle));
                return new StoredBlob(Digest, SizeBytes, Existed: true);
            }

            // On the disk before it has its name: a blob of that name is whole, also after a power cut.
            _file.Flush(flushToDisk: true);
            File.Move(_path, target, overwrite: true);
            return new StoredBlob(Digest, SizeBytes, Existed: false);
        }
        catch (Exception e) when (StoreFaults.IsFault(e))
        {
            throw StoreFaults.Of(e, "rename", _path);
        }
    }

    public void Dispose()
    {
        _file.Dispose();
        _hash.Dispose();
        try
        {
            File.Delete(_path); // nothing there if it was kept
        }
        catch (Exception e) when (StoreFaults.IsFault(e))
        {
            // It has no digest for a name: whatever tidies up takes it.
        }
    }

    private void Note(ReadOnlySpan<byte> piece)
    {
        _hash.AppendData(piece);
        SizeBytes += piece.Length;
    }
}
