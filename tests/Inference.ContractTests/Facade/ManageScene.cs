using System.Text.Json;
using Inference.TestKit;

namespace Inference.ContractTests.Facade;

/// <summary>A server as it was when a group of errors of create, copy, delete, pull, push and blobs was recorded, and the recordings.</summary>
internal sealed class ManageScene(OllamaHost host, IEnumerable<JsonElement> records, MockRegistry? registry = null) : IAsyncDisposable
{
    private const string RegistryThere = "127.0.0.1:18998";

    private static readonly string[] Routes = ["/api/create", "/api/copy", "/api/delete", "/api/pull", "/api/push", "/api/blobs/"];

    // A file that is no GGUF, and one that is named as a safetensors: of both only that counts.
    private static readonly (string Hash, string Content)[] Uploaded =
    [
        ("d4dd683931bceaa1c461a8fa8c425f60e1347e49d5cb96452d8c695c32417769", "hello not gguf"),
        ("374708fff7719dd5979ec875d56cd2286f6d3cf7ec317a3b25632aab28ec37bb", new string('\0', 16)),
    ];

    public OllamaHost Host => host;

    public IEnumerable<JsonElement> Records => records;

    public static async Task<ManageScene> EmptyAsync()
    {
        var host = await OllamaHost.EmptyAsync();
        foreach (var (hash, content) in Uploaded)
        {
            await File.WriteAllTextAsync(Path.Combine(Directory.CreateDirectory(Path.Combine(host.StoreRoot, "blobs")).FullName, $"sha256-{hash}"), content);
        }

        return new ManageScene(host, Of("A-empty-store"));
    }

    public static async Task<ManageScene> FixturesAsync() => new(await OllamaHost.FixturesAsync(), Of("M-fixture"));

    /// <summary>A store that cannot be listed.</summary>
    public static async Task<ManageScene> BrokenAsync()
    {
        var host = await OllamaHost.EmptyAsync();
        var tags = Directory.CreateDirectory(Path.Combine(host.StoreRoot, "manifests/h/n/m")).FullName;
        File.CreateSymbolicLink(Path.Combine(tags, "t"), Path.Combine(tags, "gone"));
        return new ManageScene(host, Of("B-broken-store"));
    }

    public static async Task<ManageScene> RegistryAsync()
    {
        // Time stands still: a line about a blob on its way is one for each 60 ms.
        var host = await OllamaHost.FixturesAsync(time: new ManualTime());
        var registry = await MockRegistry.StartAsync();
        Directory.Move(Path.Combine(host.StoreRoot, "manifests", RegistryThere), Path.Combine(host.StoreRoot, "manifests", registry.Host));
        var wrong = RecordedRegistry.Fill(registry);
        return new ManageScene(host, Of("P-registry").Select(r => JsonDocument.Parse(r.GetRawText()
            .Replace(RegistryThere, registry.Host, StringComparison.Ordinal)
            .Replace(RecordedRegistry.WrongThere, wrong, StringComparison.Ordinal)).RootElement), registry);
    }

    public async ValueTask DisposeAsync()
    {
        await host.DisposeAsync();
        await (registry?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    private static IEnumerable<JsonElement> Of(string group) => Recordings.Read("ollama-errors")
        .Where(r => r.GetProperty("group").GetString() == group && Routes.Any(route => r.GetProperty("path").GetString()!.StartsWith(route, StringComparison.Ordinal)));
}
