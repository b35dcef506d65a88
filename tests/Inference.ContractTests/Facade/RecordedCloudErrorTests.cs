using System.Text.Json;
using Inference.TestKit;

namespace Inference.ContractTests.Facade;

/// <summary>
/// The recorded errors of models that other servers run, and of the account: with and without a key, with the other server there, and with
/// nobody at its port.
/// </summary>
public sealed class RecordedCloudErrorTests
{
    private const string Nobody = "http://127.0.0.1:9";

    private static readonly string[] Account = ["/api/me", "/api/signout", "/api/user/keys/abc", "/api/status", "/api/experimental/web_search", "/api/experimental/web_fetch", "/api/experimental/model-recommendations"];

    [Fact]
    public async Task Answer_RecordedErrors_WithoutAKey()
    {
        await using var upstream = await RemoteFixtures.UpstreamAsync();
        await using var host = await StartAsync(upstream, upstream.Url);
        File.Delete(Path.Combine(host.Server.Identity, "id_ed25519"));
        await ErrorReplay.RunAsync(host, Of(upstream, static config => !config.Contains("key present", StringComparison.Ordinal)), expectedCases: 28);
    }

    [Fact]
    public async Task Answer_RecordedErrors_WithAKey()
    {
        await using var upstream = await RemoteFixtures.UpstreamAsync();
        await using var host = await StartAsync(upstream, upstream.Url);
        await ErrorReplay.RunAsync(host, Of(upstream, static config => config.Contains("key present", StringComparison.Ordinal) && !config.Contains(Nobody, StringComparison.Ordinal)), expectedCases: 12);
    }

    [Fact]
    public async Task Answer_RecordedErrors_NobodyThere()
    {
        await using var upstream = await RemoteFixtures.UpstreamAsync();
        await using var host = await StartAsync(upstream, Nobody);
        await ErrorReplay.RunAsync(host, Of(upstream, static config => config.Contains(Nobody, StringComparison.Ordinal)), expectedCases: 3);
    }

    [Fact]
    public async Task Answer_RecordedErrors_Account()
    {
        await using var host = await OllamaHost.EmptyAsync();
        File.Delete(Path.Combine(host.Server.Identity, "id_ed25519"));
        var records = Recordings.Read("ollama-errors").Where(r => r.GetProperty("group").GetString() == "A-empty-store" && Account.Contains(r.GetProperty("endpoint").GetString()));
        await ErrorReplay.RunAsync(host, records, expectedCases: 9);
    }

    internal static Task<OllamaHost> StartAsync(MockUpstream upstream, string cloud) => OllamaHost.FixturesAsync(
        upstream, time: null, engine: null, ("OLLAMA_NO_CLOUD", "0"), ("OLLAMA_CLOUD_BASE_URL", cloud), ("OLLAMA_REMOTES", "ollama.com,127.0.0.1"));

    internal static IEnumerable<JsonElement> Of(MockUpstream upstream, Predicate<string> config) => Recordings.Read("ollama-errors")
        .Where(r => r.GetProperty("group").GetString() == "C-cloud" && config(r.GetProperty("server_config").GetString()!)).Select(r => RemoteFixtures.Moved(r, upstream));
}
