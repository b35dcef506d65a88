using Inference.V1;

namespace Inference.Services;

/// <summary>Embed: the code that all doors share. Failures are thrown, from the catalogue.</summary>
public sealed class Embeddings
{
    public Task EmbedAsync(EmbedRequest request, CallInfo call, IEmbeddingWriter writer, CancellationToken ct) => throw new NotSupportedException();
}
