using Inference.GoJson;
using Inference.V1;

namespace Inference.Facade.Ollama.Replies;

/// <summary>The objects of /api/generate after model and created_at, up to their closing brace (api/types.go, GenerateResponse).</summary>
internal static class GenerateReply
{
    public static void Piece(GoJsonWriter json, string response, string thinking, Logprobs? logprobs)
    {
        json.Raw(",\"response\":"u8);
        json.String(response);
        json.Optional(",\"thinking\":"u8, thinking);
        json.Raw(",\"done\":false"u8);
        json.Logprobs(logprobs);
    }

    public static void Last(GoJsonWriter json, string response, string thinking, IReadOnlyCollection<ToolCall> calls, GenerationFinish finish)
    {
        json.Raw(",\"response\":"u8);
        json.String(response);
        json.Optional(",\"thinking\":"u8, thinking);
        json.Done(finish.Reason);
        if (finish.Reason is not FinishReason.Repetition)
        {
            json.Context(finish.Context);
            json.Metrics(finish);
        }

        json.NamelessToolCalls(calls);
        json.Logprobs(finish.Logprobs);
    }

    /// <param name="json">Where to.</param>
    /// <param name="reason"><c>load</c> or <c>unload</c>.</param>
    public static void Empty(GoJsonWriter json, string reason)
    {
        json.Raw(",\"response\":\"\",\"done\":true,\"done_reason\":"u8);
        json.String(reason);
    }

    public static void Rendered(GoJsonWriter json, RenderPromptResponse rendered)
    {
        json.Raw(",\"response\":\"\",\"done\":false"u8);
        json.DebugInfo(rendered);
    }
}
