using System.Text;
using Inference.Errors;
using Inference.GoJson;
using Inference.Store.Blobs;
using Inference.Store.Gguf;
using Inference.Store.Names;
using Microsoft.Win32.SafeHandles;

namespace Inference.Store.Manifests;

/// <summary>Makes a model of a manifest: resolves the layers, and reads the small ones, in the order and with the errors of Ollama's GetModel.</summary>
internal sealed class ModelReader(string blobs, ModelName name, string requested, Manifest manifest, DateTimeOffset modifyTime)
{
    // Templates and licences have kilobytes. What is larger is a mistake, and would only fill the memory.
    private const int MaxSmallBlobBytes = 16 * 1024 * 1024;

    private string _digest = manifest.Digest;

    /// <param name="whole">All small layers; otherwise only the template.</param>
    /// <exception cref="InferenceException">MODEL_NOT_FOUND, MODEL_CORRUPT, STORE_FAILED.</exception>
    public StoredModel Read(bool whole)
    {
        try
        {
            var config = manifest.Config.Digest.Length > 0 ? ModelConfig.Parse(Bytes(manifest.Config.Digest, PathOf(manifest.Config.Digest))) : new ModelConfig();
            var model = new StoredModel
            {
                Name = name,
                RequestedName = requested,
                Digest = manifest.Digest,
                SizeBytes = manifest.SizeBytes,
                ModifyTime = modifyTime,
                Config = config,
                Layers = [],
            };
            var layers = new List<StoredLayer>(manifest.Layers.Count);
            foreach (var layer in manifest.Layers)
            {
                var resolved = new StoredLayer(layer.MediaType, layer.Digest, layer.SizeBytes, layer.From.Length > 0 ? layer.From : null, PathOf(layer.Digest));
                layers.Add(resolved);
                model = Take(model, resolved, whole);
            }

            return WithWeights(model with { Layers = layers });
        }
        catch (GoJsonException e)
        {
            throw Catalogue.ModelCorrupt.Because(e, requested, _digest, e.Message);
        }
    }

    // A model that lives elsewhere has no weights here, and weights that are missing are not an error before somebody wants them.
    private static StoredModel WithWeights(StoredModel model)
    {
        var files = model.Layers.Where(static layer => layer.MediaType is MediaTypes.Model).ToList();
        if (model.Config.IsRemote || files.Count == 0)
        {
            return model;
        }

        var paths = files.Count > 1 ? GgufSplit.Order([.. files.Select(static file => file.Path)]) : [files[0].Path];
        return model with
        {
            ModelPath = File.Exists(paths[0]) ? paths[0] : null,
            ParentModel = files.Last(file => file.Path == paths[0]).From ?? "",
            ShardPaths = [.. paths.Skip(1)],
        };
    }

    private StoredModel Take(StoredModel model, StoredLayer layer, bool whole) => layer.MediaType switch
    {
        MediaTypes.Projector => model with { ProjectorPaths = [.. model.ProjectorPaths, layer.Path] },
        MediaTypes.Adapter => model with { AdapterPaths = [.. model.AdapterPaths, layer.Path] },
        MediaTypes.Draft => model with { DraftPath = layer.Path },
        MediaTypes.Template or MediaTypes.Prompt => model with { Template = Text(layer) },
        MediaTypes.System when whole => model with { System = Text(layer) },
        MediaTypes.License when whole => model with { Licenses = [.. model.Licenses, Text(layer)] },
        MediaTypes.Parameters when whole => model with { Parameters = SmallLayers.ParseParameters(Bytes(layer)) },
        MediaTypes.Messages when whole => model with { Messages = SmallLayers.ParseMessages(Bytes(layer)) },
        _ => model,
    };

    private string Text(StoredLayer layer) => Encoding.UTF8.GetString(Bytes(layer));

    private byte[] Bytes(StoredLayer layer) => Bytes(layer.Digest, layer.Path);

    private byte[] Bytes(string digest, string path)
    {
        _digest = digest;
        try
        {
            using var file = File.OpenHandle(path);
            var length = RandomAccess.GetLength(file);
            if (length > MaxSmallBlobBytes)
            {
                throw Catalogue.ModelCorrupt.For(requested, digest, $"blob of {length} bytes is too large for its kind");
            }

            return ReadAll(file, length);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Catalogue.ModelNotFound.Because(e, requested);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Catalogue.StoreFailed.Because(e, $"open {path}: {(e is UnauthorizedAccessException ? "permission denied" : e.Message)}");
        }
    }

    private static byte[] ReadAll(SafeFileHandle file, long length)
    {
        var bytes = new byte[length];
        var filled = 0;
        while (filled < bytes.Length && RandomAccess.Read(file, bytes.AsSpan(filled), filled) is > 0 and var read)
        {
            filled += read;
        }

        return filled == bytes.Length ? bytes : bytes[..filled];
    }

    private string PathOf(string digest) => BlobDigest.FileName(digest) is { } file
        ? Path.Combine(blobs, file)
        : throw Catalogue.ModelCorrupt.For(requested, digest, "invalid digest format");
}
