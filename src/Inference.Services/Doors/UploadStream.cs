using System.Runtime.CompilerServices;
using Grpc.Core;
using Inference.V1;

namespace Inference.Services.Doors;

/// <summary>The request stream of UploadBlob: a digest, and bytes.</summary>
internal sealed class UploadStream(IAsyncStreamReader<UploadBlobRequest> stream)
{
    private UploadBlobRequest? _first;

    /// <summary>The digest of the first message; empty if there is no message.</summary>
    public async Task<string> DigestAsync(CancellationToken ct)
    {
        _first = await stream.MoveNext(ct) ? stream.Current : null;
        return _first?.Digest ?? "";
    }

    /// <summary>The bytes of the first message and of all others.</summary>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> DataAsync([EnumeratorCancellation] CancellationToken ct = default)
    {
        if (_first is null)
        {
            yield break;
        }

        yield return _first.Data.Memory;
        while (await stream.MoveNext(ct))
        {
            yield return stream.Current.Data.Memory;
        }
    }
}
