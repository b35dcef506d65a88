using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Inference.Errors;
using Inference.Services.Knowledge;

namespace Inference.Services.Remote;

/// <summary>An answer of another server, object by object.</summary>
public sealed class RemoteLines : IDisposable
{
    // bufio.Scanner's limit in Ollama's client.
    private const int LongestLine = 8_000_000;

    private readonly RemoteModel _remote;
    private readonly string _host;
    private readonly HttpResponseMessage _response;

    internal RemoteLines(RemoteModel remote, string host, HttpResponseMessage response) => (_remote, _host, _response) = (remote, host, response);

    /// <exception cref="InferenceException">REMOTE_FAILED.</exception>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync([EnumeratorCancellation] CancellationToken ct)
    {
        var reader = PipeReader.Create(await _response.Content.ReadAsStreamAsync(ct));
        while (await NextAsync(reader, ct) is { } line)
        {
            Check(line);
            yield return line;
        }

        await reader.CompleteAsync();
    }

    public void Dispose() => _response.Dispose();

    private async Task<byte[]?> NextAsync(PipeReader reader, CancellationToken ct)
    {
        try
        {
            while (true)
            {
                var read = await reader.ReadAsync(ct);
                if (read.Buffer.PositionOf((byte)'\n') is { } end)
                {
                    var line = read.Buffer.Slice(0, end).ToArray();
                    reader.AdvanceTo(read.Buffer.GetPosition(1, end));
                    return line;
                }

                if (read.IsCompleted || read.Buffer.Length > LongestLine)
                {
                    var rest = read.Buffer.ToArray();
                    reader.AdvanceTo(read.Buffer.End);
                    return read.IsCompleted ? rest is [] ? null : rest : throw Broken("bufio.Scanner: token too long");
                }

                reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw Catalogue.RemoteFailed.Because(e, _remote.Name, _host, 200, "unexpected EOF").About(_remote);
        }
    }

    private void Check(byte[] line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            if (json.RootElement.ValueKind is not JsonValueKind.Object)
            {
                throw Broken(BrokenText.Read(line));
            }

            if (json.RootElement.TryGetProperty("error", out var error)
                && error.ValueKind is JsonValueKind.String && error.GetString() is { Length: > 0 } text)
            {
                throw Broken(text);
            }
        }
        catch (JsonException)
        {
            throw Broken(BrokenText.Read(line));
        }
    }

    internal InferenceException Broken(string detail) => RemoteErrors.Broken(_remote, _host, detail);
}
