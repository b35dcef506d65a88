using Inference.Errors;
using Inference.Services.Calls;
using Inference.Services.Knowledge;
using Inference.Store;
using Inference.Store.Names;
using Inference.V1;

namespace Inference.Services.Upkeep;

/// <summary>Copying and deleting models, and the blobs to make models from. Failures are thrown, from the catalogue.</summary>
public sealed class Inventory
{
    private readonly ModelLibrary _library;
    private readonly StoreChanges _store;
    private readonly Drain _drain;

    internal Inventory(ModelLibrary library, ModelStore store, Drain drain) => (_library, _store, _drain) = (library, store.Changes, drain);

    /// <exception cref="InferenceException">FIELD_REQUIRED, MODEL_NAME_INVALID, MODEL_NOT_FOUND, STORE_FAILED.</exception>
    public CopyModelResponse Copy(CopyModelRequest request)
    {
        _drain.Admit();
        var errors = new FieldErrors();
        if (request is { Source.Length: 0, Destination.Length: 0 })
        {
            errors.Required("source");
            errors.Required("destination");
        }

        errors.Check();
        var source = _store.SpellingOf(NameOf(request.Source, "source"), request.Source);
        var destination = _store.SpellingOf(NameOf(request.Destination, "destination"), request.Destination);
        // A model that gets the name that it has is not even looked for.
        if (_store.PathOf(source) != _store.PathOf(destination) && !_store.Copy(source, destination))
        {
            throw Catalogue.ModelNotFound.For(request.Source);
        }

        return new CopyModelResponse { Model = _library.Describe(destination) };
    }

    /// <exception cref="InferenceException">FIELD_REQUIRED, MODEL_NAME_INVALID, MODEL_SOURCE_CONFLICT, MODEL_NOT_FOUND, MODEL_CORRUPT, STORE_FAILED.</exception>
    public DeleteModelResponse Delete(DeleteModelRequest request)
    {
        _drain.Admit();
        var name = _store.SpellingOf(ModelReference.Parse(request.Model).Stored, request.Model);
        return new DeleteModelResponse { FreedBytes = _store.Delete(name, request.Model) ?? throw Catalogue.ModelNotFound.For(request.Model) };
    }

    /// <exception cref="InferenceException">FIELD_REQUIRED, BLOB_DIGEST_INVALID, BLOB_NOT_FOUND, STORE_FAILED.</exception>
    public GetBlobResponse GetBlob(GetBlobRequest request)
    {
        _drain.Admit();
        return new GetBlobResponse { Blob = Find(request.Digest) ?? throw Catalogue.BlobNotFound.For(request.Digest) };
    }

    /// <summary>Puts a blob into the store. If it is there, nothing is read.</summary>
    /// <param name="digest">What the bytes should have.</param>
    /// <param name="data">The bytes.</param>
    /// <param name="ct">Ends it.</param>
    /// <exception cref="InferenceException">FIELD_REQUIRED, BLOB_DIGEST_INVALID, BLOB_DIGEST_MISMATCH, STORE_FAILED, STORE_FULL.</exception>
    public async Task<UploadBlobResponse> UploadBlobAsync(string digest, IAsyncEnumerable<ReadOnlyMemory<byte>> data, CancellationToken ct)
    {
        _drain.Admit();
        if (Find(digest) is { } known)
        {
            return new UploadBlobResponse { Blob = known };
        }

        using var writer = _store.Blobs.Create();
        await foreach (var piece in data.WithCancellation(ct))
        {
            await writer.WriteAsync(piece, ct);
        }

        // It is kept under the digest that it has, as in Ollama.
        var stored = writer.Keep();
        return stored.Digest == digest
            ? new UploadBlobResponse { Blob = new Blob { Digest = stored.Digest, SizeBytes = stored.SizeBytes }, Created = true }
            : throw Catalogue.BlobDigestMismatch.For(digest, stored.Digest);
    }

    private Blob? Find(string digest)
    {
        if (digest.Length == 0)
        {
            throw Catalogue.FieldRequired.For("digest");
        }

        return _store.Blobs.SizeOf(digest) is { } size ? new Blob { Digest = digest.Replace('-', ':'), SizeBytes = size } : null;
    }

    private static ModelName NameOf(string text, string field) => text.Length == 0 ? throw Catalogue.FieldRequired.For(field)
        : ModelName.Parse(text) ?? throw Catalogue.ModelNameInvalid.For(text, field);
}
