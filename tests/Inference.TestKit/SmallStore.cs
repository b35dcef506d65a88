using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Inference.TestKit;

/// <summary>
/// A store of its own with the embedded model as <c>toy</c> and, as <c>toy-embed</c>, the same weights with a pooling type in their
/// header: a model that embeds, without a download. Its vectors mean nothing, but they are vectors.
/// </summary>
public sealed class SmallStore : IDisposable
{
    public const string Model = "toy";
    public const string EmbeddingModel = "toy-embed";

    /// <summary>Length of a vector: the width of the embedded model.</summary>
    public const int EmbeddingLength = 256;

    private const string Library = "manifests/registry.ollama.ai/library";

    public SmallStore()
    {
        var weights = AddBlob(Pooled(File.ReadAllBytes(Places.EmbeddedWeights)));
        foreach (var blob in new DirectoryInfo(Path.Combine(Places.EmbeddedStore, "blobs")).GetFiles())
        {
            blob.CopyTo(Path.Combine(Blobs, blob.Name));
        }

        var manifest = File.ReadAllText(Path.Combine(Places.EmbeddedStore, Library, Model, "latest"));
        AddManifest(Model, manifest);
        var pooled = JsonNode.Parse(manifest)!;
        var layer = pooled["layers"]!.AsArray().Single(l => (string?)l!["mediaType"] == "application/vnd.ollama.image.model")!;
        layer["digest"] = weights.Digest;
        layer["size"] = weights.Size;
        AddManifest(EmbeddingModel, pooled.ToJsonString());
    }

    public string Root { get; } = Directory.CreateTempSubdirectory("inference-models-").FullName;

    private string Blobs => Directory.CreateDirectory(Path.Combine(Root, "blobs")).FullName;

    /// <summary>Adds a model with the toy's template and parameters, and weights of one's own: for broken ones.</summary>
    /// <returns>The digest of the weights.</returns>
    public string Add(string name, byte[] weights)
    {
        var manifest = JsonNode.Parse(File.ReadAllText(Path.Combine(Root, Library, Model, "latest")))!;
        var blob = AddBlob(weights);
        var layer = manifest["layers"]!.AsArray().Single(l => (string?)l!["mediaType"] == "application/vnd.ollama.image.model")!;
        (layer["digest"], layer["size"]) = (blob.Digest, blob.Size);
        AddManifest(name, manifest.ToJsonString());
        return blob.Digest;
    }

    /// <summary>Adds the two models with weights of which each number is none: they load, and compute nonsense.</summary>
    public void AddHollow(string model, string embeddingModel)
    {
        Add(model, Hollow(File.ReadAllBytes(Places.EmbeddedWeights)));
        Add(embeddingModel, Hollow(Pooled(File.ReadAllBytes(Places.EmbeddedWeights))));
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);

    private void AddManifest(string name, string text) =>
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(Root, Library, name)).FullName, "latest"), text);

    private (string Digest, long Size) AddBlob(byte[] content)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(content));
        File.WriteAllBytes(Path.Combine(Blobs, $"sha256-{hash}"), content);
        return ($"sha256:{hash}", content.Length);
    }

    // All bits set is no number, in every format that weights have.
    private static byte[] Hollow(byte[] gguf)
    {
        using var source = new BinaryReader(new MemoryStream(gguf));
        source.ReadBytes(8); // magic, version
        var (tensors, keys) = (source.ReadUInt64(), source.ReadUInt64());
        gguf.AsSpan(Layout(source, tensors, keys).DataStart).Fill(0xFF);
        return gguf;
    }

    /// <summary>Adds <c>llama.pooling_type = 1</c> (mean). Offsets of tensors count from the data, which starts at the next multiple of 32.</summary>
    private static byte[] Pooled(byte[] gguf)
    {
        using var source = new BinaryReader(new MemoryStream(gguf));
        var start = source.ReadBytes(16); // magic, version, number of tensors
        var keys = source.ReadUInt64();
        using var result = new MemoryStream();
        using var to = new BinaryWriter(result);
        to.Write(start);
        to.Write(keys + 1);
        var name = "llama.pooling_type"u8;
        to.Write((ulong)name.Length);
        to.Write(name);
        to.Write(4); // type: uint32
        to.Write(1); // mean
        var (headerEnd, dataStart) = Layout(source, BitConverter.ToUInt64(start, 8), keys);
        to.Write(gguf.AsSpan(24, headerEnd - 24));
        to.Write(new byte[Padding((int)result.Length)]);
        to.Write(gguf.AsSpan(dataStart));
        return result.ToArray();
    }

    private static (int HeaderEnd, int DataStart) Layout(BinaryReader source, ulong tensors, ulong keys)
    {
        for (var i = 0UL; i < keys; i++)
        {
            SkipText(source);
            SkipValue(source, source.ReadUInt32());
        }

        for (var i = 0UL; i < tensors; i++)
        {
            SkipText(source);
            source.ReadBytes(((int)source.ReadUInt32() * 8) + 4 + 8); // dimensions, type, offset
        }

        var end = (int)source.BaseStream.Position;
        return (end, end + Padding(end));
    }

    private static int Padding(int position) => (32 - (position % 32)) % 32;

    private static void SkipText(BinaryReader source) => source.ReadBytes((int)source.ReadUInt64());

    private static void SkipValue(BinaryReader source, uint type)
    {
        switch (type)
        {
            case 0 or 1 or 7: source.ReadBytes(1); break;
            case 2 or 3: source.ReadBytes(2); break;
            case 4 or 5 or 6: source.ReadBytes(4); break;
            case 10 or 11 or 12: source.ReadBytes(8); break;
            case 8: SkipText(source); break;
            case 9:
                var of = source.ReadUInt32();
                for (var left = source.ReadUInt64(); left > 0; left--)
                {
                    SkipValue(source, of);
                }

                break;
            default: throw new InvalidDataException($"GGUF type {type}");
        }
    }
}
