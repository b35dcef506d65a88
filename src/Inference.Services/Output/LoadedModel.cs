using Inference.Errors;
using Inference.Runtime.Loading;
using Inference.Services.Calls;
using Inference.Services.Knowledge;
using Inference.Services.Requests;
using Inference.V1;

namespace Inference.Services.Output;

/// <summary>Gets a call its model.</summary>
internal static class LoadedModel
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <param name="loader">Where models are.</param>
    /// <param name="model">Which.</param>
    /// <param name="plan">How.</param>
    /// <param name="warnings">Receives what is less than asked for.</param>
    /// <param name="report">Receives progress; null for none.</param>
    /// <param name="scope">The call.</param>
    public static async Task<Lease> AcquireAsync(Loader loader, FoundModel model, LoadPlan plan, Warnings warnings, Func<Progress, ValueTask>? report, CallScope scope)
    {
        scope.Phase = "load";
        var spec = model.ToLoadSpec(plan.Settings);
        scope.CheckWait(loader.EstimateWait(spec, plan.Reload));
        var lease = report is null
            ? await loader.AcquireAsync(spec, plan.Reload, plan.KeepAlive, progress: null, scope.Token)
            : await ReportAsync(loader, spec, model.FullName, plan, report, scope);
        if (plan.Reload)
        {
            Warn(lease, plan.Settings, spec.Facts.Embeds, warnings);
        }

        return lease;
    }

    private static async Task<Lease> ReportAsync(Loader loader, LoadSpec spec, string name, LoadPlan plan, Func<Progress, ValueTask> report, CallScope scope)
    {
        var fraction = new LatestFraction();
        var acquiring = loader.AcquireAsync(spec, plan.Reload, plan.KeepAlive, fraction, scope.Token);
        try
        {
            float? last = null;
            while (!acquiring.IsCompleted)
            {
                if (fraction.Value is { } now && now != last)
                {
                    last = now;
                    await report(new Progress { Load = new LoadProgress { Model = name, Fraction = now } });
                }

                await Task.WhenAny(acquiring, Task.Delay(Interval));
            }
        }
        catch
        {
            await ReleaseAsync(acquiring); // a lease that nobody took would hold the model for ever
            throw;
        }

        return await acquiring;
    }

    private static async Task ReleaseAsync(Task<Lease> acquiring)
    {
        try
        {
            (await acquiring).Dispose();
        }
        catch (Exception e) when (e is OperationCanceledException or InferenceException)
        {
            // There was none.
        }
    }

    private static void Warn(Lease lease, LoadSettings asked, bool embeds, Warnings warnings)
    {
        var (facts, effective) = (lease.Engine.Facts, lease.Effective);
        if (asked.ContextLength > facts.ContextLength)
        {
            warnings.Add(WarningCatalogue.ContextReduced(asked.ContextLength, facts.ContextLength));
        }

        if (Math.Min(asked.GpuLayers, facts.LayersTotal) > facts.LayersOffloaded)
        {
            warnings.Add(WarningCatalogue.OffloadReduced(asked.GpuLayers, facts.LayersOffloaded));
        }

        if (asked.MainGpu is not null && facts.LayersOffloaded == 0)
        {
            warnings.Add(WarningCatalogue.OptionIgnored("main_gpu", "no layer runs on an accelerator"));
        }

        Clamped("num_batch", asked.BatchSize, effective.BatchSize);
        Clamped("num_thread", asked.Threads, effective.Threads);
        if (!embeds)
        {
            Clamped("num_parallel", asked.NumParallel, effective.NumParallel);
            return;
        }

        if (asked.NumParallel > 0)
        {
            warnings.Add(WarningCatalogue.OptionIgnored("num_parallel", "a model that embeds computes texts of many calls together"));
        }

        if (asked.KvCacheType is not null)
        {
            warnings.Add(WarningCatalogue.OptionIgnored("kv_cache_type", "a model that embeds keeps nothing in a cache"));
        }

        void Clamped(string option, int requested, int taken)
        {
            if (requested > 0 && requested != taken)
            {
                warnings.Add(WarningCatalogue.OptionClamped(option, requested, taken));
            }
        }
    }

    private sealed class LatestFraction : IProgress<float>
    {
        private int _bits = -1; // a NaN: nothing yet

        public float? Value => Volatile.Read(ref _bits) is var bits && bits == -1 ? null : BitConverter.Int32BitsToSingle(bits);

        public void Report(float value) => Volatile.Write(ref _bits, BitConverter.SingleToInt32Bits(value));
    }
}
