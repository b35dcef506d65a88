using Grpc.Core;
using Inference.V1;
using Microsoft.AspNetCore.Http;

namespace Inference.Services.Doors;

/// <summary>Output of Embed.</summary>
internal sealed class EmbedWriter(IServerStreamWriter<EmbedResponse> stream, HttpContext http) : IEmbeddingWriter
{
    public ValueTask ProgressAsync(Progress progress, CancellationToken ct) => new(stream.WriteAsync(new EmbedResponse { Progress = progress }, ct));

    public void Start(IReadOnlyList<Warning> warnings) => WarningHeader.Append(http, warnings);

    public ValueTask EmbeddingAsync(Embedding embedding, CancellationToken ct) => new(stream.WriteAsync(new EmbedResponse { Embedding = embedding }, ct));

    public ValueTask FinishAsync(EmbedFinish finish, CancellationToken ct) => new(stream.WriteAsync(new EmbedResponse { Finish = finish }, ct));
}
