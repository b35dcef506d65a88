using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Inference.Facade.Ollama;

/// <summary>Puts Ollama's routes into a host.</summary>
public static class OllamaSetup
{
    /// <summary>The version of Ollama whose wire this is: what /api/version answers, because clients ask for a lowest version.</summary>
    public const string Version = "0.32.15";

    public static IEndpointRouteBuilder MapOllama(this IEndpointRouteBuilder routes) => routes;
}
