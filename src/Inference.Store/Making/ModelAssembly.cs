using System.Buffers;
using Inference.Errors;
using Inference.GoJson;
using Inference.Store.Blobs;
using Inference.Store.Gguf;
using Inference.Store.Manifests;
using Inference.Store.Names;

namespace Inference.Store.Making;

/// <summary>
/// A model on its way into the store: its layers and its config. Blobs are written as they are added; under the model's name nothing
/// changes before <see cref="Write"/>. Order and rules: Ollama's server/create.go.
/// </summary>
public sealed class ModelAssembly(StoreChanges store)
{
    private readonly List<MadeLayer> _layers = [];

    public ModelConfig Config { get; set; } = new() { Architecture = "amd64", OperatingSystem = "linux" };

    /// <summary>Files of weights, projectors and adapters: what they say of themselves, in the order of their layers.</summary>
    public IReadOnlyList<MadeWeights> Weights => [.. _layers.Select(static l => l.Weights).OfType<MadeWeights>()];

    /// <summary>Ollama's line for each layer.</summary>
    public IEnumerable<(bool Existed, string Digest, string Status)> Progress =>
        _layers.Select(static l => (l.Existed, l.Layer.Digest, $"{(l.Existed ? "using existing" : "creating new")} layer {l.Layer.Digest}"));

    /// <summary>Takes over the layers of a model.</summary>
    /// <param name="manifest">The model.</param>
    /// <param name="name">Its name, which the layers then carry.</param>
    /// <param name="requested">How the request spells it, for errors.</param>
    /// <exception cref="InferenceException">MODEL_CORRUPT, STORE_FAILED.</exception>
    public void Inherit(Manifest manifest, ModelName name, string requested)
    {
        foreach (var layer in manifest.Layers)
        {
            if (BlobDigest.FileName(layer.Digest) is null)
            {
                throw Catalogue.ModelCorrupt.For(requested, layer.Digest, layer.Digest.Length == 0 ? "creating new layer from layer with empty digest" : "invalid digest format");
            }

            var path = store.Blobs.PathOf(layer.Digest);
            var size = store.Blobs.SizeOf(layer.Digest) ?? throw Catalogue.ModelCorrupt.For(requested, layer.Digest, StoreFaults.Missing("stat", path));
            var taken = new ManifestLayer { MediaType = layer.MediaType, Digest = layer.Digest, SizeBytes = size, From = name.DisplayName };
            _layers.Add(new MadeLayer(taken, Existed: true, Weigh(layer, path, requested)));
        }
    }

    /// <summary>A layer of a kind that a model has one of: it takes the place of an inherited one, at the end.</summary>
    /// <exception cref="InferenceException">STORE_FAILED, STORE_FULL.</exception>
    public void Replace(string mediaType, ReadOnlySpan<byte> content)
    {
        _layers.RemoveAll(l => l.Layer.MediaType == mediaType);
        Append(mediaType, content);
    }

    /// <summary>One more layer.</summary>
    /// <exception cref="InferenceException">STORE_FAILED, STORE_FULL.</exception>
    public void Append(string mediaType, ReadOnlySpan<byte> content)
    {
        var blob = store.Blobs.Add(content);
        _layers.Add(new MadeLayer(new ManifestLayer { MediaType = mediaType, Digest = blob.Digest, SizeBytes = blob.SizeBytes }, blob.Existed, Weights: null));
    }

    /// <summary>Default options: these, and of the inherited ones those that have no other value. Written anew whenever there are any.</summary>
    /// <param name="parameters">Untyped values by name.</param>
    /// <param name="requested">The model that they are inherited from, for errors.</param>
    /// <exception cref="InferenceException">MODEL_CORRUPT, STORE_FAILED, STORE_FULL.</exception>
    public void Merge(IReadOnlyDictionary<string, object?> parameters, string requested)
    {
        var merged = new Dictionary<string, object?>(parameters, StringComparer.Ordinal);
        foreach (var layer in _layers.Where(static l => l.Layer.MediaType is MediaTypes.Parameters).Select(static l => l.Layer))
        {
            foreach (var (key, value) in Stored(layer, requested))
            {
                merged.TryAdd(key, value);
            }
        }

        if (merged.Count > 0)
        {
            Replace(MediaTypes.Parameters, Line(json => json.Write(merged)));
        }
    }

    /// <summary>Messages before every conversation, in place of inherited ones.</summary>
    /// <exception cref="InferenceException">STORE_FAILED, STORE_FULL.</exception>
    public void Replace(IEnumerable<StoredMessage> messages) => Replace(MediaTypes.Messages, Line(json => SmallLayers.WriteMessages(json, messages)));

    /// <summary>Writes the config and the manifest: the model is there.</summary>
    /// <exception cref="InferenceException">STORE_FAILED, STORE_FULL.</exception>
    public void Write(ModelName name)
    {
        var config = store.Blobs.Add(Line(Config.Write));
        var manifest = new Manifest
        {
            Config = new ManifestLayer { MediaType = MediaTypes.Config, Digest = config.Digest, SizeBytes = config.SizeBytes },
            Layers = [.. _layers.Select(static l => l.Layer)],
        };
        store.Write(name, (byte[])[.. manifest.ToBytes().Span, (byte)'\n']);
    }

    // JSON as Ollama stores it: on one line, with its end.
    private static ReadOnlySpan<byte> Line(Action<GoJsonWriter> write)
    {
        var bytes = new ArrayBufferWriter<byte>();
        var json = new GoJsonWriter(bytes);
        write(json);
        json.Raw("\n"u8);
        return bytes.WrittenSpan;
    }

    private static MadeWeights? Weigh(ManifestLayer layer, string path, string requested)
    {
        if (layer.MediaType is not (MediaTypes.Model or MediaTypes.Projector or MediaTypes.Adapter))
        {
            return null;
        }

        try
        {
            return new MadeWeights(layer.MediaType, GgufFile.Read(path));
        }
        catch (GgufException e)
        {
            throw Catalogue.ModelCorrupt.Because(e, requested, layer.Digest, e.Message);
        }
        catch (Exception e) when (StoreFaults.IsFault(e))
        {
            throw StoreFaults.Of(e, "open", path);
        }
    }

    private Dictionary<string, object?> Stored(ManifestLayer layer, string requested)
    {
        var path = store.Blobs.PathOf(layer.Digest);
        var map = new Dictionary<string, object?>(StringComparer.Ordinal);
        try
        {
            GoJsonReader.Decode(File.ReadAllBytes(path), map, static (json, map) => json.Map(map));
            return map;
        }
        catch (GoJsonException e)
        {
            throw Catalogue.ModelCorrupt.Because(e, requested, layer.Digest, e.Message);
        }
        catch (Exception e) when (StoreFaults.IsFault(e))
        {
            throw StoreFaults.Of(e, "open", path);
        }
    }

    private sealed record MadeLayer(ManifestLayer Layer, bool Existed, MadeWeights? Weights);
}

/// <summary>A file of weights in a model that is being made.</summary>
/// <param name="MediaType">What it is for.</param>
/// <param name="File">Its header.</param>
public sealed record MadeWeights(string MediaType, GgufFile File)
{
    /// <summary>Number format of the weights. A file that says 0 says nothing there, although 0 is F32.</summary>
    public string FileType => File.Facts.FileTypeName is { Length: > 0 } name && name != Gguf.FileType.Name(0) ? name : Gguf.FileType.Unknown;
}
