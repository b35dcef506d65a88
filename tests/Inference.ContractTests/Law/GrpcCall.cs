using Grpc.Core;
using Grpc.Net.Client;
using Inference.Errors;
using Inference.Facade.Ollama.Requests;
using Inference.V1;

namespace Inference.ContractTests.Law;

/// <summary>
/// A request to one of Ollama's routes as the call over gRPC that means the same. What the door itself decides, because only its JSON can say
/// it, is thrown here as the door throws it.
/// </summary>
/// <param name="Route">Whose words the answer has.</param>
/// <param name="Streams">Whether a stream was asked for.</param>
/// <param name="MakeAsync">Makes the call, and says when output comes.</param>
internal sealed record GrpcCall(OllamaRoute Route, bool Streams, Func<GrpcChannel, Action, CancellationToken, Task> MakeAsync)
{
    /// <exception cref="InferenceException">The door refuses the request before there is a call.</exception>
    public static GrpcCall From(string path, byte[] body) => path switch
    {
        "/api/generate" => Generate(Decoded(body, GenerateCall.Shape, new GenerateCall())),
        "/api/chat" => Chat(Decoded(body, ChatCall.Shape, new ChatCall())),
        "/api/embed" => Embed(Decoded(body, EmbedCall.Shape, new EmbedCall())),
        "/api/embeddings" => Embeddings(Decoded(body, EmbeddingsCall.Shape, new EmbeddingsCall())),
        "/api/show" => Show(Decoded(body, ShowCall.Shape, new ShowCall())),
        _ => throw new ArgumentOutOfRangeException(nameof(path), path, "no call over gRPC means the same"),
    };

    private static T Decoded<T>(byte[] body, GoJson.GoStruct<T> shape, T target)
    {
        OllamaBody.Decode(body, shape, target);
        return target;
    }

    private static GrpcCall Generate(GenerateCall call)
    {
        call.CheckTopLogprobs();
        var options = OllamaOptions.From(call.Options);
        Expressible(options, call.Format);
        return call.Request.Prompt.Length > 0 && call.RenderOnly ? Rendering(OllamaRoute.Generate, new RenderPromptRequest { Generate = call.ToContract(options) })
            : call.Request.Prompt.Length > 0
            ? Streaming(OllamaRoute.Generate, call.Streams, (channel, ct) => new InferenceService.InferenceServiceClient(channel).Generate(call.ToContract(options), cancellationToken: ct))
            : Load(OllamaRoute.Generate, call, call.Request.Model, options, call.Needs());
    }

    private static GrpcCall Chat(ChatCall call)
    {
        call.CheckTopLogprobs();
        var options = OllamaOptions.From(call.Options);
        Expressible(options, call.Format);
        return call.Messages.Count > 0 && call.RenderOnly ? Rendering(OllamaRoute.Chat, new RenderPromptRequest { Chat = call.ToContract(options) })
            : call.Messages.Count > 0
            ? Streaming(OllamaRoute.Chat, call.Streams, (channel, ct) => new InferenceService.InferenceServiceClient(channel).Chat(call.ToContract(options), cancellationToken: ct))
            : Load(OllamaRoute.Chat, call, call.Request.Model, options, call.Needs());
    }

    private static GrpcCall Embed(EmbedCall call)
    {
        var options = OllamaOptions.From(call.Options);
        Expressible(options, default);
        return call.Inputs is null ? throw Inexpressible("inputs are a list of texts")
            : call.Inputs.Count == 0 ? Unary(OllamaRoute.Embed, (channel, ct) => new ModelService.ModelServiceClient(channel).LoadModelAsync(new LoadModelRequest { Model = call.Model, LoadOptions = options.Load }, cancellationToken: ct).ResponseAsync)
            : Streaming(OllamaRoute.Embed, streams: false, (channel, ct) => new InferenceService.InferenceServiceClient(channel).Embed(call.ToContract(options), cancellationToken: ct));
    }

    private static GrpcCall Embeddings(EmbeddingsCall call)
    {
        var options = OllamaOptions.From(call.Options);
        Expressible(options, default);
        return call.Prompt.Length == 0
            ? Unary(OllamaRoute.Embeddings, (channel, ct) => new ModelService.ModelServiceClient(channel).LoadModelAsync(new LoadModelRequest { Model = call.Model, LoadOptions = options.Load }, cancellationToken: ct).ResponseAsync)
            : Streaming(OllamaRoute.Embeddings, streams: false, (channel, ct) => new InferenceService.InferenceServiceClient(channel).Embed(call.ToContract(options), cancellationToken: ct));
    }

    private static GrpcCall Show(ShowCall call) => Unary(OllamaRoute.Show, (channel, ct) =>
        new ModelService.ModelServiceClient(channel).GetModelAsync(new GetModelRequest { Model = call.Model.Length > 0 ? call.Model : call.Name }, cancellationToken: ct).ResponseAsync);

    // Without a prompt the model is loaded, or let go.
    private static GrpcCall Load(OllamaRoute route, OllamaCall call, string model, OllamaOptions options, IEnumerable<Capability> needs) => call.Unloads
        ? Unary(route, (channel, ct) => new ModelService.ModelServiceClient(channel).UnloadModelAsync(new UnloadModelRequest { Model = model }, cancellationToken: ct).ResponseAsync)
        : Unary(route, (channel, ct) => new ModelService.ModelServiceClient(channel).LoadModelAsync(new LoadModelRequest { Model = model, LoadOptions = options.Load, KeepAlive = call.KeepAlive, RequiredCapabilities = { needs } }, cancellationToken: ct).ResponseAsync);

    private static GrpcCall Rendering(OllamaRoute route, RenderPromptRequest request) => Unary(route, (channel, ct) =>
        new InferenceService.InferenceServiceClient(channel).RenderPromptAsync(request, cancellationToken: ct).ResponseAsync);

    private static GrpcCall Unary<T>(OllamaRoute route, Func<GrpcChannel, CancellationToken, Task<T>> call) => new(route, Streams: false, (channel, _, ct) => call(channel, ct));

    private static GrpcCall Streaming<T>(OllamaRoute route, bool streams, Func<GrpcChannel, CancellationToken, AsyncServerStreamingCall<T>> start) => new(route, streams, async (channel, output, ct) =>
    {
        using var call = start(channel, ct);
        while (await call.ResponseStream.MoveNext(ct))
        {
            if (call.ResponseStream.Current is GenerateResponse { EventCase: GenerateResponse.EventOneofCase.Text or GenerateResponse.EventOneofCase.Thinking } or ChatResponse { EventCase: ChatResponse.EventOneofCase.Text or ChatResponse.EventOneofCase.Thinking })
            {
                output();
            }
        }
    });

    private static void Expressible(OllamaOptions options, ReadOnlyMemory<byte> format)
    {
        if ((options.Problem ?? OllamaFormat.Problem(format)) is not null)
        {
            throw Inexpressible("options and formats have types");
        }
    }

    private static NotSupportedException Inexpressible(string why) => new(why);
}
