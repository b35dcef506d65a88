using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Grpc.Core;
using Inference.Services;
using Inference.TestKit;
using Inference.V1;

namespace Inference.IntegrationTests.Errors;

/// <summary>The warnings of a model that is made, over every door: in the result over gRPC and transcoded, in the header of Ollama's route; with <c>strict</c> the error.</summary>
public sealed class MakingWarningTests : IAsyncLifetime
{
    private const string Mistyped = """{"model":"new","from_model":"toy","parameters":{"temperature":"hot"}}""";

    private readonly SmallStore _store = new();
    private ServerHost _host = null!;

    /// <summary>What is told here.</summary>
    internal static IReadOnlyList<WarningReason> Told { get; } = [WarningReason.ParameterInvalid, WarningReason.PruneFailed];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await ServerHost.StartAsync(new ServerHostOptions { Store = _store.Root });

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _store.Dispose();
    }

    [Theory]
    [InlineData("grpc")]
    [InlineData("rest")]
    [InlineData("ollama")]
    public async Task ParameterOfAWrongType_IsTold(string door) => Assert.Contains("PARAMETER_INVALID", await MakeAsync(door, Mistyped), StringComparison.Ordinal);

    // The store breaks while the model is made: its parameters are a pipe, and when the server reads that, it has looked through the store and has yet to tidy up.
    [Theory]
    [InlineData("grpc")]
    [InlineData("rest")]
    [InlineData("ollama")]
    public async Task BlobsThatCannotBeRemoved_AreTold(string door)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "pipes are made by mkfifo");
        var pipe = await AddPipedAsync();
        var tags = Directory.CreateDirectory(Path.Combine(_store.Root, "manifests/h/n/m")).FullName;
        var making = MakeAsync(door, """{"model":"new","from_model":"piped"}""");
        await using (var parameters = await Task.Run(() => new FileStream(pipe, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0), Ct).WaitAsync(TimeSpan.FromSeconds(30), Ct))
        {
            File.CreateSymbolicLink(Path.Combine(tags, "t"), Path.Combine(tags, "gone")); // a store with such a manifest cannot be listed
            await parameters.WriteAsync("""{"seed":1}"""u8.ToArray(), Ct);
        }

        Assert.Contains("PRUNE_FAILED", await making, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Strict_IsTheError_AndNothingIsMade()
    {
        var strict = Mistyped.Insert(1, "\"strict\":true,");
        var grpc = await _host.GrpcAsync("/inference.v1.ModelService/CreateModel", CreateModelRequest.Parser.ParseJson(strict).Frame());
        var rest = await _host.RestAsync("POST", "/inference/v1/models", strict);
        foreach (var ending in new[] { grpc, rest })
        {
            Assert.Equal(("STRICT_VIOLATION", 9, "PARAMETER_INVALID"), (ending.Checked().Reason, ending.Status!.Code, ending.Info.Metadata["warning"]));
        }

        var absent = await Assert.ThrowsAsync<RpcException>(async () => await _host.Models.GetModelAsync(new GetModelRequest { Model = "new" }, cancellationToken: Ct));
        Assert.Equal(StatusCode.NotFound, absent.StatusCode);
    }

    // What a door says of warnings.
    private async Task<string> MakeAsync(string door, string request)
    {
        if (door is "grpc")
        {
            using var call = _host.Models.CreateModel(CreateModelRequest.Parser.ParseJson(request), cancellationToken: Ct);
            var last = await call.ResponseStream.ReadAllAsync(Ct).LastAsync(Ct);
            return string.Join('\n', last.Result.Warnings.Select(static w => WarningCatalogue.NameOf(w.Reason)));
        }

        var isOllama = door is "ollama";
        using var content = new StringContent(isOllama ? request.Replace("from_model", "from", StringComparison.Ordinal).Insert(1, "\"stream\":false,") : request, Encoding.UTF8, "application/json");
        using var response = await _host.Http.PostAsync(isOllama ? "/api/create" : "/inference/v1/models", content, Ct);
        var body = await response.Content.ReadAsStringAsync(Ct);
        Assert.Equal(200, (int)response.StatusCode);
        return isOllama ? string.Join('\n', response.Headers.TryGetValues(WarningHeader.Name, out var told) ? told : []) : body;
    }

    // A model whose parameters come through a pipe. Returns where.
    private async Task<string> AddPipedAsync()
    {
        const string Digest = "sha256:2222222222222222222222222222222222222222222222222222222222222222";
        var pipe = Path.Combine(_store.Root, "blobs", Digest.Replace(':', '-'));
        using var mkfifo = Process.Start("mkfifo", pipe);
        await mkfifo.WaitForExitAsync(Ct);
        Assert.Equal(0, mkfifo.ExitCode);
        var library = Path.Combine(_store.Root, "manifests/registry.ollama.ai/library");
        var manifest = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(library, SmallStore.Model, "latest"), Ct))!;
        manifest["layers"]!.AsArray().Add(new JsonObject { ["mediaType"] = "application/vnd.ollama.image.params", ["digest"] = Digest, ["size"] = 0 });
        await File.WriteAllTextAsync(Path.Combine(Directory.CreateDirectory(Path.Combine(library, "piped")).FullName, "latest"), manifest.ToJsonString(), Ct);
        return pipe;
    }
}
