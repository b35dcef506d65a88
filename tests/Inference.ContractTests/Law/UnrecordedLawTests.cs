using System.Text;
using Google.Rpc;
using Grpc.Core;
using Inference.ContractTests.Facade;
using Inference.Errors;
using Inference.HttpErrors;
using Inference.TestKit;
using Inference.V1;

namespace Inference.ContractTests.Law;

/// <summary>The law for failures that no recording holds: what their status over gRPC says is enough for the answer over HTTP.</summary>
public sealed class UnrecordedLawTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    // A status has no room for bytes that are no UTF-8: it says where they were.
    [Fact]
    public async Task Pull_RegistryThatAnswersInBytes_IsToldWhere()
    {
        await using var registry = await MockRegistry.StartAsync();
        registry.Say("GET", "/v2/ns/bytes/manifests/latest", async http =>
        {
            http.Response.StatusCode = 403;
            await http.Response.Body.WriteAsync((byte[])[0xEF, 0xBF, 0xBD, 0xFF, (byte)'!']);
        });
        await using var host = await OllamaHost.EmptyAsync();
        var model = $"{registry.Host}/ns/bytes";

        var status = await FailAsync(async () =>
        {
            using var call = host.Server.Models.PullModel(new PullModelRequest { Model = model, Insecure = true }, cancellationToken: Ct);
            await foreach (var _ in call.ResponseStream.ReadAllAsync(Ct))
            {
                // Until it fails.
            }
        });

        var metadata = status.GetDetail<ErrorInfo>()!.Metadata;
        Assert.Equal(("pull model manifest: 403: \uFFFD\uFFFD!", "detail:27"), (metadata["detail"], metadata[BrokenText.Key]));
        await SameAsync(host, status, OllamaRoute.Pull, "/api/pull", $$"""{"model":"{{model}}","insecure":true,"stream":false}""", """{"error":"pull model manifest: 403: """ + "\uFFFD\\ufffd!\"}");
    }

    [Fact]
    public async Task Create_DraftOfNoFiles_IsOfNoKnownType()
    {
        await using var host = await OllamaHost.FixturesAsync();
        var status = await FailAsync(async () =>
        {
            using var call = host.Server.Models.CreateModel(new CreateModelRequest { Model = "made", FromModel = "m", DraftFiles = new ModelFiles() }, cancellationToken: Ct);
            await foreach (var _ in call.ResponseStream.ReadAllAsync(Ct))
            {
                // Until it fails.
            }
        });

        var info = status.GetDetail<ErrorInfo>()!;
        Assert.Equal(("MODEL_FILE_INVALID", "unknown type", "draft_files"), (info.Reason, info.Metadata["detail"], info.Metadata["field"]));
        await SameAsync(host, status, OllamaRoute.Create, "/api/create", """{"model":"made","from":"m","draft_files":{},"stream":false}""", """{"error":"unknown type"}""");
    }

    private static async Task<Google.Rpc.Status> FailAsync(Func<Task> call) => (await Assert.ThrowsAsync<RpcException>(call)).GetRpcStatus()!;

    private static async Task SameAsync(OllamaHost host, Google.Rpc.Status status, OllamaRoute route, string path, string body, string expected)
    {
        var rendered = ErrorRenderer.Render(status, new ErrorContext(route) { Phase = ErrorPhase.Awaited });
        using var content = new StringContent(body);
        using var answer = await host.Server.Http.PostAsync(new Uri(path, UriKind.Relative), content, Ct);
        Assert.Equal((expected, (int)answer.StatusCode), (Encoding.UTF8.GetString(rendered.Body.Span), rendered.Status));
        Assert.Equal(expected, await answer.Content.ReadAsStringAsync(Ct));
    }
}
