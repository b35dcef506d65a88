using System.Text.Json;

namespace Inference.ContractTests.Facade;

/// <summary>
/// The recorded errors of the routes that exist, over the stores that the recordings name.
/// </summary>
public sealed class RecordedErrorTests
{
    private static readonly string[] Routes =
        ["/", "/api/generate", "/api/generate/", "/api/chat", "/api/embed", "/api/embeddings", "/api/show", "/api/tags", "/api/tags/", "/API/tags", "/api/ps", "/api/version", "/nope"];

    [Fact]
    public async Task Answer_RecordedErrors_EmptyStore()
    {
        await using var host = await OllamaHost.EmptyAsync();
        await ErrorReplay.RunAsync(host, Of("A-empty-store"), expectedCases: 362);
    }

    [Fact]
    public async Task Answer_RecordedErrors_FixtureStore()
    {
        await using var host = await OllamaHost.FixturesAsync();
        await ErrorReplay.RunAsync(host, Of("M-fixture"), expectedCases: 120);
    }

    private static IEnumerable<JsonElement> Of(string group) => Recordings.Read("ollama-errors")
        .Where(r => r.GetProperty("group").GetString() == group && Routes.Contains(r.GetProperty("endpoint").GetString()));
}
