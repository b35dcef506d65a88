using System.Buffers;
using Inference.Facade.Ollama.Replies;
using Inference.GoJson;
using Inference.V1;

namespace Inference.Facade.OpenAi.Replies;

/// <summary>The events of a streamed chat completion (openai.ChatCompletionChunk).</summary>
internal sealed class ChatCompletionChunks
{
    private readonly byte[] _head;
    private readonly byte[] _namelessHead;
    private bool _begun;

    public ChatCompletionChunks(string id, string model, DateTimeOffset created)
    {
        _head = Head(id, model, created);
        _namelessHead = Head(id, "", created);
    }

    public void Piece(GoJsonWriter json, string content, string reasoning, IReadOnlyCollection<ToolCall> calls, Logprobs? logprobs)
    {
        json.Raw(_head);
        // The role is told once.
        json.Raw(_begun ? "[{\"index\":0,\"delta\":{\"content\":"u8 : "[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":"u8);
        _begun = true;
        json.String(content);
        json.Optional(",\"reasoning\":"u8, reasoning);
        json.TextualToolCalls(calls);
        json.Raw("}"u8);
        json.Finish(FinishReason.Unspecified);
        json.NestedLogprobs(logprobs);
        json.Raw("}]}\n\n"u8);
    }

    public void Last(GoJsonWriter json, GenerationFinish finish, bool called, bool includesUsage)
    {
        Begin(json);
        json.Raw(_head);
        json.Raw("[{\"index\":0,\"delta\":{}"u8);
        json.Finish(finish.Reason, called);
        End(json, finish, includesUsage);
    }

    /// <param name="json">Where to.</param>
    /// <param name="reason"><c>load</c> or <c>unload</c>.</param>
    /// <param name="includesUsage">Whether to end with the counts.</param>
    public void Empty(GoJsonWriter json, string reason, bool includesUsage)
    {
        Begin(json);
        json.Raw(_head);
        json.Raw("[{\"index\":0,\"delta\":{},\"finish_reason\":"u8);
        json.String(reason);
        End(json, new GenerationFinish(), includesUsage);
    }

    /// <summary>What Ollama makes of a failure after the beginning: it reads it as an answer, and finds nothing in it.</summary>
    public void Broken(GoJsonWriter json)
    {
        json.Raw(_namelessHead);
        json.Raw("[{\"index\":0,\"delta\":{\"content\":\"\"}"u8);
        json.Finish(FinishReason.Unspecified);
        json.Raw("}]}\n\n"u8);
    }

    // An answer without anything in it is one empty piece.
    private void Begin(GoJsonWriter json)
    {
        if (!_begun)
        {
            Piece(json, "", "", [], null);
        }
    }

    private void End(GoJsonWriter json, GenerationFinish finish, bool includesUsage)
    {
        json.Raw("}]}\n\n"u8);
        if (includesUsage)
        {
            json.Raw(_head);
            json.Raw("[]"u8);
            json.Usage(finish);
            json.Raw("}\n\n"u8);
        }

        json.Raw("data: [DONE]\n\n"u8);
    }

    private static byte[] Head(string id, string model, DateTimeOffset created)
    {
        var head = new ArrayBufferWriter<byte>();
        var json = new GoJsonWriter(head);
        json.Raw("data: {\"id\":"u8);
        json.String(id);
        json.Raw(",\"object\":\"chat.completion.chunk\",\"created\":"u8);
        json.Int(created.ToUnixTimeSeconds());
        json.Raw(",\"model\":"u8);
        json.String(model);
        json.Raw(",\"system_fingerprint\":\"fp_ollama\",\"choices\":"u8);
        return head.WrittenSpan.ToArray();
    }
}
