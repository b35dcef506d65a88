using System.Security.Cryptography;
using Inference.TestKit;

namespace Inference.ContractTests.Facade;

/// <summary>What the registry said when errors were recorded.</summary>
internal static class RecordedRegistry
{
    /// <summary>Digest of the wrong bytes there, which the recording does not hold.</summary>
    public const string WrongThere = "sha256:369b7da64164bd40bfeb62c8cb3b406cae843728b48c3993713f3e9ff7a9714b";

    // In the recorded store: a config, and the blobs that each push asks for first.
    private const string Config = "sha256:c71877c4b03e07080199d40925a661add5fccc43b959793e88db97b72973e925";
    private const string FirstOf500 = "sha256:2fa8e15ab3b24b6e070fcce9cd8146b359aee6ca1b54bc9e15806ee1fab16cd5";
    private const string FirstOf401 = "sha256:17f7e762acaa8a7a6255f2003b525fcda3beaa4ce5243a541e16f9e223de4f9a";
    private static readonly string[] Pushed = ["sha256:1c5ad4b633b377ba7c315252d898135d71ee4bd28398325818c4c727220daa55", "sha256:a75a0871d9b4ef0f5738a39b57855f4d2a39bd913af22c994f12ca8aebdab2f8"];

    /// <returns>Digest of the wrong bytes here.</returns>
    public static string Fill(MockRegistry registry)
    {
        registry.Say("GET", "/v2/ns/e400/manifests/latest", 400, """{"errors": [{"code": "X", "message": "bad"}]}""");
        registry.Say("GET", "/v2/ns/e412/manifests/latest", 412, "The model you are pulling requires a newer version of Ollama.\n");
        registry.Say("GET", "/v2/ns/e500/manifests/latest", 500, "boom");
        registry.Say("GET", "/v2/ns/e500empty/manifests/latest", 500);
        registry.Say("GET", "/v2/ns/e403/manifests/latest", 403, "denied");
        registry.Say("GET", "/v2/ns/e401n/manifests/latest", 401);
        registry.Say("GET", "/v2/ns/e401x/manifests/latest", 401, "", ("WWW-Authenticate", """Bearer realm="https://evil.example/token",service="s",scope="x" """.TrimEnd()));
        registry.Manifest("ns/badjson", "{nope");
        registry.Manifest("ns/emptydigest", Manifest("", 1));
        registry.Manifest("ns/baddigest", Manifest("sha256:zz", 1));
        registry.Manifest("ns/missingblob", Manifest($"sha256:{new string('1', 64)}", 1));
        var wrong = "not what the digest says"u8.ToArray();
        registry.Manifest("ns/corrupt", Manifest(registry.Blob("ns/corrupt", wrong, $"sha256:{new string('2', 64)}"), wrong.Length));
        registry.Say("HEAD", $"/v2/ns/pushe500/blobs/{FirstOf500}", 500);
        registry.Say("HEAD", $"/v2/ns/pushe401/blobs/{FirstOf401}", 401);
        foreach (var digest in Pushed)
        {
            registry.Say("HEAD", $"/v2/ns/pm500/blobs/{digest}", 200);
        }

        registry.Say("PUT", "/v2/ns/pm500/manifests/latest", 500, "put fail");
        return $"sha256:{Convert.ToHexStringLower(SHA256.HashData(wrong))}";
    }

    private static string Manifest(string layer, int size) =>
        $$"""{"schemaVersion":2,"mediaType":"application/vnd.docker.distribution.manifest.v2+json","config":{"mediaType":"application/vnd.docker.container.image.v1+json","digest":"{{Config}}","size":23},"layers":[{"mediaType":"application/vnd.ollama.image.model","digest":"{{layer}}","size":{{size}}}]}""";
}
