using Grpc.Core;
using Inference.V1;

namespace Inference.Services.Doors;

/// <summary>Messages of PullModel.</summary>
internal sealed class PullWriter(IServerStreamWriter<PullModelResponse> stream) : IOperationWriter
{
    public ValueTask ProgressAsync(OperationProgress progress, CancellationToken ct) => new(stream.WriteAsync(new PullModelResponse { Progress = progress }, ct));

    public ValueTask FinishAsync(OperationResult result, CancellationToken ct) => new(stream.WriteAsync(new PullModelResponse { Result = result }, ct));
}

/// <summary>Messages of PushModel.</summary>
internal sealed class PushWriter(IServerStreamWriter<PushModelResponse> stream) : IOperationWriter
{
    public ValueTask ProgressAsync(OperationProgress progress, CancellationToken ct) => new(stream.WriteAsync(new PushModelResponse { Progress = progress }, ct));

    public ValueTask FinishAsync(OperationResult result, CancellationToken ct) => new(stream.WriteAsync(new PushModelResponse { Result = result }, ct));
}

/// <summary>Messages of CreateModel.</summary>
internal sealed class CreateWriter(IServerStreamWriter<CreateModelResponse> stream) : IOperationWriter
{
    public ValueTask ProgressAsync(OperationProgress progress, CancellationToken ct) => new(stream.WriteAsync(new CreateModelResponse { Progress = progress }, ct));

    public ValueTask FinishAsync(OperationResult result, CancellationToken ct) => new(stream.WriteAsync(new CreateModelResponse { Result = result }, ct));
}
