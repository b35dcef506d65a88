using System.Buffers;
using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Inference.Errors;
using Inference.Facade.Ollama.Replies;
using Inference.Facade.Ollama.Requests;
using Inference.GoJson;
using Inference.HttpErrors;
using Inference.Services.Upkeep;
using Inference.V1;

namespace Inference.ContractTests.Law;

/// <summary>A recorded request that changes the store as the call over gRPC that means the same.</summary>
/// <param name="Route">Whose words the answer has.</param>
/// <param name="Phase">How the answer was asked for.</param>
/// <param name="MakeAsync">Makes the call; hears of each step.</param>
internal sealed record ManageCall(OllamaRoute Route, ErrorPhase Phase, Func<GrpcChannel, Action<OperationProgress>, Task> MakeAsync)
{
    /// <summary>Null where the contract has no form for what was sent.</summary>
    /// <exception cref="InferenceException">The door refuses the request before there is a call.</exception>
    public static ManageCall? From(JsonElement record)
    {
        var (method, path) = (record.GetProperty("method").GetString()!, record.GetProperty("path").GetString()!);
        var body = Encoding.UTF8.GetBytes(record.TryGetProperty("request_body", out var text) ? text.GetString() ?? "" : "");
        return (method, path) switch
        {
            ("POST", "/api/copy") => Unary(OllamaRoute.Copy, models => models.CopyModelAsync(Decoded(body, CopyCall.Shape, new CopyCall()).Request)),
            ("DELETE", "/api/delete") => Unary(OllamaRoute.Delete, models => models.DeleteModelAsync(Decoded(body, DeleteCall.Shape, new DeleteCall()).ToContract())),
            ("POST", "/api/pull") => Pull(Decoded(body, TransferCall.PullShape, new TransferCall())),
            ("POST", "/api/push") => Push(Decoded(body, TransferCall.PushShape, new TransferCall())),
            ("POST", "/api/create") => Create(Decoded(body, CreateCall.Shape, new CreateCall())),
            ("HEAD", _) when path.StartsWith("/api/blobs/", StringComparison.Ordinal) => Unary(OllamaRoute.Blobs, models => models.GetBlobAsync(new GetBlobRequest { Digest = path["/api/blobs/".Length..] })),
            ("POST", _) when path.StartsWith("/api/blobs/", StringComparison.Ordinal) => Upload(path["/api/blobs/".Length..], body),
            _ => null,
        };
    }

    /// <summary>A step as the line that the door makes of it.</summary>
    public static string Line(OperationProgress progress)
    {
        var line = new ArrayBufferWriter<byte>();
        OperationReply.Write(new GoJsonWriter(line), progress);
        return Encoding.UTF8.GetString(line.WrittenSpan) + "\n";
    }

    private static T Decoded<T>(byte[] body, GoStruct<T> shape, T target)
    {
        OllamaBody.Decode(body, shape, target);
        return target;
    }

    private static ManageCall Unary<T>(OllamaRoute route, Func<ModelService.ModelServiceClient, AsyncUnaryCall<T>> call) =>
        new(route, ErrorPhase.Whole, async (channel, _) => await call(new ModelService.ModelServiceClient(channel)));

    private static ManageCall Pull(TransferCall call) => new(OllamaRoute.Pull, PhaseOf(call.Streams), (channel, heard) =>
        ReadAsync(new ModelService.ModelServiceClient(channel).PullModel(call.ToPull()), static r => r.Progress, heard));

    private static ManageCall Push(TransferCall call) => new(OllamaRoute.Push, PhaseOf(call.Streams), (channel, heard) =>
        ReadAsync(new ModelService.ModelServiceClient(channel).PushModel(call.ToPush()), static r => r.Progress, heard));

    private static ManageCall? Create(CreateCall call)
    {
        var (request, faults) = call.ToContract();
        return faults != CreateFaults.None ? null : new ManageCall(OllamaRoute.Create, PhaseOf(call.Streams), (channel, heard) =>
            ReadAsync(new ModelService.ModelServiceClient(channel).CreateModel(request), static r => r.Progress, heard));
    }

    private static ManageCall Upload(string digest, byte[] body) => new(OllamaRoute.Blobs, ErrorPhase.Whole, async (channel, _) =>
    {
        using var call = new ModelService.ModelServiceClient(channel).UploadBlob();
        await call.RequestStream.WriteAsync(new UploadBlobRequest { Digest = digest, Data = ByteString.CopyFrom(body) });
        await call.RequestStream.CompleteAsync();
        await call;
    });

    private static ErrorPhase PhaseOf(bool streams) => streams ? ErrorPhase.Stream : ErrorPhase.Awaited;

    private static async Task ReadAsync<T>(AsyncServerStreamingCall<T> call, Func<T, OperationProgress?> progress, Action<OperationProgress> heard)
    {
        using (call)
        {
            while (await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken))
            {
                if (progress(call.ResponseStream.Current) is { } step)
                {
                    heard(step);
                }
            }
        }
    }
}
