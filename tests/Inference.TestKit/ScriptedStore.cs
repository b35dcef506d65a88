using System.Security.Cryptography;
using System.Text;

namespace Inference.TestKit;

/// <summary>A model for a <see cref="ScriptedStore"/>. Its weights are a header without tensors: enough for everything but computing.</summary>
public sealed record ScriptedModel
{
    /// <summary>Go template; null for none.</summary>
    public string? Template { get; init; }

    public string? System { get; init; }

    /// <summary>JSON text of the stored parameters.</summary>
    public string? Parameters { get; init; }

    /// <summary>JSON text of the stored messages.</summary>
    public string? Messages { get; init; }

    /// <summary>JSON text of the config.</summary>
    public string Config { get; init; } = """{"model_format":"gguf","model_family":"llama","model_families":["llama"],"model_type":"1M","file_type":"F16"}""";

    /// <summary>Key-value pairs of the weights besides a llama's: texts, numbers (as 32-bit unsigned) and truth values.</summary>
    public IReadOnlyDictionary<string, object> Metadata { get; init; } = new Dictionary<string, object>();

    public bool HasWeights { get; init; } = true;
}

/// <summary>A store of models in a folder of its own, in Ollama's layout. Nothing in it can be computed with llama.cpp.</summary>
public sealed class ScriptedStore : IDisposable
{
    private const string MediaType = "application/vnd.ollama.image.";

    public string Root { get; } = Directory.CreateTempSubdirectory("inference-scripted-").FullName;

    /// <summary>Adds a model, and returns the digest of its weights.</summary>
    /// <param name="name">Name in the public library, with a tag or without.</param>
    /// <param name="model">The model.</param>
    public string Add(string name, ScriptedModel model)
    {
        var weights = Weights(name, model);
        var layers = new List<string>();
        if (model.HasWeights)
        {
            layers.Add(Layer("model", weights));
        }

        AddText(layers, "template", model.Template);
        AddText(layers, "system", model.System);
        AddText(layers, "params", model.Parameters);
        AddText(layers, "messages", model.Messages);
        var config = Encoding.UTF8.GetBytes(model.Config);
        var manifest = $$"""
            {"schemaVersion":2,"mediaType":"application/vnd.docker.distribution.manifest.v2+json","config":{"mediaType":"application/vnd.docker.container.image.v1+json","digest":"{{Blob(config)}}","size":{{config.Length}}},"layers":[{{string.Join(',', layers)}}]}
            """;
        var (model_, tag) = name.Split(':') is [var m, var t] ? (m, t) : (name, "latest");
        var folder = Directory.CreateDirectory(Path.Combine(Root, "manifests", "registry.ollama.ai", "library", model_));
        File.WriteAllText(Path.Combine(folder.FullName, tag), manifest);
        return $"sha256:{Convert.ToHexStringLower(SHA256.HashData(weights))}";
    }

    /// <summary>Removes a blob.</summary>
    public void RemoveBlob(string digest) => File.Delete(Path.Combine(Root, "blobs", digest.Replace(':', '-')));

    public void Dispose() => Directory.Delete(Root, recursive: true);

    private void AddText(List<string> layers, string kind, string? text)
    {
        if (text is not null)
        {
            layers.Add(Layer(kind, Encoding.UTF8.GetBytes(text)));
        }
    }

    private string Layer(string kind, byte[] content) => $$"""{"mediaType":"{{MediaType}}{{kind}}","digest":"{{Blob(content)}}","size":{{content.Length}}}""";

    private string Blob(byte[] content)
    {
        var digest = $"sha256:{Convert.ToHexStringLower(SHA256.HashData(content))}";
        var folder = Directory.CreateDirectory(Path.Combine(Root, "blobs"));
        File.WriteAllBytes(Path.Combine(folder.FullName, digest.Replace(':', '-')), content);
        return digest;
    }

    // The name goes in, so that two models never share their weights by accident.
    private static byte[] Weights(string name, ScriptedModel model)
    {
        var pairs = new Dictionary<string, object>
        {
            ["general.architecture"] = "llama",
            ["general.name"] = name,
            ["llama.context_length"] = 4096u,
            ["llama.block_count"] = 2u,
            ["llama.embedding_length"] = 8u,
            ["llama.attention.head_count"] = 2u,
        };
        foreach (var (key, value) in model.Metadata)
        {
            pairs[key] = value;
        }

        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write("GGUF"u8);
        writer.Write(3u);
        writer.Write(0ul); // tensors
        writer.Write((ulong)pairs.Count);
        foreach (var (key, value) in pairs)
        {
            WriteText(writer, key);
            WriteValue(writer, value);
        }

        return stream.ToArray();
    }

    private static void WriteValue(BinaryWriter writer, object value)
    {
        switch (value)
        {
            case string text:
                writer.Write(8u);
                WriteText(writer, text);
                break;
            case bool truth:
                writer.Write(7u);
                writer.Write(truth);
                break;
            default:
                writer.Write(4u);
                writer.Write(Convert.ToUInt32(value, null));
                break;
        }
    }

    private static void WriteText(BinaryWriter writer, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        writer.Write((ulong)bytes.Length);
        writer.Write(bytes);
    }
}
