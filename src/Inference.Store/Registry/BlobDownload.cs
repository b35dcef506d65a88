using System.Globalization;
using System.Net.Http.Headers;
using Inference.Store.Blobs;

namespace Inference.Store.Registry;

/// <summary>Fetches one blob: asks for its size, for where it is, and there for its bytes.</summary>
internal sealed class BlobDownload(RegistrySession session, BlobFolder blobs, TimeProvider time, Func<TransferProgress, ValueTask> report)
{
    // server/download.go: how often it tells.
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(60);
    private const int Piece = 128 * 1024;

    /// <returns>The bytes, not yet compared with the digest, and under no name.</returns>
    /// <exception cref="RegistryException">The registry failed.</exception>
    public async Task<BlobWriter> FetchAsync(string digest, CancellationToken ct)
    {
        var url = session.UrlOf($"blobs/{digest}");
        var total = await SizeAsync(url, ct);
        var writer = blobs.Create(total);
        try
        {
            var address = await AddressAsync(url, ct);
            if (total > 0)
            {
                await Retries.RunAsync(time, () => CopyAsync(address, digest, total, writer, ct), ct);
            }

            return writer;
        }
        catch
        {
            writer.Dispose();
            throw;
        }
    }

    private async Task<long> SizeAsync(string url, CancellationToken ct)
    {
        using var response = await session.AskAsync(HttpMethod.Head, url, ct: ct);
        return response.Content.Headers.ContentLength ?? 0;
    }

    // Redirects within the registry are followed; the first that leads elsewhere is where the bytes are.
    private async Task<string> AddressAsync(string url, CancellationToken ct)
    {
        var host = new Uri(url).Host;
        using var response = await session.AskAsync(HttpMethod.Get, url, follow: target => target.Host.Equals(host, StringComparison.OrdinalIgnoreCase), ct: ct);
        var status = (int)response.StatusCode;
        if (status is not (200 or 307))
        {
            throw new RegistryException(RegistryFault.Protocol, string.Create(CultureInfo.InvariantCulture, $"unexpected status code {status}"), status);
        }

        return response.Headers.Location is { } location
            ? new Uri(response.RequestMessage!.RequestUri!, location).AbsoluteUri
            : throw new RegistryException(RegistryFault.Protocol, "http: no Location header in response", status);
    }

    // Goes on where an earlier try stopped.
    private async Task CopyAsync(string address, string digest, long total, BlobWriter writer, CancellationToken ct)
    {
        using var response = await session.AskElsewhereAsync(address, request => request.Headers.Range = new RangeHeaderValue(writer.SizeBytes, total - 1), ct);
        var told = time.GetTimestamp();
        var piece = new byte[Piece];
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(ct);
            while (writer.SizeBytes < total && await body.ReadAsync(piece.AsMemory(0, (int)long.Min(Piece, total - writer.SizeBytes)), ct) is > 0 and var read)
            {
                await writer.WriteAsync(piece.AsMemory(0, read), ct);
                if (time.GetElapsedTime(told) >= Interval)
                {
                    told = time.GetTimestamp();
                    await report(TransferProgress.OfBlob(TransferStep.Downloading, "pulling", digest, total, writer.SizeBytes));
                }
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new RegistryException(RegistryFault.Unavailable, "unexpected EOF", cause: e);
        }

        if (writer.SizeBytes < total)
        {
            throw new RegistryException(RegistryFault.Unavailable, "unexpected EOF");
        }
    }
}
