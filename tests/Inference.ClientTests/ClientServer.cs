using Inference.ClientTests;
using Inference.TestKit;

[assembly: AssemblyFixture(typeof(ClientServer))]
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]

namespace Inference.ClientTests;

/// <summary>One real server for all clients, with a model that talks and one that embeds.</summary>
public sealed class ClientServer : IAsyncLifetime
{
    private readonly SmallStore _store = new();

    public ServerHost Host { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Host = await ServerHost.StartAsync(new ServerHostOptions { Store = _store.Root });

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        _store.Dispose();
    }
}
