using Microsoft.Extensions.DependencyInjection;
using System.Net;
using Google.Rpc;
using Inference.TestKit;

namespace Inference.IntegrationTests.Errors;

/// <summary>How a call ended, as it stood on the wire.</summary>
/// <param name="Http">The HTTP status.</param>
/// <param name="Status">From grpc-status-details-bin, or the body over REST; null if there is none.</param>
/// <param name="Metadata">Headers and trailers together.</param>
/// <param name="IsTrailersOnly">Everything came in one block of headers, without a message.</param>
public sealed record Ending(HttpStatusCode Http, Google.Rpc.Status? Status, IReadOnlyDictionary<string, string> Metadata, bool IsTrailersOnly)
{
    public ErrorInfo Info => Status!.GetDetail<ErrorInfo>()!;

    public string Reason => Info.Reason;

    /// <summary>Fields of all violations.</summary>
    public string[] Fields => [.. (Status!.GetDetail<BadRequest>()?.FieldViolations ?? []).Select(static v => v.Field)];

    /// <summary>Whatever else is true of it, a failure has these.</summary>
    public Ending Checked()
    {
        Assert.NotNull(Status);
        Assert.Equal("inference", Info.Domain);
        Assert.NotEmpty(Metadata["x-request-id"]);
        if (Metadata.TryGetValue("grpc-status", out var code))
        {
            Assert.Equal($"{Status.Code}", code);
        }

        return this;
    }
}

/// <summary>A server whose models recite; each by its name.</summary>
public sealed class ScriptedServer : IAsyncDisposable
{
    private readonly ScriptedStore _store = new();

    private ScriptedServer()
    {
    }

    public ServerHost Host { get; private set; } = null!;

    public ManualTime Time { get; } = new();

    /// <summary>Starts it.</summary>
    /// <param name="models">The engine and the files of each model.</param>
    /// <param name="stops">Its clock stands still until the test moves it.</param>
    public static async Task<ScriptedServer> StartAsync(Dictionary<string, (ScriptedEngine Engine, ScriptedModel Model)> models, bool stops = false)
    {
        var server = new ScriptedServer();
        foreach (var (name, (_, model)) in models)
        {
            server._store.Add(name, model);
        }

        server.Host = await ServerHost.StartAsync(new()
        {
            Store = server._store.Root,
            Configure = builder =>
            {
                builder.Services.Configure<Inference.Runtime.RuntimeOptions>(static o => o.MaxLoadedModels = 16);
                if (stops)
                {
                    builder.Services.AddSingleton<TimeProvider>(server.Time);
                }

                ScriptedInference.AddScripted(builder.Services, name => models[name].Engine, server._store);
            },
        });
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        _store.Dispose();
    }
}
