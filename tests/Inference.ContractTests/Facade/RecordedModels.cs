using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Inference.TestKit;

namespace Inference.ContractTests.Facade;

/// <summary>Builds the models of the recordings into a store, from the create requests that the recordings hold.</summary>
internal sealed class RecordedModels(string root)
{
    private const string Layers = "application/vnd.ollama.image.";
    private readonly Dictionary<string, List<Layer>> _made = [];

    /// <summary>Makes the model of a record's setup, and the one that it is made from.</summary>
    public void Make(JsonElement setup, IReadOnlyDictionary<string, JsonElement> setups)
    {
        var name = setup.GetProperty("model").GetString()!;
        if (_made.ContainsKey(name))
        {
            return;
        }

        var create = setup.GetProperty("create");
        var layers = new List<Layer>();
        var family = "llama";
        if (create.TryGetProperty("from", out var from))
        {
            Make(setups[from.GetString()!], setups);
            layers.AddRange(_made[from.GetString()!]);
        }
        else
        {
            var digest = create.GetProperty("files").EnumerateObject().Single().Value.GetString()!;
            layers.Add(AddBlob("model", File.ReadAllBytes(Weights(digest))));
        }

        foreach (var part in (string[])["template", "system"])
        {
            if (create.TryGetProperty(part, out var text))
            {
                layers.RemoveAll(l => l.Kind == part);
                layers.Add(AddBlob(part, Encoding.UTF8.GetBytes(text.GetString()!)));
            }
        }

        foreach (var (part, kind) in ((string, string)[])[("parameters", "params"), ("messages", "messages")])
        {
            if (create.TryGetProperty(part, out var value))
            {
                layers.RemoveAll(l => l.Kind == kind);
                layers.Add(AddBlob(kind, Encoding.UTF8.GetBytes(value.GetRawText())));
            }
        }

        var config = JsonSerializer.SerializeToUtf8Bytes(new
        {
            model_format = "gguf", model_family = family, model_families = (string[])[family], model_type = "1K", file_type = "F16",
            renderer = Optional(create, "renderer"), parser = Optional(create, "parser"),
        });
        _made[name] = layers;
        AddManifest(name, AddBlob("config", config), layers);
    }

    private static string? Optional(JsonElement create, string name) => create.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static string Weights(string digest)
    {
        var folder = Places.Shared("golden/ollama/models");
        Assert.SkipWhen(folder is null, "the recordings are not here");
        return Directory.EnumerateFiles(folder!, "*.gguf").First(f => $"sha256:{Hash(File.ReadAllBytes(f))}" == digest);
    }

    private void AddManifest(string name, Layer config, List<Layer> layers)
    {
        var (path, tag) = name.Split(':') is [var before, var after] ? (before, after) : (name, "latest");
        var folder = Directory.CreateDirectory(Path.Combine(root, "manifests/registry.ollama.ai", path.Contains('/') ? path : $"library/{path}"));
        File.WriteAllBytes(Path.Combine(folder.FullName, tag), JsonSerializer.SerializeToUtf8Bytes(new
        {
            schemaVersion = 2,
            mediaType = "application/vnd.docker.distribution.manifest.v2+json",
            config = new { mediaType = "application/vnd.docker.container.image.v1+json", digest = config.Digest, size = config.Size },
            layers = layers.Select(static l => new { mediaType = Layers + l.Kind, digest = l.Digest, size = l.Size }),
        }));
    }

    private Layer AddBlob(string kind, byte[] content)
    {
        var hash = Hash(content);
        var folder = Directory.CreateDirectory(Path.Combine(root, "blobs"));
        File.WriteAllBytes(Path.Combine(folder.FullName, $"sha256-{hash}"), content);
        return new Layer(kind, $"sha256:{hash}", content.Length);
    }

    private static string Hash(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    private sealed record Layer(string Kind, string Digest, long Size);
}
