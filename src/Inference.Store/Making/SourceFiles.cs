using Inference.Errors;
using Inference.GoJson;
using Inference.Store.Blobs;
using Inference.Store.Gguf;

namespace Inference.Store.Making;

/// <summary>What is done with files to make a model from.</summary>
public enum SourceStep
{
    Parsing,
    Converting,
}

/// <summary>
/// Uploaded files to make a model from: what they are, and whether they can be read. Making weights of them is not here: what passes
/// ends in FEATURE_UNSUPPORTED. Checks and words: convertModelFromFiles of Ollama's server/create.go.
/// </summary>
/// <param name="blobs">Where they are.</param>
/// <param name="source">The field that names them.</param>
/// <param name="report">Hears of each step, with Ollama's line for it.</param>
public sealed class SourceFiles(BlobFolder blobs, string source, Func<SourceStep, string, ValueTask> report)
{
    private bool IsAdapter => source is "adapters";

    /// <exception cref="InferenceException">MODEL_FILE_INVALID, BLOB_DIGEST_INVALID, BLOB_NOT_FOUND, STORE_FAILED, FEATURE_UNSUPPORTED.</exception>
    public async Task ReadAsync(IReadOnlyDictionary<string, string> files)
    {
        var sorted = files.OrderBy(static f => f.Key, StringComparer.Ordinal).ToList();
        switch (KindOf(sorted))
        {
            case "safetensors":
                await ReadSafetensorsAsync(files);
                break;
            case "gguf":
                await ReadGgufAsync(sorted);
                break;
            default:
                throw Invalid(sorted.FirstOrDefault().Key ?? "", "unknown type");
        }
    }

    private async Task ReadGgufAsync(List<KeyValuePair<string, string>> files)
    {
        if (files.Count > 1 && IsAdapter)
        {
            throw Invalid(files[1].Key, "only one adapter is currently supported");
        }

        foreach (var (file, digest) in files)
        {
            await report(SourceStep.Parsing, "parsing GGUF");
            var path = PathOf(digest);
            if (!IsGguf(path, digest))
            {
                throw Invalid(file, "supplied file was not in GGUF format");
            }

            CheckGguf(file, path);
        }

        throw Catalogue.FeatureUnsupported.For(IsAdapter ? "creating a model with an adapter" : "creating a model from GGUF files");
    }

    private async Task ReadSafetensorsAsync(IReadOnlyDictionary<string, string> files)
    {
        var name = IsAdapter ? "adapter_config.json" : "config.json";
        foreach (var digest in files.Values)
        {
            _ = PathOf(digest);
        }

        await report(SourceStep.Converting, IsAdapter ? "converting adapter" : "converting model");
        // It opens the file by its own name there, in a folder of links.
        var absent = $"open {name}: no such file or directory";
        var config = files.TryGetValue(name, out var listed) ? Bytes(listed, absent) : throw Invalid(name, absent);
        try
        {
            if (SafetensorsConfig.Architectures(config).Count == 0 && !IsAdapter)
            {
                throw Invalid(name, "unknown architecture");
            }
        }
        catch (GoJsonException e)
        {
            throw Invalid(name, IsAdapter ? e.Message : $"parse {name}: {e.Message}");
        }

        throw Catalogue.FeatureUnsupported.For("creating a model from safetensors");
    }

    // By the first name that says it, or else by what is in a file: a name without an ending that cannot be read is of no type.
    private string KindOf(List<KeyValuePair<string, string>> files)
    {
        foreach (var (file, digest) in files)
        {
            if (file.EndsWith(".safetensors", StringComparison.Ordinal))
            {
                return "safetensors";
            }

            if (file.EndsWith(".gguf", StringComparison.Ordinal))
            {
                return "gguf";
            }

            if (!BlobDigest.IsValid(digest) || blobs.SizeOf(digest) is null)
            {
                return "";
            }

            if (IsGguf(blobs.PathOf(digest), digest))
            {
                return "gguf";
            }
        }

        return "";
    }

    private bool IsGguf(string path, string digest)
    {
        Span<byte> magic = stackalloc byte[4];
        try
        {
            using var file = File.OpenHandle(path);
            return RandomAccess.Read(file, magic, 0) == magic.Length && magic.SequenceEqual("GGUF"u8);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Missing(digest, StoreFaults.Missing("open", path), e);
        }
        catch (Exception e) when (StoreFaults.IsFault(e))
        {
            throw StoreFaults.Of(e, "open", path);
        }
    }

    private void CheckGguf(string file, string path)
    {
        try
        {
            _ = GgufFile.Read(path);
        }
        catch (GgufException e)
        {
            throw Invalid(file, e.Message);
        }
        catch (Exception e) when (StoreFaults.IsFault(e))
        {
            throw StoreFaults.Of(e, "read", path);
        }
    }

    private byte[] Bytes(string digest, string absent)
    {
        var path = PathOf(digest);
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Missing(digest, absent, e);
        }
        catch (Exception e) when (StoreFaults.IsFault(e))
        {
            throw StoreFaults.Of(e, "open", path);
        }
    }

    private string PathOf(string digest) => BlobDigest.IsValid(digest) ? blobs.PathOf(digest) : throw Of(Catalogue.BlobDigestInvalid.For(digest));

    private InferenceException Missing(string digest, string operation, Exception cause) => Of(Catalogue.BlobNotFound.Because(cause, digest), "operation", operation);

    private InferenceException Invalid(string file, string detail) => Of(Catalogue.ModelFileInvalid.For(file, detail));

    private InferenceException Of(InferenceException thrown, string key = "", string value = "")
    {
        var facts = thrown.Error.Facts.With("field", source);
        return new InferenceException(thrown.Error with { Facts = key.Length == 0 ? facts : facts.With(key, value) }, thrown);
    }
}
