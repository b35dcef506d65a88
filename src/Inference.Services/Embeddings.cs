using Google.Protobuf.WellKnownTypes;
using Inference.Errors;
using Inference.Runtime;
using Inference.Runtime.Loading;
using Inference.Services.Calls;
using Inference.Services.Knowledge;
using Inference.Services.Output;
using Inference.Services.Remote;
using Inference.Services.Requests;
using Inference.V1;
using Capability = Inference.Store.Capabilities.Capability;

namespace Inference.Services;

/// <summary>Embed: the code that all doors share. Failures are thrown, from the catalogue.</summary>
public sealed class Embeddings
{
    private readonly ModelLibrary _library;
    private readonly Loader _loader;
    private readonly Drain _drain;
    private readonly Telemetry _telemetry;
    private readonly TimeProvider _time;

    private readonly RemoteModels _remotes;

    internal Embeddings(ModelLibrary library, Loader loader, Drain drain, Telemetry telemetry, TimeProvider time, RemoteModels remotes) =>
        (_library, _loader, _drain, _telemetry, _time, _remotes) = (library, loader, drain, telemetry, time, remotes);

    public async Task EmbedAsync(EmbedRequest request, CallInfo call, IEmbeddingWriter writer, CancellationToken ct)
    {
        using var scope = new CallScope(call, _drain, _time, ct);
        request.Check();
        var located = _library.Locate(request.Model);
        located.Here?.Require(Capability.Embedding);
        try
        {
            if (located.There is { } remote)
            {
                var finish = await RemoteEmbedding.RunAsync(_remotes, remote, request, scope, writer, ct);
                _telemetry.Finished(finish.Usage, finish.Timings, finish.Warnings);
                return;
            }

            await RunAsync(request, located.Here!, scope, writer, ct);
        }
        catch (OperationCanceledException e)
        {
            scope.Phase = e.Phase() ?? scope.Phase; // the engine knows whether it had begun
            var explained = scope.Explain(e);
            if (ReferenceEquals(explained, e))
            {
                throw;
            }

            throw explained;
        }
    }

    private async Task RunAsync(EmbedRequest request, FoundModel model, CallScope scope, IEmbeddingWriter writer, CancellationToken ct)
    {
        var stored = model.Parameters();
        var warnings = new Warnings();
        warnings.AddUnknown(stored);
        warnings.AddPriority(request.Priority);
        var load = request.LoadOptions.ToLoadPlan(stored, request.KeepAlive, warnings);
        warnings.Check(request.Strict);
        Func<Progress, ValueTask>? report = request.Progress ? progress => writer.ProgressAsync(progress, ct) : null;
        using var lease = await LoadedModel.AcquireAsync(_loader, model, load, warnings, report, scope);
        var loaded = scope.Elapsed;
        scope.Phase = "queue";
        scope.CheckWait(lease.Engine.EstimateWait(QueuePriority.Normal));
        scope.Phase = "prompt";
        var run = new EmbeddingRun(request, model, lease.Engine, warnings);
        warnings.Check(request.Strict);
        writer.Start(warnings.Items);
        await run.RunAsync(writer, scope.Token, ct);

        var total = scope.Elapsed;
        var finish = new EmbedFinish
        {
            Model = model.FullName,
            Usage = new Usage { PromptTokens = run.PromptTokens },
            Timings = new Timings
            {
                TotalDuration = Duration.FromTimeSpan(total),
                LoadDuration = Duration.FromTimeSpan(loaded),
                PromptDuration = Duration.FromTimeSpan(total - loaded),
            },
            Warnings = { warnings.Items },
        };
        await writer.FinishAsync(finish, ct);
        _telemetry.Finished(finish.Usage, finish.Timings, finish.Warnings);
    }
}
