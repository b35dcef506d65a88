using System.Buffers;
using Inference.GoJson;
using Inference.V1;
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
    // A line is complete before anything of it is sent: what fails while it is written leaves no half of it.
    private readonly ArrayBufferWriter<byte> _line = new(256);

    public OllamaLines(HttpResponse response, TimeProvider time, string model)
    {
        _response = response;
        _time = time;
        var head = new ArrayBufferWriter<byte>();
        OllamaHead.WriteModel(new GoJsonWriter(head), model);
        _head = head.WrittenSpan.ToArray();
    }

    /// <summary>Begins a line; what follows is the rest of its members.</summary>
    public GoJsonWriter Open()
    {
        _line.ResetWrittenCount();
        var json = new GoJsonWriter(_line);
        json.Raw(_head);
        json.Time(_time.GetUtcNow());
        return json;
    }

    /// <summary>Ends the line and sends it.</summary>
    public async ValueTask CloseAsync(CancellationToken ct)
    {
        _line.Write("}\n"u8);
        Begin();
        await _response.BodyWriter.WriteAsync(_line.WrittenMemory, ct);
    }

    /// <summary>Whether there is no last object: Ollama ends a repetition without a word, and a failure is told by the line that follows.</summary>
    public bool EndsSilently(GenerationFinish finish)
    {
        if (finish.Reason is FinishReason.Repetition)
        {
            // Without a single line it is a stream all the same.
            Begin();
            return true;
        }

        return finish.Reason is FinishReason.Error;
    }

    private void Begin()
    {
        if (!_response.HasStarted)
        {
            _response.ContentType = OllamaTypes.Lines;
        }
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
