using System.Text.Json;
using Inference.TestKit;

namespace Inference.ContractTests.Facade;

/// <summary>The recorded errors of the routes that change the store: create, copy, delete, pull, push and blobs.</summary>
public sealed class RecordedManageErrorTests
{
    private const string RegistryThere = "127.0.0.1:18998";

    private static readonly string[] Routes = ["/api/create", "/api/copy", "/api/delete", "/api/pull", "/api/push", "/api/blobs/"];

    // A file that is no GGUF, and one that is named as a safetensors: of both only that counts.
    private static readonly (string Hash, string Content)[] Uploaded =
    [
        ("d4dd683931bceaa1c461a8fa8c425f60e1347e49d5cb96452d8c695c32417769", "hello not gguf"),
        ("374708fff7719dd5979ec875d56cd2286f6d3cf7ec317a3b25632aab28ec37bb", new string('\0', 16)),
    ];

    [Fact]
    public async Task Answer_RecordedErrors_EmptyStore()
    {
        await using var host = await OllamaHost.EmptyAsync();
        foreach (var (hash, content) in Uploaded)
        {
            await File.WriteAllTextAsync(Path.Combine(Directory.CreateDirectory(Path.Combine(host.StoreRoot, "blobs")).FullName, $"sha256-{hash}"), content);
        }

        await ErrorReplay.RunAsync(host, Of("A-empty-store"), expectedCases: 142);
    }

    [Fact]
    public async Task Answer_RecordedErrors_FixtureStore()
    {
        await using var host = await OllamaHost.FixturesAsync();
        await ErrorReplay.RunAsync(host, Of("M-fixture"), expectedCases: 12);
    }

    [Fact]
    public async Task Answer_RecordedErrors_StoreThatCannotBeListed()
    {
        await using var host = await OllamaHost.EmptyAsync();
        var tags = Directory.CreateDirectory(Path.Combine(host.StoreRoot, "manifests/h/n/m")).FullName;
        File.CreateSymbolicLink(Path.Combine(tags, "t"), Path.Combine(tags, "gone"));
        await ErrorReplay.RunAsync(host, Of("B-broken-store"), expectedCases: 5);
    }

    [Fact]
    public async Task Answer_RecordedErrors_Registry()
    {
        await using var registry = await MockRegistry.StartAsync();
        // Time stands still: a line about a blob on its way is one for each 60 ms.
        await using var host = await OllamaHost.FixturesAsync(new ManualTime());
        Directory.Move(Path.Combine(host.StoreRoot, "manifests", RegistryThere), Path.Combine(host.StoreRoot, "manifests", registry.Host));
        var wrong = RecordedRegistry.Fill(registry);
        var records = Of("P-registry").Select(r => JsonDocument.Parse(r.GetRawText()
            .Replace(RegistryThere, registry.Host, StringComparison.Ordinal)
            .Replace(RecordedRegistry.WrongThere, wrong, StringComparison.Ordinal)).RootElement);
        await ErrorReplay.RunAsync(host, records, expectedCases: 23);
    }

    private static IEnumerable<JsonElement> Of(string group) => Recordings.Read("ollama-errors")
        .Where(r => r.GetProperty("group").GetString() == group && Routes.Any(route => r.GetProperty("path").GetString()!.StartsWith(route, StringComparison.Ordinal)));
}
