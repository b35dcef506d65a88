using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Inference.V1;

namespace Inference.Services.Remote;

/// <summary>One object of another server's answer, as parts of the contract.</summary>
internal readonly struct RemoteAnswer(JsonElement json)
{
    // Chat has them in a message, generate beside the rest.
    private readonly JsonElement _message = json.TryGetProperty("message", out var message) && message.ValueKind is JsonValueKind.Object ? message : json;

    public string Text => TextOf(_message, "content") is { Length: > 0 } content ? content : TextOf(json, "response");

    public string Thinking => TextOf(_message, "thinking");

    public bool IsDone => json.TryGetProperty("done", out var done) && done.ValueKind is JsonValueKind.True;

    public IEnumerable<ToolCall> ToolCalls()
    {
        foreach (var call in Items(_message, "tool_calls"))
        {
            if (call.TryGetProperty("function", out var function) && function.ValueKind is JsonValueKind.Object)
            {
                yield return new ToolCall
                {
                    Id = TextOf(call, "id"),
                    Name = TextOf(function, "name"),
                    ArgumentsJson = function.TryGetProperty("arguments", out var arguments) ? arguments.GetRawText() : "{}",
                };
            }
        }
    }

    public IEnumerable<TokenLogprob> Logprobs()
    {
        foreach (var token in Items(json, "logprobs"))
        {
            var mapped = ToContract(token);
            mapped.Top.AddRange(Items(token, "top_logprobs").Select(ToContract));
            yield return mapped;
        }
    }

    public IEnumerable<int> Context() => Items(json, "context").Select(static t => t.TryGetInt32(out var id) ? id : 0);

    public FinishReason Reason(bool calls) => TextOf(json, "done_reason") switch
    {
        "length" => FinishReason.MaxTokens,
        _ => calls ? FinishReason.ToolCalls : FinishReason.Stop,
    };

    public Usage Usage() => new() { PromptTokens = (int)Number("prompt_eval_count"), CompletionTokens = (int)Number("eval_count") };

    public Timings Timings(TimeSpan total, TimeSpan first) => new()
    {
        TotalDuration = Duration.FromTimeSpan(total),
        LoadDuration = Nanoseconds(Number("load_duration")),
        PromptDuration = Nanoseconds(Number("prompt_eval_duration")),
        CompletionDuration = Nanoseconds(Number("eval_duration")),
        FirstTokenDuration = Duration.FromTimeSpan(first),
    };

    private long Number(string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.Number && value.TryGetInt64(out var number) ? Math.Max(number, 0) : 0;

    private static Duration Nanoseconds(long count) => new() { Seconds = count / Duration.NanosecondsPerSecond, Nanos = (int)(count % Duration.NanosecondsPerSecond) };

    private static TokenLogprob ToContract(JsonElement token) => new()
    {
        Text = TextOf(token, "token"),
        Piece = ByteString.CopyFrom(Encoding.UTF8.GetBytes(TextOf(token, "token"))),
        Logprob = token.TryGetProperty("logprob", out var value) && value.ValueKind is JsonValueKind.Number ? value.GetDouble() : 0,
    };

    private static IEnumerable<JsonElement> Items(JsonElement json, string name) =>
        json.ValueKind is JsonValueKind.Object && json.TryGetProperty(name, out var items) && items.ValueKind is JsonValueKind.Array ? items.EnumerateArray() : [];

    private static string TextOf(JsonElement json, string name) =>
        json.ValueKind is JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString()! : "";
}
