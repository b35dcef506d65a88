using Inference.GoJson;
using Inference.V1;

namespace Inference.Facade.Ollama.Replies;

/// <summary>The objects of /api/chat after model and created_at, up to their closing brace (api/types.go, ChatResponse).</summary>
internal static class ChatReply
{
    public static void Piece(GoJsonWriter json, string content, string thinking, IReadOnlyCollection<ToolCall> calls, Logprobs? logprobs)
    {
        Message(json, content, thinking, calls);
        json.Raw(",\"done\":false"u8);
        json.Logprobs(logprobs);
    }

    public static void Last(GoJsonWriter json, string content, string thinking, IReadOnlyCollection<ToolCall> calls, GenerationFinish finish)
    {
        Message(json, content, thinking, calls);
        json.Done(finish.Reason);
        json.Logprobs(finish.Logprobs);
        if (finish.Reason is not FinishReason.Repetition)
        {
            json.Metrics(finish);
        }
    }

    /// <param name="json">Where to.</param>
    /// <param name="reason"><c>load</c> or <c>unload</c>.</param>
    public static void Empty(GoJsonWriter json, string reason)
    {
        Message(json, "", "", []);
        json.Raw(",\"done\":true,\"done_reason\":"u8);
        json.String(reason);
    }

    public static void Rendered(GoJsonWriter json, RenderPromptResponse rendered)
    {
        json.Raw(",\"message\":{\"role\":\"\",\"content\":\"\"},\"done\":false"u8);
        json.DebugInfo(rendered);
    }

    private static void Message(GoJsonWriter json, string content, string thinking, IReadOnlyCollection<ToolCall> calls)
    {
        json.Raw(",\"message\":{\"role\":\"assistant\",\"content\":"u8);
        json.String(content);
        json.Optional(",\"thinking\":"u8, thinking);
        json.ToolCalls(calls);
        json.Raw("}"u8);
    }
}
