using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Inference.Store;
using Inference.Store.Blobs;
using Inference.Store.Manifests;

namespace Inference.UnitTests.Store;

/// <summary>A store in a folder of its own, gone with the test.</summary>
internal sealed class StoreFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("store-");

    public string Root => _folder.FullName;

    public ModelStore Store() => new(Root);

    public string PathOf(string digest) => Path.Combine(Root, "blobs", BlobDigest.FileName(digest)!);

    public string Blob(byte[] content)
    {
        var digest = BlobDigest.Of(SHA256.HashData(content));
        Directory.CreateDirectory(Path.Combine(Root, "blobs"));
        File.WriteAllBytes(PathOf(digest), content);
        return digest;
    }

    public string ManifestPath(string path) => Path.Combine(Root, "manifests", path);

    public void Manifest(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(ManifestPath(path))!);
        File.WriteAllText(ManifestPath(path), text);
    }

    /// <summary>A model of these layers, in order; its config says what <paramref name="config"/> says.</summary>
    /// <returns>Digests of the config and the layers.</returns>
    public IReadOnlyList<string> Model(string path, string config = """{"model_format":"gguf","model_family":"llama"}""", params (string MediaType, byte[] Content)[] layers)
    {
        var digests = layers.Select(layer => Blob(layer.Content)).Prepend(Blob(Encoding.UTF8.GetBytes(config))).ToList();
        var manifest = new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = MediaTypes.Manifest,
            ["config"] = Layer(MediaTypes.Config, digests[0], config.Length),
            ["layers"] = new JsonArray([.. layers.Zip(digests.Skip(1), (layer, digest) => Layer(layer.MediaType, digest, layer.Content.Length))]),
        };
        Manifest(path, manifest.ToJsonString());
        return digests;
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static JsonObject Layer(string mediaType, string digest, int size) => new() { ["mediaType"] = mediaType, ["digest"] = digest, ["size"] = size };
}
