using System.Buffers;
using System.Security.Cryptography;
using Inference.GoJson;
using Inference.Store.Blobs;

namespace Inference.Store.Manifests;

/// <summary>What a model consists of: the file at <c>manifests/host/namespace/model/tag</c>.</summary>
public sealed record Manifest
{
    private static readonly GoStruct<Read> Shape = new("Manifest", "manifest.Manifest",
    [
        ("schemaVersion", static (json, m) => m.SchemaVersion = json.Int(m.SchemaVersion)),
        ("mediaType", static (json, m) => m.MediaType = json.String(m.MediaType)),
        ("config", static (json, m) => m.Config = ManifestLayer.Read(json, m.Config)),
        ("layers", static (json, m) => json.List(m.Layers, "[]manifest.Layer", static () => new ManifestLayer(), ManifestLayer.Read)),
    ]);

    public long SchemaVersion { get; init; } = 2;

    public string MediaType { get; init; } = MediaTypes.Manifest;

    /// <summary>Of the file's bytes, <c>sha256:</c> and 64 digits; empty while there is no file.</summary>
    public string Digest { get; init; } = "";

    /// <summary>Without a digest if the manifest names no config.</summary>
    public required ManifestLayer Config { get; init; }

    public required IReadOnlyList<ManifestLayer> Layers { get; init; }

    /// <summary>Bytes of all layers and the config, as the manifest says.</summary>
    public long SizeBytes => unchecked(Layers.Aggregate(Config.SizeBytes, static (sum, layer) => unchecked(sum + layer.SizeBytes)));

    /// <summary>The layers, and the config as the last of them if there is one: what a model consists of.</summary>
    public IEnumerable<ManifestLayer> Parts => Config.Digest.Length > 0 ? Layers.Append(Config) : Layers;

    /// <summary>As Ollama writes it: one line, without its end.</summary>
    public ReadOnlyMemory<byte> ToBytes()
    {
        var bytes = new ArrayBufferWriter<byte>();
        var json = new GoJsonWriter(bytes);
        var members = new GoMembers(json);
        members.Next("\"schemaVersion\":"u8).Int(SchemaVersion);
        members.Next("\"mediaType\":"u8).String(MediaType);
        Config.Write(members.Next("\"config\":"u8));
        if (Layers.Count > 0)
        {
            members.Next("\"layers\":"u8).List(Layers, static (json, layer) => layer.Write(json));
        }
        else
        {
            members.Next("\"layers\":"u8).Raw("null"u8); // a slice that nothing was appended to
        }

        members.End();
        return bytes.WrittenMemory;
    }

    public static string DigestOf(ReadOnlySpan<byte> file) => BlobDigest.Of(SHA256.HashData(file));

    /// <exception cref="GoJsonException">It is not a manifest.</exception>
    internal static Manifest Parse(ReadOnlyMemory<byte> file)
    {
        var read = new Read();
        GoJsonReader.Decode(file, Shape, read);
        return new Manifest { SchemaVersion = read.SchemaVersion, MediaType = read.MediaType, Digest = DigestOf(file.Span), Config = read.Config, Layers = read.Layers };
    }

    private sealed class Read
    {
        public long SchemaVersion { get; set; }

        public string MediaType { get; set; } = "";

        public ManifestLayer Config { get; set; } = new();

        public List<ManifestLayer> Layers { get; } = [];
    }
}

/// <summary>A layer as the manifest names it; nothing about it has been checked.</summary>
public sealed record ManifestLayer
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

    internal static ManifestLayer Read(GoJsonReader json, ManifestLayer old) => json.Record(Shape, old);

    internal void Write(GoJsonWriter json)
    {
        var members = new GoMembers(json);
        members.Next("\"mediaType\":"u8).String(MediaType);
        members.Next("\"digest\":"u8).String(Digest);
        members.Next("\"size\":"u8).Int(SizeBytes);
        members.Optional("\"from\":"u8, From);
        members.Optional("\"name\":"u8, Name);
        members.End();
    }
}
