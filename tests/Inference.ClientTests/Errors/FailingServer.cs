using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Inference.Errors;
using Inference.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Inference.ClientTests.Errors;

/// <summary>
/// A server that fails as it is asked to: the model of a call names the entry of the catalogue. For clients only; of the real server it has
/// the contract, the catalogue and the trailers. See <see cref="FailingService"/> for its headers.
/// </summary>
public sealed class FailingServer : IAsyncLifetime
{
    private WebApplication _app = null!;

    public Uri Address { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0, static o => o.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        builder.Services.AddSingleton<FailingService>();
        _app = builder.Build();
        _app.MapGrpcService<FailingService>();
        await _app.StartAsync();
        Address = new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}

/// <summary>
/// Fails with the entry that the model names. Headers say the rest: <c>fail-times</c> how often (always), <c>messages-first</c> how many texts
/// come before (none), <c>retry-ms</c> and <c>pushback</c> what the details and the trailer say instead of what the entry has; empty is nothing.
/// Calls with one <c>x-request-id</c> are counted together; the text of an answer is their number.
/// </summary>
internal sealed class FailingService : InferenceService.InferenceServiceBase
{
    private readonly ConcurrentDictionary<string, int> _calls = new(StringComparer.Ordinal);

    public override Task<DetokenizeResponse> Detokenize(DetokenizeRequest request, ServerCallContext context)
    {
        var number = Number(context);
        FailIfAsked(request.Model, number, context);
        return Task.FromResult(new DetokenizeResponse { Text = $"{number}" });
    }

    public override async Task Generate(GenerateRequest request, IServerStreamWriter<GenerateResponse> responseStream, ServerCallContext context)
    {
        var number = Number(context);
        for (var i = int.Parse(Header(context, "messages-first") ?? "0", CultureInfo.InvariantCulture); i > 0; i--)
        {
            await responseStream.WriteAsync(new GenerateResponse { Text = $"{number}" });
        }

        FailIfAsked(request.Model, number, context);
        await responseStream.WriteAsync(new GenerateResponse { Text = $"{number}" });
    }

    private int Number(ServerCallContext context)
    {
        var id = Header(context, "x-request-id")!;
        context.GetHttpContext().Response.Headers["x-request-id"] = id;
        return _calls.AddOrUpdate(id, 1, static (_, n) => n + 1);
    }

    private static void FailIfAsked(string reason, int number, ServerCallContext context)
    {
        if (number > int.Parse(Header(context, "fail-times") ?? $"{int.MaxValue}", CultureInfo.InvariantCulture))
        {
            return;
        }

        var error = Samples.Of(reason);
        var status = error.ToStatus();
        if (Header(context, "retry-ms") is { } wait)
        {
            Any[] others = [.. status.Details.Where(static d => !d.Is(RetryInfo.Descriptor))];
            status.Details.Clear();
            status.Details.Add(others);
            if (wait.Length > 0)
            {
                status.Details.Add(Any.Pack(new RetryInfo { RetryDelay = Duration.FromTimeSpan(TimeSpan.FromMilliseconds(int.Parse(wait, CultureInfo.InvariantCulture))) }));
            }
        }

        var exception = status.ToRpcException();
        if ((Header(context, "pushback") ?? error.RetryAfter?.TotalMilliseconds.ToString(CultureInfo.InvariantCulture)) is { Length: > 0 } pushback)
        {
            exception.Trailers.Add("grpc-retry-pushback-ms", pushback);
        }

        throw exception;
    }

    private static string? Header(ServerCallContext context, string name) => context.RequestHeaders.GetValue(name);
}
