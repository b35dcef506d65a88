using Inference.Store.Registry;
using Inference.V1;

namespace Inference.Services.Upkeep;

/// <summary>Steps of long operations as messages of the contract.</summary>
internal static class OperationMapping
{
    public static OperationProgress ToContract(this TransferProgress progress) => new()
    {
        Step = progress.Step switch
        {
            TransferStep.ReadingManifest => OperationStep.ReadingManifest,
            TransferStep.Downloading => OperationStep.Downloading,
            TransferStep.Uploading => OperationStep.Uploading,
            TransferStep.Verifying => OperationStep.Verifying,
            TransferStep.WritingManifest => OperationStep.WritingManifest,
            TransferStep.Pruning => OperationStep.Pruning,
            _ => throw new ArgumentOutOfRangeException(nameof(progress), progress.Step, message: null),
        },
        Status = progress.Status,
        Digest = progress.Digest,
        TotalBytes = progress.TotalBytes,
        CompletedBytes = progress.CompletedBytes,
    };
}
