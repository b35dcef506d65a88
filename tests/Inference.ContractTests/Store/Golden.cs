using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json.Nodes;
using Inference.TestKit;

namespace Inference.ContractTests.Store;

/// <summary>What was recorded from a real Ollama.</summary>
internal static class Golden
{
    public const string Absent = "the recordings are not here";

    /// <summary>The lines of a file of recordings; none where they are absent.</summary>
    public static IEnumerable<JsonObject> Lines(string path) =>
        Places.Shared($"golden/{path}") is { } file ? File.ReadLines(file).Where(static line => line.Length > 0).Select(static line => JsonNode.Parse(line)!.AsObject()) : [];

    /// <summary>A body, however it was framed.</summary>
    public static string Body(JsonObject recording)
    {
        var response = recording["response"]!.AsObject();
        return response["body"]?.GetValue<string>() ?? string.Concat(response["chunks"]!.AsArray().Select(static chunk => chunk!["data"]!.GetValue<string>()));
    }
}

/// <summary>The store of hand-made models, some broken on purpose, that the error recordings name.</summary>
public sealed class FixtureStore : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fixture-");

    public FixtureStore()
    {
        if (Places.Shared("golden/fixtures/ollama-store.tar.gz") is { } path)
        {
            using var file = File.OpenRead(path);
            using var unzipped = new GZipStream(file, CompressionMode.Decompress);
            TarFile.ExtractToDirectory(unzipped, _folder.FullName, overwriteFiles: false);
        }
    }

    public string Root => Path.Combine(_folder.FullName, "models");

    public bool IsThere => Directory.Exists(Root);

    public void Dispose() => _folder.Delete(recursive: true);
}
