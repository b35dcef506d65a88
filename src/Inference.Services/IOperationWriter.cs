using Inference.V1;

namespace Inference.Services;

/// <summary>Where the messages of a long operation go: pull, push and create. One implementation for each door; one call at a time.</summary>
public interface IOperationWriter
{
    ValueTask ProgressAsync(OperationProgress progress, CancellationToken ct);

    /// <summary>Last. After a failure it is not called: the failure is thrown.</summary>
    ValueTask FinishAsync(OperationResult result, CancellationToken ct);
}
