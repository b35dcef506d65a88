using System.Net.Sockets;
using System.Runtime.Intrinsics.X86;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Inference.Server;
using Inference.Server.Options;
using Inference.Server.Ports;
using Inference.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Inference.TestKit;

/// <summary>How to start a <see cref="ServerHost"/>.</summary>
public sealed record ServerHostOptions
{
    /// <summary>A store to use; null is an empty one of its own, so that the server offers the embedded <c>toy</c>.</summary>
    public string? Store { get; init; }

    /// <summary>Command-line options by their names, for example <c>["--parallel"] = "64"</c>.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Environment variables by their names, for example <c>["OLLAMA_ORIGINS"] = "*"</c>.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>A last word on the host: services, Kestrel, logging.</summary>
    public Action<WebApplicationBuilder>? Configure { get; init; }
}

/// <summary>
/// The real server in this process, on a free port of 127.0.0.1, with the embedded model: deadlines, trailers and connections do not
/// exist in TestServer. Nothing of this machine's environment reaches it. As a class fixture, or started with its own options.
/// </summary>
public sealed class ServerHost : IAsyncLifetime
{
    /// <summary>Name of the embedded model.</summary>
    public const string Model = "toy";

    private readonly ServerHostOptions _options;
    private readonly string? _ownStore;
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("inference-home-");

    public ServerHost() : this(new ServerHostOptions())
    {
    }

    private ServerHost(ServerHostOptions options)
    {
        _options = options;
        _ownStore = options.Store is null ? Directory.CreateTempSubdirectory("inference-store-").FullName : null;
    }

    public static async Task<ServerHost> StartAsync(ServerHostOptions? options = null)
    {
        var host = new ServerHost(options ?? new());
        await host.InitializeAsync();
        return host;
    }

    public WebApplication App { get; private set; } = null!;

    /// <summary>Folder of the store.</summary>
    public string Store => _options.Store ?? _ownStore!;

    /// <summary>Folder of its key pair, which it made at start.</summary>
    public string Identity => Path.Combine(_home.FullName, ".ollama");

    /// <summary>For example <c>http://127.0.0.1:41523</c>.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>Speaks HTTP/1.1 with <see cref="Address"/>.</summary>
    public HttpClient Http { get; private set; } = null!;

    /// <summary>Speaks gRPC with <see cref="Address"/>, cleartext HTTP/2.</summary>
    public GrpcChannel Channel { get; private set; } = null!;

    public InferenceService.InferenceServiceClient Inference => new(Channel);

    public ModelService.ModelServiceClient Models => new(Channel);

    public ServerService.ServerServiceClient Server => new(Channel);

    public Health.HealthClient Health => new(Channel);

    /// <summary>What was logged at Warning and above.</summary>
    public CollectedLog Log { get; } = new();

    public async ValueTask InitializeAsync()
    {
        var settings = new Dictionary<string, string>(_options.Settings);
        settings.TryAdd("--host", "127.0.0.1:0");
        settings.TryAdd("--models", Store);
        settings.TryAdd("--identity", Identity); // nobody's home is touched
        if (!_options.Environment.ContainsKey("OLLAMA_NO_CLOUD"))
        {
            settings.TryAdd("--no-cloud", "true"); // nothing leaves this machine
        }

        if (Avx2.IsSupported)
        {
            settings.TryAdd("--cpu-variant", "avx2"); // a process has one variant, whatever the stores of its hosts
        }

        App = ServerApp.Build(Settings.Choose(_options.Environment.GetValueOrDefault, settings.GetValueOrDefault), builder =>
        {
            builder.Logging.ClearProviders().AddProvider(Log);
            _options.Configure?.Invoke(builder);
        });
        await App.StartAsync();
        Address = App.Services.GetRequiredService<IServer>().BoundAddresses().Where(static a => !a.Contains("unix:")).Select(static a => new Uri(a)).First();
        Http = new HttpClient { BaseAddress = Address };
        Channel = GrpcChannel.ForAddress(Address);
    }

    /// <summary>A bare connection.</summary>
    public async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(Address.Host.Trim('[', ']'), Address.Port);
        return socket;
    }

    public async ValueTask DisposeAsync()
    {
        Http?.Dispose();
        Channel?.Dispose();
        if (App is not null)
        {
            await App.StopAsync();
            await App.DisposeAsync();
        }

        _home.Delete(recursive: true);
        if (_ownStore is not null)
        {
            Directory.Delete(_ownStore, recursive: true);
        }
    }
}
