using Inference.Errors;
using Inference.Facade.Ollama;
using Inference.Facade.OpenAi.Routes;
using Microsoft.AspNetCore.Routing;

namespace Inference.Facade.OpenAi;

/// <summary>Puts the OpenAI routes that Ollama has into a host.</summary>
public static class OpenAiSetup
{
    private static readonly OllamaEndpoint[] Endpoints =
    [
        new("/v1/chat/completions", ["POST"], OllamaRoute.Chat, ChatCompletionsRoute.HandleAsync),
        new("/v1/completions", ["POST"], OllamaRoute.Generate, CompletionsRoute.HandleAsync),
        new("/v1/embeddings", ["POST"], OllamaRoute.Embed, OpenAiEmbeddingsRoute.HandleAsync),
        new("/v1/responses", ["POST"], OllamaRoute.Chat, ResponsesRoute.HandleAsync),
        new("/v1/models", ["GET"], OllamaRoute.Other, OpenAiModelsRoutes.ListAsync),
        new("/v1/models/:model", ["GET"], OllamaRoute.Show, OpenAiModelsRoutes.GetAsync),
        new("/v1/audio/transcriptions", ["POST"], OllamaRoute.Chat, TranscriptionsRoute.HandleAsync),
    ];

    public static IEndpointRouteBuilder MapOpenAi(this IEndpointRouteBuilder routes) => routes.MapOllama(Endpoints);
}
