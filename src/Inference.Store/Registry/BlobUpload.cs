using System.Globalization;
using System.Security.Cryptography;
using Inference.Store.Manifests;

namespace Inference.Store.Registry;

/// <summary>Sends one blob: opens an upload, sends the bytes in parts, and closes it. Protocol and words: Ollama's server/upload.go.</summary>
internal sealed class BlobUpload(RegistrySession session, ManifestLayer layer, string path, TimeProvider time, Func<TransferProgress, ValueTask> report)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(60);
    private const long SmallestPart = 100_000_000;
    private const long LargestPart = 1_000_000_000;
    private const int Parts = 16;

    private readonly long _total = new FileInfo(path).Length;
    private readonly List<byte> _sums = [];
    private long _completed;
    private long _told;

    /// <exception cref="RegistryException">The registry failed.</exception>
    public async Task SendAsync(CancellationToken ct)
    {
        _told = time.GetTimestamp();
        try
        {
            if (await OpenAsync(ct) is { } next)
            {
                await CloseAsync(await SendPartsAsync(next, ct), ct);
            }

            _completed = _total;
        }
        finally
        {
            // The last word is how far it came, also where it failed.
            await TellAsync();
        }
    }

    // Null if the registry took the blob over from another model.
    private async Task<string?> OpenAsync(CancellationToken ct)
    {
        var mount = layer.From.Length > 0 ? $"?from={Uri.EscapeDataString(layer.From)}&mount={Uri.EscapeDataString(layer.Digest)}" : "";
        using var response = await session.AskAsync(HttpMethod.Post, session.UrlOf($"blobs/uploads/{mount}"), static request => request.Content = new ByteArrayContent([]), ct: ct);
        return (int)response.StatusCode is 201 ? null : Next(response);
    }

    private async Task<string> SendPartsAsync(string next, CancellationToken ct)
    {
        var size = Math.Clamp(_total / Parts, SmallestPart, LargestPart);
        for (long start = 0; start < _total; start += size)
        {
            var (from, length) = (start, long.Min(size, _total - start));
            await Retries.RunAsync(time, async () => next = await SendPartAsync(next, from, length, ct), ct);
        }

        return next;
    }

    private async Task<string> SendPartAsync(string url, long start, long length, CancellationToken ct)
    {
        var part = new UploadPart(path, start, length, Sent);
        _completed = start;
        using var response = await session.TellAsync(HttpMethod.Patch, url, request =>
        {
            request.Headers.TryAddWithoutValidation("X-Redirect-Uploads", "1");
            request.Content = part.ToContent();
            request.Content.Headers.TryAddWithoutValidation("Content-Range", string.Create(CultureInfo.InvariantCulture, $"{start}-{start + length - 1}"));
        }, ct);
        var next = Next(response);
        if ((int)response.StatusCode is 307)
        {
            var elsewhere = response.Headers.Location ?? throw new RegistryException(RegistryFault.Protocol, "http: no Location header in response", 307);
            using var _ = await session.TellAsync(HttpMethod.Put, new Uri(new Uri(url), elsewhere).AbsoluteUri, request => request.Content = part.ToContent(), ct);
        }

        _sums.AddRange(part.Sum());
        return next;
    }

    private async Task CloseAsync(string next, CancellationToken ct)
    {
        var parts = _sums.Count / MD5.HashSizeInBytes;
        var sum = Convert.ToHexStringLower(UploadPart.Md5([.. _sums]));
        var query = $"digest={Uri.EscapeDataString(layer.Digest)}&etag={sum}-{parts.ToString(CultureInfo.InvariantCulture)}";
        using var response = await session.AskAsync(HttpMethod.Put, $"{next}{(next.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{query}", static request =>
        {
            request.Content = new ByteArrayContent([]);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/octet-stream");
        }, ct: ct);
    }

    private async ValueTask Sent(int bytes)
    {
        _completed += bytes;
        if (time.GetElapsedTime(_told) >= Interval)
        {
            _told = time.GetTimestamp();
            await TellAsync();
        }
    }

    private ValueTask TellAsync() => report(TransferProgress.OfBlob(TransferStep.Uploading, "pushing", layer.Digest, _total, _completed));

    private static string Next(HttpResponseMessage response) =>
        response.Headers.TryGetValues("Docker-Upload-Location", out var values) ? new Uri(response.RequestMessage!.RequestUri!, values.First()).AbsoluteUri
        : response.Headers.Location is { } location ? new Uri(response.RequestMessage!.RequestUri!, location).AbsoluteUri
        : response.RequestMessage!.RequestUri!.AbsoluteUri;
}
