using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Inference.TestKit;

namespace Inference.Benchmarks.Load;

/// <summary>
/// The embedded model without a way to end: its end tokens have other names and ids, so that every stream makes exactly as many tokens as
/// it was asked for, whatever the door.
/// </summary>
internal sealed class EndlessModel : IDisposable
{
    public const string Name = "endless";

    private const int NeverSampled = 7; // the byte 0

    public EndlessModel()
    {
        var gguf = File.ReadAllBytes(Places.EmbeddedWeights);
        Rename(gguf, "<|im_end|>"u8);
        Rename(gguf, "<|endoftext|>"u8);
        SetNumber(gguf, "tokenizer.ggml.eos_token_id"u8);
        SetNumber(gguf, "tokenizer.ggml.eot_token_id"u8);
        Path = AddBlob(gguf, out var digest);
        AddManifest(digest, gguf.Length);
    }

    /// <summary>The store, for the server.</summary>
    public string Root { get; } = Directory.CreateTempSubdirectory("inference-benchmark-").FullName;

    /// <summary>The weights, for the bare engine.</summary>
    public string Path { get; }

    public void Dispose() => Directory.Delete(Root, recursive: true);

    private string AddBlob(byte[] content, out string digest)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(content));
        digest = $"sha256:{hash}";
        var path = System.IO.Path.Combine(Directory.CreateDirectory(System.IO.Path.Combine(Root, "blobs")).FullName, $"sha256-{hash}");
        File.WriteAllBytes(path, content);
        return path;
    }

    private void AddManifest(string digest, long size)
    {
        const string Library = "manifests/registry.ollama.ai/library";
        var manifest = JsonNode.Parse(File.ReadAllText(System.IO.Path.Combine(Places.EmbeddedStore, Library, "toy/latest")))!;
        var config = (string)manifest["config"]!["digest"]!;
        var blob = config.Replace(':', '-');
        File.Copy(System.IO.Path.Combine(Places.EmbeddedStore, "blobs", blob), System.IO.Path.Combine(Root, "blobs", blob));

        // No parameters: every door says what it wants.
        manifest["layers"] = new JsonArray(new JsonObject { ["mediaType"] = "application/vnd.ollama.image.model", ["digest"] = digest, ["size"] = size });
        File.WriteAllText(System.IO.Path.Combine(Directory.CreateDirectory(System.IO.Path.Combine(Root, Library, Name)).FullName, "latest"), manifest.ToJsonString());
    }

    /// <summary>Another last letter, the same length: llama.cpp knows ends by their names, too.</summary>
    private static void Rename(Span<byte> gguf, ReadOnlySpan<byte> token)
    {
        for (int at; (at = gguf.IndexOf(token)) >= 0; gguf = gguf[(at + token.Length)..])
        {
            gguf[at + token.Length - 3] = (byte)'_';
        }
    }

    private static void SetNumber(Span<byte> gguf, ReadOnlySpan<byte> key)
    {
        var value = gguf[(gguf.IndexOf(key) + key.Length + 4)..]; // after the key: its type, then the number
        BitConverter.TryWriteBytes(value, NeverSampled);
    }
}
