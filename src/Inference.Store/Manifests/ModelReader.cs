using System.Text;
using System.Text.Json;
using Inference.Errors;
using Inference.Store.Blobs;
using Inference.Store.GoJson;
using Inference.Store.Names;
using Microsoft.Win32.SafeHandles;

namespace Inference.Store.Manifests;

/// <summary>Makes a model of a manifest: resolves the layers, and reads the small ones, in the order and with the errors of Ollama's GetModel.</summary>
internal sealed class ModelReader(string blobs, ModelName name, string requested, Manifest manifest, DateTimeOffset modifyTime)
{
    // Templates and licences have kilobytes. What is larger is a mistake, and would only fill the memory.
    private const int MaxSmallBlobBytes = 16 * 1024 * 1024;

    private static readonly string[] MessageTags = ["role", "content", "thinking", "images", "tool_calls", "tool_name", "tool_call_id"];

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
            foreach (var layer in manifest.Layers)
            {
                var resolved = new StoredLayer(layer.MediaType, layer.Digest, layer.SizeBytes, layer.From.Length > 0 ? layer.From : null, PathOf(layer.Digest));
                model = Take(model with { Layers = [.. model.Layers, resolved] }, resolved, whole);
            }

            return model with { ModelPath = model.ModelPath is { } path && File.Exists(path) && !config.IsRemote ? path : null };
        }
        catch (GoJsonException e)
        {
            throw Catalogue.ModelCorrupt.Because(e, requested, _digest, e.Message);
        }
    }

    private StoredModel Take(StoredModel model, StoredLayer layer, bool whole) => layer.MediaType switch
    {
        MediaTypes.Model => TakeWeights(model, layer),
        MediaTypes.Projector => model with { ProjectorPaths = [.. model.ProjectorPaths, layer.Path] },
        MediaTypes.Adapter => model with { AdapterPaths = [.. model.AdapterPaths, layer.Path] },
        MediaTypes.Draft => model with { DraftPath = layer.Path },
        MediaTypes.Template or MediaTypes.Prompt => model with { Template = Text(layer) },
        MediaTypes.System when whole => model with { System = Text(layer) },
        MediaTypes.License when whole => model with { Licenses = [.. model.Licenses, Text(layer)] },
        MediaTypes.Parameters when whole => model with { Parameters = GoField.Read(Bytes(layer), Parameters) },
        MediaTypes.Messages when whole => model with { Messages = GoField.Read(Bytes(layer), Messages) },
        _ => model,
    };

    // Of several files of weights the last is the model and the others its shards, unless they know better: see SplitNumber.
    private static StoredModel TakeWeights(StoredModel model, StoredLayer layer) => model with
    {
        ModelPath = layer.Path,
        ParentModel = layer.From ?? "",
        ShardPaths = model.ModelPath is { } earlier ? [.. model.ShardPaths, earlier] : [],
    };

    private static JsonElement? Parameters(GoField root)
    {
        const string GoType = "map[string]interface {}";
        if (!root.Is(JsonValueKind.Object, GoType))
        {
            return null;
        }

        CheckNumbers(root, root.Value);
        return root.Value;
    }

    // Into an interface, Go decodes each number as float64.
    private static void CheckNumbers(GoField root, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Number when !double.IsFinite(value.GetDouble()):
                root.Mismatch($"number {value.GetRawText()}", "float64");
                break;
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray())
                {
                    CheckNumbers(root, item);
                }

                break;
            case JsonValueKind.Object:
                foreach (var member in value.EnumerateObject())
                {
                    CheckNumbers(root, member.Value);
                }

                break;
        }
    }

    private static IReadOnlyList<StoredMessage> Messages(GoField root) => root.Items("[]api.Message", static item =>
    {
        var message = new StoredMessage("", "");
        item.Fields("Alias", "api.Alias", MessageTags, (tag, field) => message = tag switch
        {
            "role" => message with { Role = field.Text().ToLowerInvariant() },
            "content" => message with { Content = field.Text() },
            _ => message,
        });
        return message;
    }) ?? [];

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
