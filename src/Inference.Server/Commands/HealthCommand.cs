using System.CommandLine;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Inference.Server.Options;
using Inference.Server.Start;
using Inference.V1;

namespace Inference.Server.Commands;

/// <summary>Asks a running server over grpc.health.v1: what a container's health check calls.</summary>
internal static class HealthCommand
{
    public static async Task<int> RunAsync(Func<ChosenSettings> settings, TimeSpan patience, InvocationConfiguration console, CancellationToken ct)
    {
        try
        {
            var server = settings().Bind(ServerOptions.Section, new ServerOptionsValidator());
            var address = ListenAddress.Parse(server.Listen, out _).Local;
            var (healthy, words) = await AskAsync(address, patience, ct);
            await (healthy ? console.Output : console.Error).WriteLineAsync($"{address.Authority}: {words}");
            return (int)(healthy ? ExitCode.Success : ExitCode.Failure);
        }
        catch (StartException e)
        {
            await console.Error.WriteLineAsync($"inference: {e.Message}");
            return (int)e.Code;
        }
    }

    private static async Task<(bool Healthy, string Words)> AskAsync(Uri address, TimeSpan patience, CancellationToken ct)
    {
        using var channel = GrpcChannel.ForAddress(address);
        try
        {
            var deadline = TimeProvider.System.GetUtcNow().UtcDateTime + patience;
            var answer = await new Grpc.Health.V1.Health.HealthClient(channel).CheckAsync(
                new HealthCheckRequest { Service = InferenceService.Descriptor.FullName }, deadline: deadline, cancellationToken: ct);
            return answer.Status is HealthCheckResponse.Types.ServingStatus.Serving ? (true, "serving") : (false, "not serving");
        }
        catch (RpcException e)
        {
            return (false, e.StatusCode is StatusCode.Unavailable ? "no server answers" : $"{e.StatusCode}: {e.Status.Detail}");
        }
    }
}
