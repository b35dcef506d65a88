using Inference.Errors;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Inference.Services.Calls;

/// <summary>
/// The end of the server. From the moment it stops, new calls are refused; running ones go on. At the host's shutdown timeout
/// Kestrel resets what is left, and a client sees a lost connection: shortly before that <see cref="Over"/> is cancelled, so that
/// a stream can still end with a real status.
/// </summary>
public sealed class Drain : IDisposable
{
    // Enough for a last message and a status to leave.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _over;
    private readonly CancellationToken _stopping;
    private readonly CancellationTokenRegistration _registration;

    public Drain(IHostApplicationLifetime lifetime, IOptions<HostOptions> host, TimeProvider time)
    {
        var patience = host.Value.ShutdownTimeout - Grace;
        _over = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        _stopping = lifetime.ApplicationStopping;
        _registration = _stopping.Register(() => _over.CancelAfter(patience > TimeSpan.Zero ? patience : TimeSpan.Zero));
    }

    public bool IsStopping => _stopping.IsCancellationRequested;

    /// <summary>Work ends now, with SERVER_DRAINING.</summary>
    public CancellationToken Over => _over.Token;

    /// <exception cref="InferenceException">SERVER_DRAINING.</exception>
    public void Admit()
    {
        if (IsStopping)
        {
            throw Catalogue.ServerDraining.For();
        }
    }

    public void Dispose()
    {
        _registration.Dispose();
        _over.Dispose();
    }
}
