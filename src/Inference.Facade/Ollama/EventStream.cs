using System.Buffers;
using Inference.GoJson;
using Microsoft.AspNetCore.Http;

namespace Inference.Facade.Ollama;

/// <summary>A reply of server-sent events. What belongs together is sent together: nothing leaves before <see cref="SendAsync"/>.</summary>
internal sealed class EventStream
{
    private readonly HttpResponse _response;
    private readonly ArrayBufferWriter<byte> _events = new(512);

    public EventStream(HttpResponse response)
    {
        _response = response;
        Json = new GoJsonWriter(_events);
    }

    /// <summary>Writes what is sent next.</summary>
    public GoJsonWriter Json { get; }

    public async ValueTask SendAsync(CancellationToken ct)
    {
        Begin(OllamaTypes.Events);
        await _response.BodyWriter.WriteAsync(_events.WrittenMemory, ct);
        _events.ResetWrittenCount();
    }

    /// <summary>Ends without a word. Where nothing was said at all, the content type is still that of the native stream behind it.</summary>
    public async ValueTask EndSilentlyAsync(CancellationToken ct)
    {
        Begin(OllamaTypes.Lines);
        await _response.StartAsync(ct);
    }

    private void Begin(string contentType)
    {
        if (!_response.HasStarted)
        {
            _response.ContentType = contentType;
        }
    }
}
