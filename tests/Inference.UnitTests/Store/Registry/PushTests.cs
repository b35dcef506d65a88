using System.Text;
using Inference.Errors;
using Inference.Store.Manifests;
using Inference.TestKit;

namespace Inference.UnitTests.Store.Registry;

public sealed class PushTests
{
    [Fact]
    public async Task Push_RegistryHasNothing_SendsEveryBlobAndThenTheManifest()
    {
        await using var scene = await TransferScene.StartAsync();
        var manifest = Model(scene);
        TakeUploads(scene.Registry);

        await scene.PushAsync("ns/m");

        Assert.Equal(["pushing a34a3472060a 3/3", "pushing 72dfcfb0c470 1/1", "pushing manifest"], scene.Heard);
        Assert.Equal(
        [
            $"HEAD /v2/ns/m/blobs/{Sys}", "POST /v2/ns/m/blobs/uploads/", "PATCH /v2/ns/m/blobs/uploads/u1",
            // The sum of sums that a real Ollama sent for these three bytes.
            $"PUT /v2/ns/m/blobs/uploads/u1?digest={Uri.EscapeDataString(Sys)}&etag=00f0c6d1c52e25b4ff2b26f73f2eecc9-1",
            $"HEAD /v2/ns/m/blobs/{License}", "POST /v2/ns/m/blobs/uploads/", "PATCH /v2/ns/m/blobs/uploads/u1",
            $"PUT /v2/ns/m/blobs/uploads/u1?digest={Uri.EscapeDataString(License)}&etag=489e6d3f3ce9087044e350792337f599-1",
            "PUT /v2/ns/m/manifests/latest",
        ], scene.Registry.Requests.Select(static r => $"{r.Method} {r.Target}"));
        var part = scene.Registry.Requests[2];
        Assert.Equal(("Sys", "0-2", "application/octet-stream", "1"), (part.Body, part.Headers["Content-Range"], part.Headers["Content-Type"], part.Headers["X-Redirect-Uploads"]));
        Assert.Equal((manifest, MediaTypes.Manifest), (scene.Registry.Requests[^1].Body, scene.Registry.Requests[^1].Headers["Content-Type"]));
    }

    [Fact]
    public async Task Push_RegistryKeepsPartsElsewhere_SendsThemThereWithoutSayingWhoSends()
    {
        await using var scene = await TransferScene.StartAsync();
        Model(scene);
        TakeUploads(scene.Registry);
        var elsewhere = $"http://localhost:{scene.Registry.Host.Split(':')[1]}/parts/1";
        scene.Registry.Say("PATCH", "/v2/ns/m/blobs/uploads/u1", 307, "", ("Location", elsewhere), ("Docker-Upload-Location", $"http://{scene.Registry.Host}/v2/ns/m/blobs/uploads/u2"));
        scene.Registry.Say("PUT", "/parts/1", 200);
        scene.Registry.Say("PUT", "/v2/ns/m/blobs/uploads/u2", 201);

        await scene.PushAsync("ns/m");

        var sent = scene.Registry.Requests.First(static r => r.Target is "/parts/1");
        Assert.Equal(("PUT", "Sys"), (sent.Method, sent.Body));
        Assert.StartsWith("/v2/ns/m/blobs/uploads/u2?digest=", scene.Registry.Requests[5 - 1].Target, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Push_LayerOfAnotherModel_AsksToTakeItOver()
    {
        await using var scene = await TransferScene.StartAsync();
        Model(scene, from: "ns/other");
        TakeUploads(scene.Registry);
        scene.Registry.Say("POST", "/v2/ns/m/blobs/uploads/", 201);

        await scene.PushAsync("ns/m");

        Assert.Equal($"/v2/ns/m/blobs/uploads/?from=ns%2Fother&mount={Uri.EscapeDataString(Sys)}", scene.Registry.Requests[1].Target);
        Assert.DoesNotContain(scene.Registry.Requests, static r => r.Method is "PATCH");
    }

    [Fact]
    public async Task Push_BlobIsGone_SaysWhich()
    {
        await using var scene = await TransferScene.StartAsync();
        Model(scene);
        File.Delete(scene.Folder.PathOf(Sys));

        var error = (await Assert.ThrowsAsync<InferenceException>(() => scene.PushAsync("ns/m"))).Error;

        Assert.Equal((Catalogue.BlobNotFound, Sys), (error.Kind, error.Facts["digest"]));
        Assert.Equal(new OllamaForm(500, $"stat {scene.Folder.PathOf(Sys)}: no such file or directory"), error.ToOllama(OllamaRoute.Push));
    }

    [Fact]
    public async Task Push_PartIsNotTaken_TriesSixTimesAndSaysSo()
    {
        await using var scene = await TransferScene.StartAsync();
        Model(scene);
        TakeUploads(scene.Registry);
        scene.Registry.Say("PATCH", "/v2/ns/m/blobs/uploads/u1", 503, "later");

        var push = scene.PushAsync("ns/m");
        while (!push.IsCompleted)
        {
            scene.Time.Advance(TimeSpan.FromSeconds(32));
            await Task.Yield();
        }

        var error = (await Assert.ThrowsAsync<InferenceException>(() => push)).Error;
        Assert.Equal((Catalogue.RegistryUnavailable, "max retries exceeded: http status 503 Service Unavailable: later"), (error.Kind, error.Facts["detail"]));
        Assert.Equal(6, scene.Registry.Requests.Count(static r => r.Method is "PATCH"));
    }

    private const string Sys = "sha256:a34a3472060a7340185039557366a9dee34a3d929efabfbde16828e94d9b5924";
    private const string License = "sha256:72dfcfb0c470ac255cde83fb8fe38de8a128188e03ea5ba5b2a93adbea1062fa";

    private static string Model(TransferScene scene, string from = "")
    {
        var origin = from.Length > 0 ? $",\"from\":\"{from}\"" : "";
        Assert.Equal(Sys, scene.Folder.Blob(Encoding.UTF8.GetBytes("Sys")));
        Assert.Equal(License, scene.Folder.Blob(Encoding.UTF8.GetBytes("L")));
        var manifest = $$"""{"schemaVersion":2,"mediaType":"{{MediaTypes.Manifest}}","config":{"mediaType":"","digest":"","size":0},"layers":[{"mediaType":"{{MediaTypes.System}}","digest":"{{Sys}}","size":3{{origin}}},{"mediaType":"{{MediaTypes.License}}","digest":"{{License}}","size":1{{origin}}}]}""";
        scene.Folder.Manifest($"{scene.Registry.Host}/ns/m/latest", manifest + "\n");
        return manifest;
    }

    private static void TakeUploads(MockRegistry registry)
    {
        var place = ("Location", $"http://{registry.Host}/v2/ns/m/blobs/uploads/u1");
        registry.Say("POST", "/v2/ns/m/blobs/uploads/", 202, "", place);
        registry.Say("PATCH", "/v2/ns/m/blobs/uploads/u1", 202, "", place);
        registry.Say("PUT", "/v2/ns/m/blobs/uploads/u1", 201);
        registry.Say("PUT", "/v2/ns/m/manifests/latest", 201);
    }
}
