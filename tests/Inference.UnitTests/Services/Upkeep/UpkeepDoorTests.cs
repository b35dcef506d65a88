using System.Net;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Inference.TestKit;
using Inference.UnitTests.Services.Calls;
using Inference.V1;

namespace Inference.UnitTests.Services.Upkeep;

/// <summary>What changes the store, as clients of gRPC meet it.</summary>
public sealed class UpkeepDoorTests(DoorHost door) : IClassFixture<DoorHost>
{
    private const string Hello = "sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CopyAndDelete_OverBothForms()
    {
        var copied = await door.Models.CopyModelAsync(new() { Source = "m", Destination = "second:v1" }, cancellationToken: Ct);
        Assert.Equal("second:v1", copied.Model.Name);
        Assert.Equal((await door.Models.GetModelAsync(new() { Model = "m" }, cancellationToken: Ct)).Model.Digest, copied.Model.Digest);

        using var deleted = await door.Http.DeleteAsync(new Uri("/inference/v1/models/second:v1", UriKind.Relative), Ct);
        Assert.Equal((HttpStatusCode.OK, """{"freedBytes":"0"}"""), (deleted.StatusCode, (await deleted.Content.ReadAsStringAsync(Ct)).Replace(" ", "", StringComparison.Ordinal)));
        Assert.Equal("MODEL_NOT_FOUND", (await FailsAsync(async () => await door.Models.DeleteModelAsync(new() { Model = "second:v1" }, cancellationToken: Ct))).Info.Reason);
    }

    [Fact]
    public async Task Copy_NamesTheFieldThatIsWrong()
    {
        var (status, info) = await FailsAsync(async () => await door.Models.CopyModelAsync(new() { Source = "m", Destination = "a b" }, cancellationToken: Ct));
        Assert.Equal(("MODEL_NAME_INVALID", "destination", "a b"), (info.Reason, info.Metadata["field"], info.Metadata["model"]));
        Assert.Equal("destination", status.GetDetail<BadRequest>()!.FieldViolations.Single().Field);
    }

    [Fact]
    public async Task Upload_InPieces_IsThereOnce()
    {
        var first = await UploadAsync(Hello, "hel", "lo");
        var second = await UploadAsync(Hello, "never read");
        var blob = await door.Models.GetBlobAsync(new() { Digest = Hello }, cancellationToken: Ct);

        Assert.Equal((true, false, 5L), (first.Created, second.Created, blob.Blob.SizeBytes));
    }

    [Theory]
    [InlineData("", "FIELD_REQUIRED")]
    [InlineData("sha256:zz", "BLOB_DIGEST_INVALID")]
    [InlineData("sha256:0000000000000000000000000000000000000000000000000000000000000000", "BLOB_DIGEST_MISMATCH")]
    public async Task Upload_WrongDigest_IsTyped(string digest, string reason) =>
        Assert.Equal(reason, (await FailsAsync(() => UploadAsync(digest, "bytes"))).Info.Reason);

    [Fact]
    public async Task Create_FromModel_TellsEachStepAndWhatNobodyWillUse()
    {
        var request = new CreateModelRequest { Model = "made", FromModel = "m", System = "Be brief.", Parameters = new Struct { Fields = { ["bogus"] = Value.ForBool(true), ["top_k"] = Value.ForString("x") } } };
        var messages = await CreateAsync(request);

        Assert.Equal([OperationStep.ReusingLayer, OperationStep.CreatingLayer, OperationStep.CreatingLayer, OperationStep.WritingManifest], messages.SkipLast(1).Select(static m => m.Progress.Step));
        var result = messages[^1].Result;
        Assert.Equal("made:latest", result.Model.Name);
        Assert.Equal([WarningReason.OptionUnknown, WarningReason.ParameterInvalid], result.Warnings.Select(static w => w.Reason).Order());
        Assert.Equal("Be brief.", (await door.Models.GetModelAsync(new() { Model = "made" }, cancellationToken: Ct)).System);
    }

    [Fact]
    public async Task Create_Strict_RefusesWhatItWouldWarnOf()
    {
        var (_, info) = await FailsAsync(() => CreateAsync(new() { Model = "strict", FromModel = "m", Strict = true, Parameters = new Struct { Fields = { ["bogus"] = Value.ForBool(true) } } }));
        Assert.Equal(("STRICT_VIOLATION", "OPTION_UNKNOWN", "bogus"), (info.Reason, info.Metadata["warning"], info.Metadata["option"]));
        Assert.Equal("MODEL_NOT_FOUND", (await FailsAsync(async () => await door.Models.GetModelAsync(new() { Model = "strict" }, cancellationToken: Ct))).Info.Reason);
    }

    [Fact]
    public async Task Create_DraftOfARemoteModel_IsAConflict()
    {
        var request = new CreateModelRequest { Model = "x", FromModel = "y", RemoteHost = "http://h", DraftFiles = new() { Digests = { ["d.gguf"] = Hello } } };
        Assert.Equal(("FIELD_CONFLICT", "draft_files", "remote_host"), Facts((await FailsAsync(() => CreateAsync(request))).Info, "field", "other_field"));
    }

    [Fact]
    public async Task Create_FromFiles_SaysThatItIsNotHere()
    {
        var weights = (await door.Models.GetModelAsync(new() { Model = "m" }, cancellationToken: Ct)).Layers.Single(static l => l.MediaType.EndsWith(".model", StringComparison.Ordinal)).Digest;
        var (status, info) = await FailsAsync(() => CreateAsync(new() { Model = "x", Files = new() { Digests = { ["x.gguf"] = weights } } }));
        Assert.Equal(((int)StatusCode.Unimplemented, "FEATURE_UNSUPPORTED", "creating a model from GGUF files"), (status.Code, info.Reason, info.Metadata["feature"]));
    }

    // Ollama pulls it over HTTPS, whatever the registry speaks.
    [Fact]
    public async Task Create_FromModelThatIsNotHere_AsksItsRegistry()
    {
        await using var registry = await MockRegistry.StartAsync();
        var (status, info) = await FailsAsync(() => CreateAsync(new() { Model = "x", FromModel = $"{registry.Host}/ns/none" }));
        Assert.Equal(((int)StatusCode.Unavailable, "REGISTRY_UNAVAILABLE", registry.Host), (status.Code, info.Reason, info.Metadata["host"]));
        Assert.Equal($"pull model manifest: Get \"https://{registry.Host}/v2/ns/none/manifests/latest\": tls: first record does not look like a TLS handshake", status.Message);
        Assert.NotNull(status.GetDetail<RetryInfo>());
    }

    [Fact]
    public async Task Pull_EndsWithTheModel()
    {
        await using var registry = await MockRegistry.StartAsync();
        var config = registry.Blob("ns/m", """{"model_format":"gguf","model_family":"llama"}"""u8.ToArray());
        registry.Manifest("ns/m", $$"""{"schemaVersion":2,"mediaType":"","config":{"mediaType":"","digest":"{{config}}","size":46},"layers":[]}""");
        using var call = door.Models.PullModel(new() { Model = $"{registry.Host}/ns/m", Insecure = true }, cancellationToken: Ct);

        var messages = await call.ResponseStream.ReadAllAsync(Ct).ToListAsync(Ct);

        Assert.Equal(OperationStep.ReadingManifest, messages[0].Progress.Step);
        Assert.Equal($"{registry.Host}/ns/m:latest", messages[^1].Result.Model.Name);
    }

    [Fact]
    public async Task Pull_NotOnTheRegistry_NamesModelAndHost()
    {
        await using var registry = await MockRegistry.StartAsync();
        var (status, info) = await FailsAsync(async () =>
        {
            using var call = door.Models.PullModel(new() { Model = $"{registry.Host}/ns/none", Insecure = true }, cancellationToken: Ct);
            await call.ResponseStream.ReadAllAsync(Ct).LastAsync(Ct);
        });
        Assert.Equal(("REGISTRY_MODEL_NOT_FOUND", $"{registry.Host}/ns/none", registry.Host), Facts(info, "model", "host"));
        Assert.Equal($"{registry.Host}/ns/none", status.GetDetail<ResourceInfo>()!.ResourceName);
    }

    private static (string, string, string) Facts(ErrorInfo info, string first, string second) => (info.Reason, info.Metadata[first], info.Metadata[second]);

    private async Task<UploadBlobResponse> UploadAsync(string digest, params string[] pieces)
    {
        using var call = door.Models.UploadBlob(cancellationToken: Ct);
        foreach (var (i, piece) in pieces.Index())
        {
            await call.RequestStream.WriteAsync(new UploadBlobRequest { Digest = i == 0 ? digest : "", Data = ByteString.CopyFromUtf8(piece) }, Ct);
        }

        await call.RequestStream.CompleteAsync();
        return await call;
    }

    private async Task<List<CreateModelResponse>> CreateAsync(CreateModelRequest request)
    {
        using var call = door.Models.CreateModel(request, cancellationToken: Ct);
        return await call.ResponseStream.ReadAllAsync(Ct).ToListAsync(Ct);
    }

    private static async Task<(Google.Rpc.Status Status, ErrorInfo Info)> FailsAsync(Func<Task> call)
    {
        var status = (await Assert.ThrowsAsync<RpcException>(call)).GetRpcStatus()!;
        return (status, status.GetDetail<ErrorInfo>()!);
    }
}
