using System.CommandLine;
using System.Net.Security;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Inference.Server.Options;
using Inference.Server.Ports;
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
            using var channel = Open(address, server);
            var (healthy, words) = await AskAsync(channel, patience, ct);
            await (healthy ? console.Output : console.Error).WriteLineAsync($"{address.Authority}: {words}");
            return (int)(healthy ? ExitCode.Success : ExitCode.Failure);
        }
        catch (StartException e)
        {
            await console.Error.WriteLineAsync($"inference: {e.Message}");
            return (int)e.Code;
        }
    }

    private static GrpcChannel Open(Uri address, ServerOptions server)
    {
        if (!server.TlsOnly || server.TlsCertificate is null)
        {
            return GrpcChannel.ForAddress(address);
        }

        // The server on this machine is the right one if it shows the certificate that it was given, whoever signed it for which name.
        var own = new ServerCertificate(server.TlsCertificate, server.TlsKey, server.TlsPassword).Current.TargetCertificate.GetRawCertData();
        var handler = new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = (_, offered, _, _) => offered is not null && own.AsSpan().SequenceEqual(offered.GetRawCertData()),
            },
        };
        return GrpcChannel.ForAddress(new UriBuilder(address) { Scheme = Uri.UriSchemeHttps }.Uri, new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true });
    }

    private static async Task<(bool Healthy, string Words)> AskAsync(GrpcChannel channel, TimeSpan patience, CancellationToken ct)
    {
        try
        {
            var deadline = TimeProvider.System.GetUtcNow().UtcDateTime + patience;
            var answer = await new Grpc.Health.V1.Health.HealthClient(channel).CheckAsync(
                new HealthCheckRequest { Service = InferenceService.Descriptor.FullName }, deadline: deadline, cancellationToken: ct);
            return answer.Status is HealthCheckResponse.Types.ServingStatus.Serving ? (true, "serving") : (false, "not serving");
        }
        catch (RpcException e)
        {
            return (false, e.StatusCode is StatusCode.Unavailable ? $"no server answers ({Innermost(e)})" : $"{e.StatusCode}: {e.Status.Detail}");
        }
    }

    private static string Innermost(RpcException e) => (e.Status.DebugException?.GetBaseException() ?? e).Message.TrimEnd('.');
}
