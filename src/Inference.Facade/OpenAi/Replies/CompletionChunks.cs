using System.Buffers;
using Inference.GoJson;
using Inference.V1;

namespace Inference.Facade.OpenAi.Replies;

/// <summary>The events of a streamed completion (openai.CompletionChunk).</summary>
internal sealed class CompletionChunks
{
    private static readonly GenerationFinish NotDone = new();

    private readonly byte[] _head;
    private readonly byte[] _tail;
    private readonly byte[] _namelessTail;
    private readonly bool _includesUsage;

    public CompletionChunks(string id, string model, DateTimeOffset created, bool includesUsage)
    {
        _includesUsage = includesUsage;
        _head = Written(json =>
        {
            json.Raw("data: {\"id\":"u8);
            json.String(id);
            json.Raw(",\"object\":\"text_completion\",\"created\":"u8);
            json.Int(created.ToUnixTimeSeconds());
            json.Raw(",\"choices\":"u8);
        });
        _tail = Tail(model);
        _namelessTail = Tail("");
    }

    public void Piece(GoJsonWriter json, string text) => Write(json, text, _tail);

    /// <summary>What Ollama makes of a failure after the beginning: it reads it as an answer, and finds nothing in it.</summary>
    public void Broken(GoJsonWriter json) => Write(json, "", _namelessTail);

    public void Last(GoJsonWriter json, GenerationFinish finish)
    {
        Open(json, "");
        json.Finish(finish.Reason);
        End(json, finish);
    }

    /// <param name="json">Where to.</param>
    /// <param name="reason"><c>load</c> or <c>unload</c>.</param>
    public void Empty(GoJsonWriter json, string reason)
    {
        Open(json, "");
        json.Raw(",\"finish_reason\":"u8);
        json.String(reason);
        End(json, NotDone);
    }

    private void Write(GoJsonWriter json, string text, byte[] tail)
    {
        Open(json, text);
        json.Finish(FinishReason.Unspecified);
        Close(json, tail, NotDone);
    }

    private void Open(GoJsonWriter json, string text)
    {
        json.Raw(_head);
        json.Raw("[{\"text\":"u8);
        json.String(text);
        json.Raw(",\"index\":0"u8);
    }

    private void End(GoJsonWriter json, GenerationFinish finish)
    {
        Close(json, _tail, NotDone);
        if (_includesUsage)
        {
            json.Raw(_head);
            json.Raw("["u8);
            CloseChoices(json, _tail, finish);
        }

        json.Raw("data: [DONE]\n\n"u8);
    }

    private void Close(GoJsonWriter json, byte[] tail, GenerationFinish finish)
    {
        json.Raw("}"u8);
        CloseChoices(json, tail, finish);
    }

    // Where counts were asked for, every event has some: none but the last one's are true.
    private void CloseChoices(GoJsonWriter json, byte[] tail, GenerationFinish finish)
    {
        json.Raw("]"u8);
        json.Raw(tail);
        if (_includesUsage)
        {
            json.Usage(finish);
        }

        json.Raw("}\n\n"u8);
    }

    private static byte[] Tail(string model) => Written(json =>
    {
        json.Raw(",\"model\":"u8);
        json.String(model);
        json.Raw(",\"system_fingerprint\":\"fp_ollama\""u8);
    });

    private static byte[] Written(Action<GoJsonWriter> write)
    {
        var text = new ArrayBufferWriter<byte>();
        write(new GoJsonWriter(text));
        return text.WrittenSpan.ToArray();
    }
}
