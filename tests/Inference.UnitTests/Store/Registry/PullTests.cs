using System.Security.Cryptography;
using Grpc.Core;
using Inference.Errors;
using Inference.Store.Blobs;
using Inference.TestKit;

namespace Inference.UnitTests.Store.Registry;

public sealed class PullTests
{
    [Fact]
    public async Task Pull_NothingHere_FetchesEveryBlobAndKeepsTheManifestAsItIs()
    {
        await using var scene = await TransferScene.StartAsync();
        var manifest = TransferScene.ManifestOf(scene.Registry.Blob("ns/m", TransferScene.Bytes("{}")), scene.Registry.Blob("ns/m", TransferScene.Bytes("words")));
        scene.Registry.Manifest("ns/m", manifest);

        await scene.PullAsync("ns/m");

        Assert.Equal(["pulling manifest", "verifying sha256 digest", "writing manifest"], scene.Heard);
        Assert.Equal(manifest, await File.ReadAllTextAsync(scene.Folder.ManifestPath($"{scene.Registry.Host}/ns/m/latest")));
        Assert.Equal("words", scene.Store.Get(scene.Name("ns/m"), "ns/m").System);
        Assert.Equal(["GET", "HEAD", "GET", "GET", "HEAD", "GET", "GET"], scene.Registry.Requests.Select(static r => r.Method));
        Assert.Equal("bytes=0-4", scene.Registry.Requests[3].Headers["Range"]);
        Assert.False(scene.Registry.Requests[3].Headers.ContainsKey("Authorization"));
    }

    [Fact]
    public async Task Pull_AllHere_FetchesOnlyTheManifest()
    {
        await using var scene = await TransferScene.StartAsync();
        var words = scene.Folder.Blob(TransferScene.Bytes("words"));
        scene.Registry.Manifest("ns/m", TransferScene.ManifestOf(scene.Folder.Blob(TransferScene.Bytes("{}")), words));

        await scene.PullAsync("ns/m");

        Assert.Equal(["pulling manifest", $"pulling {words[7..19]} 5/5", "pulling 44136fa355b3 2/2", "verifying sha256 digest", "writing manifest"], scene.Heard);
        Assert.Single(scene.Registry.Requests);
    }

    [Fact]
    public async Task Pull_OneBlobIsWrong_KeepsTheOthersAndNoModel()
    {
        await using var scene = await TransferScene.StartAsync();
        var right = scene.Registry.Blob("ns/m", TransferScene.Bytes("right"));
        var wanted = $"sha256:{new string('2', 64)}";
        scene.Registry.Manifest("ns/m", TransferScene.ManifestOf(right, scene.Registry.Blob("ns/m", TransferScene.Bytes("wrong"), wanted)));

        var error = await scene.PullFailsAsync("ns/m");

        Assert.Equal((Catalogue.TransferCorrupt, wanted, BlobDigest.Of(SHA256.HashData(TransferScene.Bytes("wrong")))), (error.Kind, error.Facts["expected"], error.Facts["actual"]));
        Assert.Equal([BlobDigest.FileName(right)!], scene.Blobs);
        Assert.Empty(scene.Store.List());
    }

    [Fact]
    public async Task Pull_TakesItsTime_TellsHowFarItIs()
    {
        await using var scene = await TransferScene.StartAsync();
        var digest = $"sha256:{new string('7', 64)}";
        // More than lies between the two: what is sent last is sent after the first of it was read, and the clock moves in between.
        const int Pieces = 200;
        var piece = new byte[100_000];
        scene.Registry.Blob("ns/m", new byte[Pieces * piece.Length], digest);
        scene.Registry.Say("GET", $"/direct/{digest}", async http =>
        {
            for (var i = 0; i < Pieces; i++)
            {
                await http.Response.Body.WriteAsync(piece);
                scene.Time.Advance(TimeSpan.FromMilliseconds(60));
            }
        });
        scene.Registry.Manifest("ns/m", TransferScene.ManifestOf("", digest));

        Assert.Equal(Catalogue.TransferCorrupt, (await scene.PullFailsAsync("ns/m")).Kind);
        Assert.StartsWith("pulling 777777777777 ", scene.Heard[1], StringComparison.Ordinal);
        Assert.EndsWith("/20000000", scene.Heard[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pull_NewerVersion_RemovesWhatNoModelNeeds()
    {
        await using var scene = await TransferScene.StartAsync();
        var (shared, old, other) = (scene.Folder.Blob(TransferScene.Bytes("shared")), scene.Folder.Blob(TransferScene.Bytes("old")), scene.Folder.Blob(TransferScene.Bytes("other")));
        scene.Folder.Manifest($"{scene.Registry.Host}/ns/m/latest", TransferScene.ManifestOf(shared, old, other));
        scene.Folder.Manifest($"{scene.Registry.Host}/ns/neighbour/latest", TransferScene.ManifestOf(other));
        scene.Registry.Manifest("ns/m", TransferScene.ManifestOf(shared));

        await scene.PullAsync("ns/m");

        Assert.Equal("removing unused layers", scene.Heard[^1]);
        Assert.Equal(new[] { shared, other }.Select(static d => BlobDigest.FileName(d)!).Order(StringComparer.Ordinal), scene.Blobs);
    }

    [Theory]
    [InlineData(404, "", "REGISTRY_MODEL_NOT_FOUND", StatusCode.NotFound, "pull model manifest: file does not exist")]
    [InlineData(403, "denied", "REGISTRY_REFUSED", StatusCode.PermissionDenied, "pull model manifest: 403: denied")]
    [InlineData(412, "newer\n", "REGISTRY_PROTOCOL", StatusCode.Internal, "pull model manifest: 412: newer\n")]
    [InlineData(502, "", "REGISTRY_UNAVAILABLE", StatusCode.Unavailable, "pull model manifest: 502: ")]
    [InlineData(200, "{nope", "REGISTRY_PROTOCOL", StatusCode.Internal, "pull model manifest: invalid character 'n' looking for beginning of object key string")]
    [InlineData(200, "", "REGISTRY_PROTOCOL", StatusCode.Internal, "pull model manifest: unexpected end of JSON input")]
    public async Task Pull_RegistryFails_IsTyped(int status, string body, string reason, StatusCode code, string text)
    {
        await using var scene = await TransferScene.StartAsync();
        scene.Registry.Say("GET", "/v2/ns/m/manifests/latest", status, body);

        var error = await scene.PullFailsAsync("ns/m");

        Assert.Equal((reason, code, new OllamaForm(500, text)), (error.Kind.Reason, error.Kind.Code, error.ToOllama(OllamaRoute.Pull)));
        Assert.Equal(scene.Registry.Host, error.Facts["host"]);
    }

    [Fact]
    public async Task Pull_NobodyListens_IsUnavailableInGosWords()
    {
        await using var scene = await TransferScene.StartAsync();
        var host = scene.Registry.Host;
        await scene.Registry.DisposeAsync();

        var error = await scene.PullFailsAsync("ns/m");

        Assert.Equal(Catalogue.RegistryUnavailable, error.Kind);
        Assert.Equal($"pull model manifest: Get \"http://{host}/v2/ns/m/manifests/latest\": dial tcp {host}: connect: connection refused", error.Facts["detail"]);
    }
}
