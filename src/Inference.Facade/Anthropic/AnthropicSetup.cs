using Inference.Errors;
using Inference.Facade.Anthropic.Routes;
using Inference.Facade.Ollama;
using Microsoft.AspNetCore.Routing;

namespace Inference.Facade.Anthropic;

/// <summary>Puts the one Anthropic route that Ollama has into a host.</summary>
public static class AnthropicSetup
{
    private static readonly OllamaEndpoint[] Endpoints = [new("/v1/messages", ["POST"], OllamaRoute.Other, MessagesRoute.HandleAsync)];

    public static IEndpointRouteBuilder MapAnthropic(this IEndpointRouteBuilder routes) => routes.MapOllama(Endpoints);
}
