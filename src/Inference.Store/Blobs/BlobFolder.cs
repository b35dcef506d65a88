using Inference.Errors;

namespace Inference.Store.Blobs;

/// <summary>The folder of blobs. A blob has its name only when it is complete: what is being written has a name that no digest has.</summary>
public sealed class BlobFolder(string folder)
{
    /// <summary>Where a blob lies or would lie. Digests are found as they are spelled; those of the store are in lower case.</summary>
    /// <exception cref="InferenceException">BLOB_DIGEST_INVALID.</exception>
    public string PathOf(string digest) =>
        BlobDigest.FileName(digest) is { } name ? Path.Combine(folder, name) : throw Catalogue.BlobDigestInvalid.For(digest);

    /// <summary>Length of a blob; null if it is not there.</summary>
    /// <exception cref="InferenceException">BLOB_DIGEST_INVALID, STORE_FAILED.</exception>
    public long? SizeOf(string digest)
    {
        var path = PathOf(digest);
        try
        {
            var file = new FileInfo(path);
            return file.Exists ? file.Length : null;
        }
        catch (Exception e) when (StoreFaults.IsFault(e))
        {
            throw StoreFaults.Of(e, "stat", path);
        }
    }

    /// <summary>A blob to write, whose digest is not known before its end.</summary>
    /// <param name="neededBytes">How long it will be; 0 if nobody knows.</param>
    /// <exception cref="InferenceException">STORE_FAILED, STORE_FULL.</exception>
    public BlobWriter Create(long neededBytes = 0)
    {
        // Ollama gives its own such names: whichever server tidies up knows what is left behind.
        var path = Path.Combine(folder, $"sha256-{Guid.NewGuid():N}");
        try
        {
            Directory.CreateDirectory(folder);
            StoreFaults.CheckRoom(folder, neededBytes);
            return new BlobWriter(this, path);
        }
        catch (Exception e) when (StoreFaults.IsFault(e))
        {
            throw StoreFaults.Of(e, "open", path);
        }
    }

    /// <summary>Puts a small blob into the folder.</summary>
    /// <exception cref="InferenceException">STORE_FAILED, STORE_FULL.</exception>
    public StoredBlob Add(ReadOnlySpan<byte> content)
    {
        using var writer = Create();
        writer.Write(content);
        return writer.Keep();
    }

    /// <summary>Takes a blob away.</summary>
    /// <returns>Its length; 0 if it was not there.</returns>
    /// <exception cref="InferenceException">BLOB_DIGEST_INVALID, STORE_FAILED.</exception>
    internal long Remove(string digest)
    {
        var size = SizeOf(digest);
        if (size is null)
        {
            return 0;
        }

        var path = PathOf(digest);
        try
        {
            File.Delete(path);
            return size.Value;
        }
        catch (Exception e) when (StoreFaults.IsFault(e))
        {
            throw StoreFaults.Of(e, "remove", path);
        }
    }
}

/// <summary>A blob that was put into the store.</summary>
/// <param name="Digest"><c>sha256:</c> and 64 hexadecimal digits in lower case.</param>
/// <param name="SizeBytes">Its length.</param>
/// <param name="Existed">It was there already.</param>
public sealed record StoredBlob(string Digest, long SizeBytes, bool Existed);
