using System.Text.Json;

namespace Inference.ContractTests.Facade;

/// <summary>The recorded errors of the OpenAI and Anthropic routes, over the stores that the recordings name.</summary>
public sealed class RecordedCompatErrorTests
{
    [Fact]
    public async Task Answer_RecordedErrors_EmptyStore()
    {
        await using var host = await OllamaHost.EmptyAsync();
        await ErrorReplay.RunAsync(host, Of("A-empty-store"), expectedCases: 169);
    }

    [Fact]
    public async Task Answer_RecordedErrors_FixtureStore()
    {
        await using var host = await OllamaHost.FixturesAsync();
        await ErrorReplay.RunAsync(host, Of("M-fixture"), expectedCases: 24);
    }

    private static IEnumerable<JsonElement> Of(string group) => Recordings.Read("ollama-errors")
        .Where(r => r.GetProperty("group").GetString() == group && r.GetProperty("endpoint").GetString()!.StartsWith("/v1/", StringComparison.Ordinal));
}
