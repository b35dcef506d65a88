using Grpc.Core;
using Inference.V1;

namespace Inference.Services.Doors;

/// <summary>ServerService over gRPC, and transcoded under /inference/v1. Answers as long as the process lives.</summary>
internal sealed class ServerDoor(ServerFacts facts) : ServerService.ServerServiceBase
{
    public override Task<GetServerInfoResponse> GetServerInfo(GetServerInfoRequest request, ServerCallContext context) => Task.FromResult(facts.Describe());
}
