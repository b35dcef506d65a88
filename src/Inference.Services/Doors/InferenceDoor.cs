using Grpc.Core;
using Inference.Errors;
using Inference.Services.Calls;
using Inference.Services.Requests;
using Inference.V1;

namespace Inference.Services.Doors;

/// <summary>InferenceService over gRPC, and transcoded under /inference/v1.</summary>
internal sealed class InferenceDoor(Generation generation, Embeddings embeddings) : InferenceService.InferenceServiceBase
{
    public override Task Generate(GenerateRequest request, IServerStreamWriter<GenerateResponse> responseStream, ServerCallContext context) =>
        generation.GenerateAsync(request, context.GetCall(), new GenerateWriter(responseStream, context.GetHttpContext()), context.CancellationToken);

    public override Task Chat(ChatRequest request, IServerStreamWriter<ChatResponse> responseStream, ServerCallContext context) =>
        generation.ChatAsync(request, context.GetCall(), new ChatWriter(responseStream, context.GetHttpContext()), context.CancellationToken);

    public override Task Embed(EmbedRequest request, IServerStreamWriter<EmbedResponse> responseStream, ServerCallContext context) =>
        embeddings.EmbedAsync(request, context.GetCall(), new EmbedWriter(responseStream, context.GetHttpContext()), context.CancellationToken);

    public override Task<RerankResponse> Rerank(RerankRequest request, ServerCallContext context)
    {
        request.Check();
        throw Catalogue.FeatureUnsupported.For("Rerank");
    }

    public override Task<TokenizeResponse> Tokenize(TokenizeRequest request, ServerCallContext context) =>
        generation.TokenizeAsync(request, context.GetCall(), context.CancellationToken);

    public override Task<DetokenizeResponse> Detokenize(DetokenizeRequest request, ServerCallContext context) =>
        generation.DetokenizeAsync(request, context.GetCall(), context.CancellationToken);

    public override async Task<RenderPromptResponse> RenderPrompt(RenderPromptRequest request, ServerCallContext context)
    {
        var response = await generation.RenderPromptAsync(request, context.GetCall(), context.CancellationToken);
        WarningHeader.Append(context.GetHttpContext(), response.Warnings);
        return response;
    }
}
