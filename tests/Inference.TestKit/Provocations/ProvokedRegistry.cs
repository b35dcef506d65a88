namespace Inference.TestKit.Provocations;

/// <summary>A registry that has nothing right.</summary>
internal static class ProvokedRegistry
{
    private const string SomeDigest = "sha256:1111111111111111111111111111111111111111111111111111111111111111";

    public static async Task<MockRegistry> StartAsync()
    {
        var registry = await MockRegistry.StartAsync();
        registry.Say("GET", "/v2/ns/refused/manifests/latest", 403, """{"errors":[{"code":"DENIED","message":"not yours"}]}""");
        registry.Manifest("ns/garbled", "no manifest");
        registry.Say("GET", "/v2/ns/signed/manifests/latest", 401, "", ("WWW-Authenticate", $"Bearer realm=\"http://{registry.Host}/token\",service=\"s\",scope=\"repository:ns/signed:pull\""));
        registry.Manifest("ns/wrong", Manifest(registry.Blob("ns/wrong", "other bytes"u8.ToArray(), SomeDigest)));
        registry.Manifest("ns/huge", Manifest(SomeDigest));
        registry.Say("HEAD", $"/v2/ns/huge/blobs/{SomeDigest}", static http =>
        {
            http.Response.ContentLength = 1L << 60;
            return Task.CompletedTask;
        });
        return registry;
    }

    private static string Manifest(string digest) => $$"""
        {"schemaVersion":2,"mediaType":"application/vnd.docker.distribution.manifest.v2+json","config":{"mediaType":"application/vnd.docker.container.image.v1+json","digest":"{{digest}}","size":11},"layers":[]}
        """;
}
