using Inference.Errors;
using Inference.Store.Names;
using Inference.V1;

namespace Inference.Services.Upkeep;

/// <summary>What a request to make a model must fulfil before any work: in the order of Ollama's CreateHandler, the first fault counts.</summary>
internal static class CreateRules
{
    private const long NoLength = 0;

    /// <param name="request">What to make.</param>
    /// <param name="unusedFiles">Files that were named beside a model.</param>
    /// <returns>The name of the new model.</returns>
    /// <exception cref="InferenceException">FIELD_INVALID, FIELD_REQUIRED, BLOB_DIGEST_INVALID, MODEL_NAME_INVALID.</exception>
    public static ModelName Check(CreateModelRequest request, ModelFiles? unusedFiles)
    {
        CheckFiles(request.Files ?? unusedFiles, "files");
        CheckFiles(request.DraftFiles, "draft_files");
        if (request.DraftQuantize.Length > 0 && request.DraftFiles is not { Digests.Count: > 0 })
        {
            throw Catalogue.FieldRequired.For("draft_files");
        }

        if (request.Adapters?.Digests.Values.Any(static d => d.Length == 0) == true)
        {
            throw Of(Catalogue.BlobDigestInvalid.For(""), "adapters");
        }

        return request.Model.Length == 0 ? throw Catalogue.FieldRequired.For("model")
            : ModelName.Parse(request.Model) ?? throw Catalogue.ModelNameInvalid.For(request.Model, "model");
    }

    /// <exception cref="InferenceException">FIELD_INVALID.</exception>
    public static void CheckOverrides(ModelOverrides? overrides)
    {
        CheckLength(overrides?.ContextLength ?? NoLength, "overrides.context_length");
        CheckLength(overrides?.EmbeddingLength ?? NoLength, "overrides.embedding_length");
    }

    /// <summary>The fault of a field, with the field.</summary>
    public static InferenceException Of(InferenceException thrown, string field) => new(thrown.Error with { Facts = thrown.Error.Facts.With("field", field) }, thrown);

    private static void CheckFiles(ModelFiles? files, string field)
    {
        foreach (var (path, digest) in (files?.Digests ?? []).OrderBy(static f => f.Key, StringComparer.Ordinal))
        {
            if (!IsRelative(path))
            {
                throw FieldErrors.One($"{field}.digests", path, "file path must be relative");
            }

            if (digest.Length == 0)
            {
                throw Of(Catalogue.BlobDigestInvalid.For(""), field);
            }
        }
    }

    private static void CheckLength(long length, string field)
    {
        if (length < 0)
        {
            throw FieldErrors.One(field, length, "must be a non-negative integer");
        }
    }

    // io/fs, ValidPath: no part is empty or leads out or nowhere; the root itself is a path.
    private static bool IsRelative(string path) => path is "." || !path.Split('/').Any(static p => p is "" or "." or "..");
}
