using System.Security.Cryptography;
using Inference.GoJson;
using Inference.Store.Blobs;

namespace Inference.Store.Manifests;

/// <summary>What a model consists of: the file at <c>manifests/host/namespace/model/tag</c>.</summary>
internal sealed record Manifest
{
    private static readonly GoStruct<Parts> Shape = new("Manifest", "manifest.Manifest",
    [
        ("schemaVersion", static (json, _) => json.Int(0)),
        ("mediaType", static (json, _) => json.String("")),
        ("config", static (json, m) => m.Config = ManifestLayer.Read(json, m.Config)),
        ("layers", static (json, m) => json.List(m.Layers, "[]manifest.Layer", static () => new ManifestLayer(), ManifestLayer.Read)),
    ]);

    /// <summary>Of the file's bytes, <c>sha256:</c> and 64 digits.</summary>
    public required string Digest { get; init; }

    /// <summary>Without a digest if the manifest names no config.</summary>
    public required ManifestLayer Config { get; init; }

    public required IReadOnlyList<ManifestLayer> Layers { get; init; }

    /// <summary>Bytes of all layers and the config, as the manifest says.</summary>
    public long SizeBytes => unchecked(Layers.Aggregate(Config.SizeBytes, static (sum, layer) => unchecked(sum + layer.SizeBytes)));

    public static string DigestOf(ReadOnlySpan<byte> file) => BlobDigest.Of(SHA256.HashData(file));

    /// <exception cref="GoJsonException">It is not a manifest.</exception>
    public static Manifest Parse(ReadOnlyMemory<byte> file)
    {
        var parts = new Parts();
        GoJsonReader.Decode(file, Shape, parts);
        return new Manifest { Digest = DigestOf(file.Span), Config = parts.Config, Layers = parts.Layers };
    }

    private sealed class Parts
    {
        public ManifestLayer Config { get; set; } = new();

        public List<ManifestLayer> Layers { get; } = [];
    }
}

/// <summary>A layer as the manifest names it; nothing about it has been checked.</summary>
internal sealed record ManifestLayer
{
    private static readonly GoStruct<GoTarget<ManifestLayer>> Shape = new("Layer", "manifest.Layer",
    [
        ("mediaType", static (json, l) => l.Value = l.Value with { MediaType = json.String(l.Value.MediaType) }),
        ("digest", static (json, l) => l.Value = l.Value with { Digest = json.String(l.Value.Digest) }),
        ("size", static (json, l) => l.Value = l.Value with { SizeBytes = json.Int64(l.Value.SizeBytes) }),
        ("from", static (json, l) => l.Value = l.Value with { From = json.String(l.Value.From) }),
        ("name", static (json, l) => l.Value = l.Value with { Name = json.String(l.Value.Name) }),
    ]);

    public string MediaType { get; init; } = "";

    public string Digest { get; init; } = "";

    public long SizeBytes { get; init; }

    /// <summary>The model it was taken from.</summary>
    public string From { get; init; } = "";

    /// <summary>Of a tensor or a configuration file, its name.</summary>
    public string Name { get; init; } = "";

    public static ManifestLayer Read(GoJsonReader json, ManifestLayer old) => json.Record(Shape, old);
}
