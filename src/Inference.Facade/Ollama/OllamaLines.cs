using System.Buffers;
using Inference.Facade.GoJson;
using Microsoft.AspNetCore.Http;

namespace Inference.Facade.Ollama;

/// <summary>
/// A streamed reply: one object a line, each sent at once. Every line of generate and chat begins with the model, spelled as in
/// the request, and the time of writing.
/// </summary>
internal sealed class OllamaLines
{
    private readonly HttpResponse _response;
    private readonly TimeProvider _time;
    private readonly byte[] _head;

    public OllamaLines(HttpResponse response, TimeProvider time, string model)
    {
        _response = response;
        _time = time;
        var head = new ArrayBufferWriter<byte>();
        OllamaHead.WriteModel(new GoJsonWriter(head), model);
        _head = head.WrittenSpan.ToArray();
    }

    /// <summary>Sends the headers; after them a failure can only be a line.</summary>
    public void Begin()
    {
        if (!_response.HasStarted)
        {
            _response.ContentType = OllamaTypes.Lines;
        }
    }

    /// <summary>Begins a line; what follows is the rest of its members.</summary>
    public GoJsonWriter Open()
    {
        Begin();
        var json = new GoJsonWriter(_response.BodyWriter);
        json.Raw(_head);
        json.Time(_time.GetUtcNow());
        return json;
    }

    /// <summary>Ends the line and sends it.</summary>
    public async ValueTask CloseAsync(CancellationToken ct)
    {
        _response.BodyWriter.Write("}\n"u8);
        await _response.BodyWriter.FlushAsync(ct);
    }
}

/// <summary>How every object of generate and chat begins.</summary>
internal static class OllamaHead
{
    public static void WriteModel(GoJsonWriter json, string model)
    {
        json.Raw("{\"model\":"u8);
        json.String(model);
        json.Raw(",\"created_at\":"u8);
    }

    public static void Write(GoJsonWriter json, string model, TimeProvider time)
    {
        WriteModel(json, model);
        json.Time(time.GetUtcNow());
    }
}
