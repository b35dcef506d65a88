using Inference.Errors;

namespace Inference.UnitTests.Store.Registry;

/// <summary>A registry that wants to know who asks.</summary>
public sealed class TokenTests
{
    [Fact]
    public async Task Challenge_OfTheSameHost_IsMetWithASignedRequestAndAToken()
    {
        await using var scene = await TransferScene.StartAsync();
        scene.Keys.Ensure();
        var manifest = TransferScene.ManifestOf("", scene.Folder.Blob(TransferScene.Bytes("x")));
        Guard(scene, http => http.Request.Headers.Authorization == "Bearer tok123" ? manifest : null);
        scene.Registry.Say("GET", "/token", 200, """{"token":"tok123"}""");

        await scene.PullAsync("ns/m");

        var asked = scene.Registry.Requests[1];
        Assert.Matches("^/token\\?nonce=[A-Za-z0-9_-]{22}&scope=repository%3Ans%2Fm%3Apull&scope=other&service=s&ts=1893456000$", asked.Target);
        // Who has the key makes the same of the same address: Ed25519 leaves nothing to chance.
        var signed = $"GET,http://{scene.Registry.Host}{asked.Target},ZTNiMGM0NDI5OGZjMWMxNDlhZmJmNGM4OTk2ZmI5MjQyN2FlNDFlNDY0OWI5MzRjYTQ5NTk5MWI3ODUyYjg1NQ==";
        Assert.Equal(scene.Keys.Sign(signed), asked.Headers["Authorization"]);
        Assert.Equal(3, scene.Registry.Requests.Count);
    }

    [Fact]
    public async Task Challenge_TokenIsNotEnough_IsRefused()
    {
        await using var scene = await TransferScene.StartAsync();
        scene.Keys.Ensure();
        Guard(scene, static _ => null);
        scene.Registry.Say("GET", "/token", 200, """{"token":"tok123"}""");

        var error = await scene.PullFailsAsync("ns/m");

        Assert.Equal((Catalogue.RegistryRefused, "401", "pull model manifest: unauthorized: access denied"), (error.Kind, error.Facts["http_status"], error.ToOllama(OllamaRoute.Pull).Text));
    }

    [Theory]
    [InlineData(403, "who are you", "403: who are you")]
    [InlineData(500, "", "500")]
    public async Task Challenge_NoTokenIsGiven_SaysWhatWasSaid(int status, string body, string text)
    {
        await using var scene = await TransferScene.StartAsync();
        scene.Keys.Ensure();
        Guard(scene, static _ => null);
        scene.Registry.Say("GET", "/token", status, body);

        Assert.Equal($"pull model manifest: {text}", (await scene.PullFailsAsync("ns/m")).ToOllama(OllamaRoute.Pull).Text);
    }

    [Fact]
    public async Task Challenge_WithoutAKey_SaysWhichFileIsMissing()
    {
        await using var scene = await TransferScene.StartAsync();
        Guard(scene, static _ => null);

        var error = await scene.PullFailsAsync("ns/m");

        Assert.Equal(Catalogue.IdentityUnreadable, error.Kind);
        Assert.Matches("^pull model manifest: open .*/id_ed25519: no such file or directory$", error.ToOllama(OllamaRoute.Pull).Text);
    }

    [Theory]
    [InlineData("""Bearer realm="https://evil.example/token",service="s",scope="x" """, "evil.example")]
    [InlineData("Basic", "")]
    [InlineData("", "")]
    public async Task Challenge_OfAnotherHost_IsNotMet(string challenge, string realm)
    {
        await using var scene = await TransferScene.StartAsync();
        scene.Keys.Ensure();
        scene.Registry.Say("GET", "/v2/ns/m/manifests/latest", 401, "", ("WWW-Authenticate", challenge.TrimEnd()));

        var error = await scene.PullFailsAsync("ns/m");

        Assert.Equal(Catalogue.RegistryProtocol, error.Kind);
        Assert.Equal($"pull model manifest: realm host \"{realm}\" does not match original host \"{scene.Registry.Host}\"", error.Facts["detail"]);
        Assert.Single(scene.Registry.Requests);
    }

    private static void Guard(TransferScene scene, Func<Microsoft.AspNetCore.Http.HttpContext, string?> manifest) => scene.Registry.Say("GET", "/v2/ns/m/manifests/latest", async http =>
    {
        if (manifest(http) is { } text)
        {
            await http.Response.BodyWriter.WriteAsync(TransferScene.Bytes(text));
            return;
        }

        http.Response.StatusCode = 401;
        http.Response.Headers.WWWAuthenticate = $"Bearer realm=\"http://{scene.Registry.Host}/token\",service=\"s\",scope=\"repository:ns/m:pull other\"";
    });
}
