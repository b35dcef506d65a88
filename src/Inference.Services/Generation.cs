using Inference.V1;

namespace Inference.Services;

/// <summary>Generate, Chat and what belongs to prompts: the code that all doors share. Failures are thrown, from the catalogue.</summary>
public sealed class Generation
{
    public Task GenerateAsync(GenerateRequest request, CallInfo call, IGenerationWriter writer, CancellationToken ct) => throw new NotSupportedException();

    public Task ChatAsync(ChatRequest request, CallInfo call, IGenerationWriter writer, CancellationToken ct) => throw new NotSupportedException();

    public Task<RenderPromptResponse> RenderPromptAsync(RenderPromptRequest request, CallInfo call, CancellationToken ct) => throw new NotSupportedException();

    public Task<TokenizeResponse> TokenizeAsync(TokenizeRequest request, CancellationToken ct) => throw new NotSupportedException();

    public Task<DetokenizeResponse> DetokenizeAsync(DetokenizeRequest request, CancellationToken ct) => throw new NotSupportedException();
}
