using Microsoft.Extensions.Logging;

namespace Inference.Runtime.Loading;

/// <summary>
/// The models in memory: lent out, resting, closing, going. Everything but <see cref="EndAllAsync"/> is called under the loader's lock;
/// timers and releases take it themselves.
/// </summary>
internal sealed class Residents(Lock gate, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(40); // a timer's own limit is just under 50

    private readonly Dictionary<string, ResidentModel> _models = [];

    public IEnumerable<ResidentModel> All => _models.Values;

    public int Count => _models.Count;

    public ResidentModel? Find(string path) => _models.GetValueOrDefault(path);

    /// <summary>One that gives new leases.</summary>
    public ResidentModel? Open(string path) => _models.GetValueOrDefault(path) is { IsClosing: false } open ? open : null;

    public ResidentModel Add(ResidentModel resident) => _models[resident.Spec.Path] = resident;

    /// <summary>The one to give up for another: idle before busy, then the shortest keep-alive, as in Ollama.</summary>
    public ResidentModel? Cheapest() => _models.Values
        .OrderBy(static r => r.IsClosing ? 0 : r.Leases == 0 ? 1 : 2)
        .ThenBy(static r => r.KeepAlive < TimeSpan.Zero ? TimeSpan.MaxValue : r.KeepAlive)
        .FirstOrDefault();

    public Lease Lend(ResidentModel resident, LoadWaiter waiter)
    {
        resident.Leases++;
        resident.Expires = null;
        resident.KeepAlive = waiter.KeepAlive ?? resident.KeepAlive;
        var waited = time.GetElapsedTime(waiter.Since);
        return new Lease(resident.Engine, resident.Effective, waited > TimeSpan.Zero ? waited : TimeSpan.FromTicks(1), () => Release(resident));
    }

    /// <summary>No new leases; it goes when the last has ended.</summary>
    public void Close(ResidentModel resident)
    {
        resident.IsClosing = true;
        Rest(resident);
    }

    /// <summary>Nobody needs its place any more after all.</summary>
    public static void Reopen(ResidentModel resident)
    {
        if (!resident.IsUnloading && !resident.IsUnwanted)
        {
            resident.IsClosing = false;
        }
    }

    /// <summary>If it is idle: starts its clock, or lets it go.</summary>
    public void Rest(ResidentModel resident)
    {
        if (resident.Leases > 0 || resident.IsUnloading)
        {
            return;
        }

        if (resident.IsClosing || resident.KeepAlive == TimeSpan.Zero)
        {
            Unload(resident);
            return;
        }

        resident.Expires = resident.ExpiryFrom(time.GetUtcNow());
        Arm(resident);
    }

    /// <summary>Frees all of them, whatever their leases.</summary>
    public async Task EndAllAsync()
    {
        Task[] gone;
        lock (gate)
        {
            foreach (var resident in _models.Values)
            {
                Unload(resident);
            }

            gone = [.. _models.Values.Select(static r => r.Gone)];
        }

        await Task.WhenAll(gone);
    }

    private void Release(ResidentModel resident)
    {
        lock (gate)
        {
            resident.Leases--;
            Rest(resident);
        }
    }

    private void Arm(ResidentModel resident)
    {
        if (resident.Expires is not { } expires)
        {
            return;
        }

        var wait = expires - time.GetUtcNow();
        wait = wait < TimeSpan.Zero ? TimeSpan.Zero : wait > LongestTimer ? LongestTimer : wait;
        resident.Timer ??= time.CreateTimer(_ => Expire(resident), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        resident.Timer.Change(wait, Timeout.InfiniteTimeSpan);
    }

    private void Expire(ResidentModel resident)
    {
        lock (gate)
        {
            if (resident.Leases > 0 || resident.IsUnloading || resident.Expires is not { } expires)
            {
                return; // somebody came before the timer did
            }

            if (time.GetUtcNow() >= expires)
            {
                resident.IsClosing = true;
                Unload(resident);
            }
            else
            {
                Arm(resident);
            }
        }
    }

    private void Unload(ResidentModel resident)
    {
        if (resident.IsUnloading)
        {
            return;
        }

        resident.IsClosing = true;
        resident.IsUnloading = true;
        resident.Timer?.Dispose();
        Log.Unloading(log, resident.Spec.Model);
        _ = LoadRun.OnItsOwnThread("unload", () => Free(resident)); // joining the engine's thread takes up to a step
    }

    private bool Free(ResidentModel resident)
    {
        try
        {
            resident.Engine.Dispose();
        }
        catch (Exception e)
        {
            Log.UnloadFailed(log, resident.Spec.Model, e);
        }

        lock (gate)
        {
            _models.Remove(resident.Spec.Path);
        }

        resident.SetGone();
        return true;
    }
}
