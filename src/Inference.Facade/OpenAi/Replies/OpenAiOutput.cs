using System.Text;
using Inference.Facade.Ollama.Replies;
using Inference.GoJson;
using Inference.V1;

namespace Inference.Facade.OpenAi.Replies;

/// <summary>The parts that replies under /v1 are made of. Each begins with its comma.</summary>
internal static class OpenAiOutput
{
    // openai/openai.go: ids are rand.Intn(999).
    private const int Ids = 999;

    public static string NewId(string prefix) => FormattableString.Invariant($"{prefix}-{Random.Shared.Next(Ids)}");

    /// <summary>finish_reason; an answer that ended in nothing has none.</summary>
    public static void Finish(this GoJsonWriter json, FinishReason reason, bool called = false) => json.Raw(reason switch
    {
        FinishReason.Stop or FinishReason.StopSequence or FinishReason.ToolCalls => called ? ",\"finish_reason\":\"tool_calls\""u8 : ",\"finish_reason\":\"stop\""u8,
        FinishReason.MaxTokens or FinishReason.ContextFull => ",\"finish_reason\":\"length\""u8,
        FinishReason.Unspecified or FinishReason.Repetition => ",\"finish_reason\":null"u8,
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, message: null),
    });

    /// <summary>The counts, which an answer that is not done does not have.</summary>
    public static void Usage(this GoJsonWriter json, GenerationFinish finish)
    {
        var usage = finish.Reason is FinishReason.Repetition ? null : finish.Usage;
        var (prompt, completion) = (usage?.PromptTokens ?? 0, usage?.CompletionTokens ?? 0);
        json.Raw(",\"usage\":{\"prompt_tokens\":"u8);
        json.Int(prompt);
        json.Raw(",\"completion_tokens\":"u8);
        json.Int(completion);
        json.Raw(",\"total_tokens\":"u8);
        json.Int(prompt + completion);
        json.Raw("}"u8);
    }

    public static void NestedLogprobs(this GoJsonWriter json, Logprobs? logprobs)
    {
        if (logprobs is { Tokens.Count: > 0 })
        {
            json.Raw(",\"logprobs\":{\"content\":"u8);
            json.List(logprobs.Tokens, OllamaOutput.Token);
            json.Raw("}"u8);
        }
    }

    /// <summary>Calls, whose arguments are a text here.</summary>
    public static void TextualToolCalls(this GoJsonWriter json, IReadOnlyCollection<ToolCall> calls)
    {
        if (calls.Count > 0)
        {
            json.Raw(",\"tool_calls\":"u8);
            json.List(calls, static (json, call) => json.TextualToolCall(call));
        }
    }

    private static void TextualToolCall(this GoJsonWriter json, ToolCall call)
    {
        json.Raw("{\"id\":"u8);
        json.String(call.Id);
        json.Raw(",\"index\":"u8);
        json.Int(call.Index);
        json.Raw(",\"type\":\"function\",\"function\":{\"name\":"u8);
        json.String(call.Name);
        json.Raw(",\"arguments\":"u8);
        // As Go prints the object, and then as a text.
        var arguments = new System.Buffers.ArrayBufferWriter<byte>();
        new GoJsonWriter(arguments).Write(GoAny.Object(Encoding.UTF8.GetBytes(call.ArgumentsJson)));
        json.String(Encoding.UTF8.GetString(arguments.WrittenSpan));
        json.Raw("}}"u8);
    }
}
