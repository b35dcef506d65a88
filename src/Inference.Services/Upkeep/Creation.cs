using Inference.Errors;
using Inference.Services.Calls;
using Inference.Services.Knowledge;
using Inference.Store;
using Inference.Store.Registry;
using Inference.V1;

namespace Inference.Services.Upkeep;

/// <summary>Making models from other models. Failures are thrown, from the catalogue.</summary>
public sealed class Creation
{
    private readonly ModelLibrary _library;
    private readonly StoreChanges _store;
    private readonly Transfers _transfers;
    private readonly Drain _drain;
    private readonly TimeProvider _time;

    internal Creation(ModelLibrary library, ModelStore store, Transfers transfers, Drain drain, TimeProvider time) =>
        (_library, _store, _transfers, _drain, _time) = (library, store.Changes, transfers, drain, time);

    /// <param name="request">What to make.</param>
    /// <param name="faults">What a dialect could not put into the request.</param>
    /// <param name="call">The call.</param>
    /// <param name="writer">Where messages go.</param>
    /// <param name="ct">Ends it.</param>
    /// <exception cref="InferenceException">As CreateModel of the contract.</exception>
    public async Task CreateAsync(CreateModelRequest request, CreateFaults faults, CallInfo call, IOperationWriter writer, CancellationToken ct)
    {
        using var scope = new CallScope(call, _drain, _time, ct);
        var name = _store.SpellingOf(CreateRules.Check(request, faults.UnusedFiles), request.Model);
        try
        {
            var run = new CreateRun(_store, _transfers, request, faults, (p, ct) => writer.ProgressAsync(p, ct), scope.Token);
            await run.RunAsync(name);
            await writer.FinishAsync(new OperationResult { Model = _library.Describe(name), Warnings = { run.Warnings.Items } }, scope.Token);
        }
        catch (OperationCanceledException e)
        {
            throw scope.Explain(e);
        }
    }
}
