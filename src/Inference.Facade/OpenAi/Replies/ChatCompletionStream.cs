using Inference.Facade.Ollama;
using Inference.Facade.Ollama.Replies;
using Inference.Services;
using Inference.V1;

namespace Inference.Facade.OpenAi.Replies;

/// <summary>An answer of /v1/chat/completions, an event for each piece.</summary>
internal sealed class ChatCompletionStream : IGenerationWriter
{
    private readonly OllamaExchange _exchange;
    private readonly ChatCompletionChunks _chunks;
    private readonly EventStream _events;
    private readonly bool _includesUsage;
    private bool _called;

    public ChatCompletionStream(OllamaExchange exchange, ChatCompletionChunks chunks, bool includesUsage)
    {
        (_exchange, _chunks, _includesUsage) = (exchange, chunks, includesUsage);
        _events = exchange.Events(BreakOffAsync);
    }

    public ValueTask ProgressAsync(Progress progress, CancellationToken ct) => ValueTask.CompletedTask;

    public ValueTask StartAsync(GenerationStart start, CancellationToken ct)
    {
        _exchange.Warn(start.Warnings);
        return ValueTask.CompletedTask;
    }

    public ValueTask TextAsync(string text, Logprobs? logprobs, CancellationToken ct) => PieceAsync(text, "", [], logprobs, ct);

    public ValueTask ThinkingAsync(string thinking, Logprobs? logprobs, CancellationToken ct) => PieceAsync("", thinking, [], logprobs, ct);

    public ValueTask ToolCallDeltaAsync(ToolCallDelta delta, CancellationToken ct) => ValueTask.CompletedTask;

    public ValueTask ToolCallAsync(ToolCall call, Logprobs? logprobs, CancellationToken ct)
    {
        _called = true;
        return PieceAsync("", "", [call], logprobs, ct);
    }

    public ValueTask FinishAsync(GenerationFinish finish, CancellationToken ct)
    {
        switch (finish.Reason)
        {
            case FinishReason.Error:
                return ValueTask.CompletedTask;
            case FinishReason.Repetition:
                return _events.EndSilentlyAsync(ct);
        }

        FullContext.Check(finish, _exchange.Dialect);
        _chunks.Last(_events.Json, finish, _called, _includesUsage);
        return _events.SendAsync(ct);
    }

    private ValueTask PieceAsync(string content, string reasoning, IReadOnlyCollection<ToolCall> calls, Logprobs? logprobs, CancellationToken ct)
    {
        if (content.Length == 0 && reasoning.Length == 0 && calls.Count == 0 && logprobs is null)
        {
            return ValueTask.CompletedTask;
        }

        _chunks.Piece(_events.Json, content, reasoning, calls, logprobs);
        return _events.SendAsync(ct);
    }

    private ValueTask BreakOffAsync()
    {
        _chunks.Broken(_events.Json);
        return _events.SendAsync(CancellationToken.None);
    }
}
