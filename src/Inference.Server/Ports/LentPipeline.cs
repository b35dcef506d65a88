using System.Net;
using Microsoft.AspNetCore.Connections;

namespace Inference.Server.Ports;

/// <summary>An endpoint that nobody can connect to. Kestrel builds its connection pipeline, and <see cref="SharedPort"/> uses it.</summary>
internal sealed class LentPipeline(string name) : EndPoint
{
    public ConnectionDelegate? Pipeline { get; set; }

    public override string ToString() => $"(shared port, {name})";
}

/// <summary>Binds <see cref="LentPipeline"/> endpoints to a listener that accepts nothing until it is told to stop.</summary>
internal sealed class LentPipelineFactory : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    public bool CanBind(EndPoint endpoint) => endpoint is LentPipeline;

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) => new(new Listener(endpoint));

    private sealed class Listener(EndPoint endpoint) : IConnectionListener
    {
        private readonly TaskCompletionSource<ConnectionContext?> _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public EndPoint EndPoint => endpoint;

        public ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) => new(_stopped.Task.WaitAsync(cancellationToken));

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            _stopped.TrySetResult(null);
            return default;
        }

        public ValueTask DisposeAsync() => UnbindAsync();
    }
}
