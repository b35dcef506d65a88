using System.Text.Json.Nodes;
using Inference.Store;
using Inference.TestKit;

namespace Inference.ContractTests.Store;

/// <summary>
/// The store as it lay on disk after the recorded creates: manifests and small blobs verbatim, and as weights the file that each was made of.
/// </summary>
public sealed class RecordedStore : IDisposable
{
    // Ollama rewrote imported files (it added general.quantization_version), so the digest is of bytes that were not kept.
    private static readonly Dictionary<string, string> Weights = new(StringComparer.Ordinal)
    {
        ["tiny"] = "tiny-llama-f16.gguf",
        ["tiny-raw"] = "tiny-llama-notmpl-f16.gguf",
        ["nano"] = "nano-llama-f16.gguf",
        ["embed"] = "bert-tiny-rand-f16.gguf",
    };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("recorded-");

    public RecordedStore()
    {
        foreach (var recording in Golden.Lines("ollama/store.jsonl").Where(static line => line["manifest_text"] is not null))
        {
            var manifest = Place(recording["manifest_path"]!);
            File.WriteAllText(manifest, recording["manifest_text"]!.GetValue<string>());
            foreach (var blob in recording["blobs"]!.AsArray())
            {
                Write(blob!.AsObject(), Path.GetFileName(Path.GetDirectoryName(manifest))!);
            }
        }
    }

    public string Root => _folder.FullName;

    public bool IsThere => Directory.Exists(Path.Combine(Root, "manifests"));

    public ModelStore Store() => new(Root);

    public void Dispose() => _folder.Delete(recursive: true);

    private void Write(JsonObject blob, string model)
    {
        if (blob["text"] is { } text)
        {
            File.WriteAllText(Place(blob["file"]!), text.GetValue<string>());
        }
        else if (blob["mediaType"]!.GetValue<string>().EndsWith("image.model", StringComparison.Ordinal) && Weights.TryGetValue(model, out var file))
        {
            File.Copy(Places.Shared($"golden/ollama/models/{file}")!, Place(blob["file"]!), overwrite: true);
        }
    }

    private string Place(JsonNode path)
    {
        var place = path.GetValue<string>().Replace("$MODELS", Root, StringComparison.Ordinal);
        Directory.CreateDirectory(Path.GetDirectoryName(place)!);
        return place;
    }
}
