using Grpc.Core;
using Inference.V1;

namespace Inference.Services.Doors;

/// <summary>Output of Embed.</summary>
internal sealed class EmbedWriter(IServerStreamWriter<EmbedResponse> stream) : IEmbeddingWriter
{
    public ValueTask ProgressAsync(Progress progress, CancellationToken ct) => new(stream.WriteAsync(new EmbedResponse { Progress = progress }, ct));

    public ValueTask EmbeddingAsync(Embedding embedding, CancellationToken ct) => new(stream.WriteAsync(new EmbedResponse { Embedding = embedding }, ct));

    public ValueTask FinishAsync(EmbedFinish finish, CancellationToken ct) => new(stream.WriteAsync(new EmbedResponse { Finish = finish }, ct));
}
