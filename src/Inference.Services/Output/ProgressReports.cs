using Google.Protobuf.WellKnownTypes;
using Inference.Runtime;
using Inference.V1;

namespace Inference.Services.Output;

/// <summary>Tells a caller who asked what a call is doing before its first output. Looked at a few times a second: nobody reads faster.</summary>
internal sealed class ProgressReports(IGenerationWriter writer)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>Reports the queue and the prompt until the first piece is there.</summary>
    public async Task UntilFirstPieceAsync(GenerationOutput output, int promptTokens, CancellationToken ct, CancellationToken caller)
    {
        var first = output.Pieces.WaitToReadAsync(ct).AsTask();
        Progress? last = null;
        do
        {
            if (Look(output, promptTokens) is { } now && !now.Equals(last))
            {
                last = now;
                await writer.ProgressAsync(now, caller);
            }

            await Task.WhenAny(first, Task.Delay(Interval));
        }
        while (!first.IsCompleted);
    }

    private static QueueProgress InQueue(GenerationOutput output)
    {
        var queue = new QueueProgress { Position = output.QueuePosition };
        if (output.EstimatedWait is { } wait)
        {
            queue.EstimatedWait = Duration.FromTimeSpan(wait);
        }

        return queue;
    }

    private static Progress? Look(GenerationOutput output, int promptTokens) => output.Phase switch
    {
        GenerationPhase.Queue => new Progress { Queue = InQueue(output) },
        GenerationPhase.Prompt => new Progress { Prompt = new PromptProgress { ProcessedTokens = output.PromptTokensDone, TotalTokens = promptTokens } },
        _ => null,
    };
}
