using System.Security.Cryptography;
using Inference.Store.Blobs;
using Inference.Store.GoJson;

namespace Inference.Store.Manifests;

/// <summary>What a model consists of: the file at <c>manifests/host/namespace/model/tag</c>.</summary>
internal sealed record Manifest
{
    private static readonly string[] ManifestTags = ["schemaVersion", "mediaType", "config", "layers"];
    private static readonly string[] LayerTags = ["mediaType", "digest", "size", "from", "name"];

    /// <summary>Of the file's bytes, <c>sha256:</c> and 64 digits.</summary>
    public required string Digest { get; init; }

    /// <summary>Without a digest if the manifest names no config.</summary>
    public required ManifestLayer Config { get; init; }

    public required IReadOnlyList<ManifestLayer> Layers { get; init; }

    /// <summary>Bytes of all layers and the config, as the manifest says.</summary>
    public long SizeBytes => unchecked(Layers.Aggregate(Config.SizeBytes, static (sum, layer) => unchecked(sum + layer.SizeBytes)));

    public static string DigestOf(ReadOnlySpan<byte> file) => BlobDigest.Of(SHA256.HashData(file));

    /// <exception cref="GoJsonException">It is not a manifest.</exception>
    public static Manifest Parse(ReadOnlySpan<byte> file)
    {
        var digest = DigestOf(file);
        return GoField.Read(file, root =>
        {
            var config = new ManifestLayer();
            List<ManifestLayer> layers = [];
            root.Fields("Manifest", "manifest.Manifest", ManifestTags, (tag, field) =>
            {
                switch (tag)
                {
                    case "schemaVersion":
                        field.Integer();
                        break;
                    case "mediaType":
                        field.Text();
                        break;
                    case "config":
                        config = ReadLayer(field);
                        break;
                    case "layers":
                        layers = field.Items("[]manifest.Layer", ReadLayer) ?? layers;
                        break;
                }
            });
            return new Manifest { Digest = digest, Config = config, Layers = layers };
        });
    }

    private static ManifestLayer ReadLayer(GoField value)
    {
        var layer = new ManifestLayer();
        value.Fields("Layer", "manifest.Layer", LayerTags, (tag, field) => layer = tag switch
        {
            "mediaType" => layer with { MediaType = field.Text() },
            "digest" => layer with { Digest = field.Text() },
            "size" => layer with { SizeBytes = field.Integer("int64") },
            "from" => layer with { From = field.Text() },
            _ => layer with { Name = field.Text() },
        });
        return layer;
    }
}

/// <summary>A layer as the manifest names it; nothing about it has been checked.</summary>
internal sealed record ManifestLayer
{
    public string MediaType { get; init; } = "";

    public string Digest { get; init; } = "";

    public long SizeBytes { get; init; }

    /// <summary>The model it was taken from.</summary>
    public string From { get; init; } = "";

    /// <summary>Of a tensor or a configuration file, its name.</summary>
    public string Name { get; init; } = "";
}
