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
        Begin();
        await _response.BodyWriter.WriteAsync(_events.WrittenMemory, ct);
        _events.ResetWrittenCount();
    }

    /// <summary>Without a single event it is a stream all the same.</summary>
    public void Begin()
    {
        if (!_response.HasStarted)
        {
            _response.ContentType = OllamaTypes.Events;
        }
    }
}
