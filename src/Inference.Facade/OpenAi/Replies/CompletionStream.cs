using Inference.Facade.Ollama;
using Inference.Facade.Ollama.Replies;
using Inference.Services;
using Inference.V1;

namespace Inference.Facade.OpenAi.Replies;

/// <summary>An answer of /v1/completions, an event for each piece; thinking and calls are events with no text in them.</summary>
internal sealed class CompletionStream : IGenerationWriter
{
    private readonly OllamaExchange _exchange;
    private readonly CompletionChunks _chunks;
    private readonly EventStream _events;

    public CompletionStream(OllamaExchange exchange, CompletionChunks chunks)
    {
        (_exchange, _chunks) = (exchange, chunks);
        _events = exchange.Events(BreakOffAsync);
    }

    public ValueTask ProgressAsync(Progress progress, CancellationToken ct) => ValueTask.CompletedTask;

    public ValueTask StartAsync(GenerationStart start, CancellationToken ct)
    {
        _exchange.Warn(start.Warnings);
        return ValueTask.CompletedTask;
    }

    public ValueTask TextAsync(string text, Logprobs? logprobs, CancellationToken ct) => text.Length > 0 || logprobs is not null ? PieceAsync(text, ct) : ValueTask.CompletedTask;

    public ValueTask ThinkingAsync(string thinking, Logprobs? logprobs, CancellationToken ct) => PieceAsync("", ct);

    public ValueTask ToolCallDeltaAsync(ToolCallDelta delta, CancellationToken ct) => ValueTask.CompletedTask;

    public ValueTask ToolCallAsync(ToolCall call, Logprobs? logprobs, CancellationToken ct) => ValueTask.CompletedTask;

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
        _chunks.Last(_events.Json, finish);
        return _events.SendAsync(ct);
    }

    private ValueTask PieceAsync(string text, CancellationToken ct)
    {
        _chunks.Piece(_events.Json, text);
        return _events.SendAsync(ct);
    }

    private ValueTask BreakOffAsync()
    {
        _chunks.Broken(_events.Json);
        return _events.SendAsync(CancellationToken.None);
    }
}
