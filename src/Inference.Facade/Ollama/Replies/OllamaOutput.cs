using System.Text;
using Google.Protobuf.WellKnownTypes;
using Inference.GoJson;
using Inference.V1;

namespace Inference.Facade.Ollama.Replies;

/// <summary>The parts that replies of generate and chat are made of. Each begins with its comma and is nothing when empty.</summary>
internal static class OllamaOutput
{
    /// <summary>done and done_reason; a repetition that was stopped is not done, as Ollama leaves it.</summary>
    public static void Done(this GoJsonWriter json, FinishReason reason) => json.Raw(reason switch
    {
        FinishReason.Stop or FinishReason.StopSequence or FinishReason.ToolCalls => ",\"done\":true,\"done_reason\":\"stop\""u8,
        FinishReason.MaxTokens or FinishReason.ContextFull => ",\"done\":true,\"done_reason\":\"length\""u8,
        FinishReason.Repetition => ",\"done\":false"u8,
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, message: null),
    });

    public static void Metrics(this GoJsonWriter json, GenerationFinish finish)
    {
        json.Optional(",\"total_duration\":"u8, Nanoseconds(finish.Timings?.TotalDuration));
        json.Optional(",\"load_duration\":"u8, Nanoseconds(finish.Timings?.LoadDuration));
        json.Optional(",\"prompt_eval_count\":"u8, finish.Usage?.PromptTokens ?? 0);
        json.Optional(",\"prompt_eval_duration\":"u8, Nanoseconds(finish.Timings?.PromptDuration));
        json.Optional(",\"eval_count\":"u8, finish.Usage?.CompletionTokens ?? 0);
        json.Optional(",\"eval_duration\":"u8, Nanoseconds(finish.Timings?.CompletionDuration));
    }

    public static void Context(this GoJsonWriter json, IReadOnlyCollection<int> context)
    {
        if (context.Count > 0)
        {
            json.Raw(",\"context\":"u8);
            json.List(context, static (json, token) => json.Int(token));
        }
    }

    public static void Logprobs(this GoJsonWriter json, Logprobs? logprobs)
    {
        if (logprobs is { Tokens.Count: > 0 })
        {
            json.Raw(",\"logprobs\":"u8);
            json.List(logprobs.Tokens, Token);
        }
    }

    /// <summary>The calls of chat, which have names.</summary>
    public static void ToolCalls(this GoJsonWriter json, IReadOnlyCollection<ToolCall> calls)
    {
        if (calls.Count > 0)
        {
            json.Raw(",\"tool_calls\":"u8);
            json.List(calls, static (json, call) => Call(json, call, call.Id));
        }
    }

    /// <summary>The calls of generate, which have none.</summary>
    public static void NamelessToolCalls(this GoJsonWriter json, IReadOnlyCollection<ToolCall> calls)
    {
        if (calls.Count > 0)
        {
            json.Raw(",\"tool_calls\":"u8);
            json.List(calls, static (json, call) => Call(json, call, id: ""));
        }
    }

    public static void DebugInfo(this GoJsonWriter json, RenderPromptResponse rendered)
    {
        json.Raw(",\"_debug_info\":{\"rendered_template\":"u8);
        json.String(rendered.Prompt);
        json.Optional(",\"image_count\":"u8, rendered.MediaCount);
        json.Raw("}"u8);
    }

    public static void Optional(this GoJsonWriter json, ReadOnlySpan<byte> key, long value)
    {
        if (value != 0)
        {
            json.Raw(key);
            json.Int(value);
        }
    }

    public static void Optional(this GoJsonWriter json, ReadOnlySpan<byte> key, string value)
    {
        if (value.Length > 0)
        {
            json.Raw(key);
            json.String(value);
        }
    }

    public static long Nanoseconds(Duration? duration) =>
        duration is null ? 0 : (duration.Seconds * Duration.NanosecondsPerSecond) + duration.Nanos;

    /// <summary>A token and how likely it was, as it stands in a list of them.</summary>
    public static void Token(GoJsonWriter json, TokenLogprob token)
    {
        json.Raw("{\"token\":"u8);
        json.String(token.Text);
        json.Raw(",\"logprob\":"u8);
        json.Double(token.Logprob);
        if (token.Text.Length > 0)
        {
            // Of the text, not of the token: half a character shows as the bytes of U+FFFD.
            json.Raw(",\"bytes\":"u8);
            json.List(Encoding.UTF8.GetBytes(token.Text), static (json, b) => json.Int(b));
        }

        if (token.Top.Count > 0)
        {
            json.Raw(",\"top_logprobs\":"u8);
            json.List(token.Top, Token);
        }

        json.Raw("}"u8);
    }

    private static void Call(GoJsonWriter json, ToolCall call, string id)
    {
        json.Raw("{"u8);
        if (id.Length > 0)
        {
            json.Raw("\"id\":"u8);
            json.String(id);
            json.Raw(","u8);
        }

        json.Raw("\"function\":{\"index\":"u8);
        json.Int(call.Index);
        json.Raw(",\"name\":"u8);
        json.String(call.Name);
        json.Raw(",\"arguments\":"u8);
        json.Write(GoAny.Object(Encoding.UTF8.GetBytes(call.ArgumentsJson)));
        json.Raw("}}"u8);
    }
}
