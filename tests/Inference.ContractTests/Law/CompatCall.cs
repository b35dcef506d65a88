using Grpc.Core;
using Grpc.Net.Client;
using Inference.Errors;
using Inference.Facade.Anthropic.Requests;
using Inference.Facade.Ollama.Requests;
using Inference.Facade.OpenAi.Requests;
using Inference.GoJson;
using Inference.HttpErrors;
using Inference.V1;

namespace Inference.ContractTests.Law;

/// <summary>A request to a route under /v1 as the call over gRPC that means the same: the native route stands between.</summary>
/// <param name="Context">Where the answer is told.</param>
/// <param name="MakeAsync">Makes the call.</param>
internal sealed record CompatCall(ErrorContext Context, Func<GrpcChannel, CancellationToken, Task> MakeAsync)
{
    /// <exception cref="InferenceException">The door refuses the request before there is a call.</exception>
    public static CompatCall From(string path, byte[] body) => path switch
    {
        "/v1/chat/completions" => Chat(Decoded(body, ChatCompletionCall.Shape, new ChatCompletionCall()).ToNative(), ErrorForm.OpenAi),
        "/v1/completions" => Generate(Decoded(body, CompletionCall.Shape, new CompletionCall()).ToNative()),
        "/v1/embeddings" => Embed(Decoded(body, OpenAiEmbedCall.Shape, new OpenAiEmbedCall()).ToNative()),
        "/v1/responses" => Chat(Decoded(body, ResponsesCall.Shape, new ResponsesCall()).ToNative(), ErrorForm.OpenAi),
        "/v1/messages" => Chat(Decoded(body, MessagesCall.Shape, new MessagesCall()).ToNative(), ErrorForm.Anthropic),
        _ => throw new ArgumentOutOfRangeException(nameof(path), path, "no call over gRPC means the same"),
    };

    /// <summary>How a failure of the door itself is told.</summary>
    public static ErrorContext Decoding(string path) => path switch
    {
        "/v1/messages" => new ErrorContext(OllamaRoute.Other) { Form = ErrorForm.Anthropic, Phase = ErrorPhase.Decoding },
        "/v1/embeddings" => new ErrorContext(OllamaRoute.Embed) { Form = ErrorForm.OpenAi, Phase = ErrorPhase.Decoding },
        "/v1/completions" => new ErrorContext(OllamaRoute.Generate) { Form = ErrorForm.OpenAi, Phase = ErrorPhase.Decoding },
        _ => new ErrorContext(OllamaRoute.Chat) { Form = ErrorForm.OpenAi, Phase = ErrorPhase.Decoding },
    };

    private static T Decoded<T>(byte[] body, GoStruct<T> shape, T target)
    {
        OllamaBody.Decode(body, shape, target, nothing: "EOF");
        return target;
    }

    private static CompatCall Chat(ChatCall call, ErrorForm form)
    {
        call.CheckTopLogprobs();
        if (OllamaFormat.Problem(call.Format) is not null)
        {
            throw new NotSupportedException("formats have types");
        }

        return new CompatCall(Told(OllamaRoute.Chat, form, call.Streams), (channel, ct) => call.Messages.Count > 0
            ? DrainAsync(new InferenceService.InferenceServiceClient(channel).Chat(call.ToContract(OllamaOptions.From(call.Options)), cancellationToken: ct), ct)
            : LoadAsync(channel, call.Request.Model, call.Needs(), ct));
    }

    private static CompatCall Generate(GenerateCall call)
    {
        call.CheckTopLogprobs();
        return new CompatCall(Told(OllamaRoute.Generate, ErrorForm.OpenAi, call.Streams), (channel, ct) => call.Request.Prompt.Length > 0
            ? DrainAsync(new InferenceService.InferenceServiceClient(channel).Generate(call.ToContract(OllamaOptions.From(call.Options)), cancellationToken: ct), ct)
            : LoadAsync(channel, call.Request.Model, call.Needs(), ct));
    }

    private static CompatCall Embed(EmbedCall call) => call.Inputs is null
        ? throw new NotSupportedException("inputs are a list of texts")
        : new CompatCall(
            Told(OllamaRoute.Embed, ErrorForm.OpenAi, streams: false),
            (channel, ct) => DrainAsync(new InferenceService.InferenceServiceClient(channel).Embed(call.ToContract(OllamaOptions.From(call.Options)), cancellationToken: ct), ct));

    private static ErrorContext Told(OllamaRoute route, ErrorForm form, bool streams) => new(route) { Form = form, Phase = streams ? ErrorPhase.Stream : ErrorPhase.Whole };

    private static Task LoadAsync(GrpcChannel channel, string model, IEnumerable<Capability> needs, CancellationToken ct) =>
        new ModelService.ModelServiceClient(channel).LoadModelAsync(new LoadModelRequest { Model = model, RequiredCapabilities = { needs } }, cancellationToken: ct).ResponseAsync;

    private static async Task DrainAsync<T>(AsyncServerStreamingCall<T> call, CancellationToken ct)
    {
        using (call)
        {
            while (await call.ResponseStream.MoveNext(ct))
            {
                // Only how it ends is of interest.
            }
        }
    }
}
