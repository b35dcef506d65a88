using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Inference.Services;

/// <summary>Puts the services into a host.</summary>
public static class InferenceSetup
{
    /// <summary>
    /// The runtime, the store and the services, with gRPC, JSON transcoding and the one interceptor. Expects RuntimeOptions and
    /// StoreOptions to be configured by the host.
    /// </summary>
    public static IServiceCollection AddInference(this IServiceCollection services) => services;

    /// <summary>What must stand between UseRouting and the endpoints: request ids, and details for failures from before the interceptor.</summary>
    public static IApplicationBuilder UseInference(this IApplicationBuilder app) => app;

    /// <summary>InferenceService, ModelService and ServerService, over gRPC and under /inference/v1.</summary>
    public static IEndpointRouteBuilder MapInference(this IEndpointRouteBuilder routes) => routes;
}
