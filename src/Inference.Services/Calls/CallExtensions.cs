using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace Inference.Services.Calls;

/// <summary>The call that a request belongs to.</summary>
public static class CallExtensions
{
    /// <summary>What <see cref="InferenceSetup.UseInference"/> noted when the request arrived.</summary>
    public static CallInfo GetCall(this HttpContext http) =>
        http.Features.Get<CallInfo>() ?? throw new InvalidOperationException("UseInference is missing from the pipeline");

    internal static CallInfo GetCall(this ServerCallContext context) => context.GetHttpContext().GetCall();

    internal static bool IsGrpc(this HttpContext http) =>
        http.Request.ContentType?.StartsWith("application/grpc", StringComparison.Ordinal) == true;
}
