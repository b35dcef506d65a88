using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Inference.TestKit;

namespace Inference.ContractTests.Facade;

/// <summary>The hand-made models that live on another server, and that server. It had a port of its own when it was recorded.</summary>
internal static class RemoteFixtures
{
    private const string RecordedServer = "127.0.0.1:18998";

    /// <summary>What the recordings say that the other server, or the cloud, answered.</summary>
    public static Task<MockUpstream> UpstreamAsync() => MockUpstream.StartAsync(static request => request.Model switch
    {
        "up401" => new MockAnswer(401, """{"error": "unauthorized"}"""),
        "up404" => new MockAnswer(404, """{"error": "nope upstream"}"""),
        "up500" => new MockAnswer(500, "text boom", "text/plain"),
        "up" => new MockAnswer(200, """
            {"model": "up", "created_at": "2026-08-21T00:00:00.5Z", "message": {"role": "assistant", "content": "A"}, "done": false}
            {"error": "mid stream boom"}

            """, "application/x-ndjson"),
        "c401" => new MockAnswer(401, """{"error": "unauthorized", "signin_url": "https://x"}"""),
        "c404" => new MockAnswer(404, """{"error": "model 'c404' not found"}"""),
        "c429" => new MockAnswer(429, """{"error": "too many requests"}"""),
        "c500" => new MockAnswer(500, "cloud boom", "text/plain"),
        _ => new MockAnswer(200, """{"done":true}"""),
    });

    /// <summary>Points the models to where that server is now. A config is a blob, so its digest and its manifest change as well.</summary>
    public static void Move(string store, MockUpstream upstream)
    {
        var blobs = Path.Combine(store, "blobs");
        foreach (var file in new DirectoryInfo(blobs).GetFiles().Where(static f => f.Length < 4096))
        {
            var text = File.ReadAllText(file.FullName);
            if (!text.Contains($"\"http://{RecordedServer}\"", StringComparison.Ordinal))
            {
                continue;
            }

            var moved = Encoding.UTF8.GetBytes(text.Replace(RecordedServer, new Uri(upstream.Url).Authority, StringComparison.Ordinal));
            var digest = $"sha256-{Convert.ToHexStringLower(SHA256.HashData(moved))}";
            File.WriteAllBytes(Path.Combine(blobs, digest), moved);
            foreach (var manifest in Directory.GetFiles(Path.Combine(store, "manifests"), "*", SearchOption.AllDirectories))
            {
                var old = File.ReadAllText(manifest);
                File.WriteAllText(manifest, old.Replace(file.Name.Replace('-', ':'), digest.Replace('-', ':'), StringComparison.Ordinal));
            }
        }
    }

    /// <summary>The record with the address of today.</summary>
    public static JsonElement Moved(JsonElement record, MockUpstream upstream)
    {
        var today = new Uri(upstream.Url).Authority;
        var text = record.GetRawText().Replace(RecordedServer, today, StringComparison.Ordinal);
        return JsonSerializer.Deserialize<JsonElement>(text.Replace(Escaped(RecordedServer), Escaped(today), StringComparison.Ordinal));
    }

    // In an expression, within JSON.
    private static string Escaped(string address) => Regex.Escape(address).Replace(@"\", @"\\", StringComparison.Ordinal);
}
