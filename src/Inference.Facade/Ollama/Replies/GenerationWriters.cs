using Inference.Services;
using Inference.V1;

namespace Inference.Facade.Ollama.Replies;

/// <summary>Keeps the end of an aggregated answer, which is all of it.</summary>
internal sealed class WholeAnswer(OllamaExchange exchange) : IGenerationWriter
{
    /// <summary>Set once the call has succeeded.</summary>
    public GenerationFinish Finish { get; private set; } = new();

    public string Text => string.Concat(Finish.Answer?.Content.Select(static p => p.Text) ?? []);

    public string Thinking => Finish.Answer?.Thinking ?? "";

    /// <summary>Without tools on offer there are no calls.</summary>
    public bool HasTools { get; init; } = true;

    public IReadOnlyCollection<ToolCall> ToolCalls => HasTools && Finish.Answer is { } answer ? answer.ToolCalls : [];

    public ValueTask ProgressAsync(Progress progress, CancellationToken ct) => ValueTask.CompletedTask;

    public ValueTask StartAsync(GenerationStart start, CancellationToken ct) => ValueTask.CompletedTask;

    public ValueTask TextAsync(string text, Logprobs? logprobs, CancellationToken ct) => ValueTask.CompletedTask;

    public ValueTask ThinkingAsync(string thinking, Logprobs? logprobs, CancellationToken ct) => ValueTask.CompletedTask;

    public ValueTask ToolCallDeltaAsync(ToolCallDelta delta, CancellationToken ct) => ValueTask.CompletedTask;

    public ValueTask ToolCallAsync(ToolCall call, Logprobs? logprobs, CancellationToken ct) => ValueTask.CompletedTask;

    public ValueTask FinishAsync(GenerationFinish finish, CancellationToken ct)
    {
        Finish = finish;
        exchange.Warn(finish.Warnings);
        return ValueTask.CompletedTask;
    }
}

/// <summary>An answer of /api/generate, a line for each piece.</summary>
internal sealed class GenerateStream(OllamaExchange exchange, OllamaLines lines) : IGenerationWriter
{
    // Generate has them in its last object only.
    private readonly List<ToolCall> _calls = [];

    public ValueTask ProgressAsync(Progress progress, CancellationToken ct) => ValueTask.CompletedTask;

    public ValueTask StartAsync(GenerationStart start, CancellationToken ct)
    {
        exchange.Warn(start.Warnings);
        return ValueTask.CompletedTask;
    }

    public ValueTask TextAsync(string text, Logprobs? logprobs, CancellationToken ct) => PieceAsync(text, "", logprobs, ct);

    public ValueTask ThinkingAsync(string thinking, Logprobs? logprobs, CancellationToken ct) => PieceAsync("", thinking, logprobs, ct);

    public ValueTask ToolCallDeltaAsync(ToolCallDelta delta, CancellationToken ct) => ValueTask.CompletedTask;

    public ValueTask ToolCallAsync(ToolCall call, Logprobs? logprobs, CancellationToken ct)
    {
        _calls.Add(call);
        return PieceAsync("", "", logprobs, ct);
    }

    public ValueTask FinishAsync(GenerationFinish finish, CancellationToken ct)
    {
        if (lines.EndsSilently(finish))
        {
            return ValueTask.CompletedTask;
        }

        FullContext.Check(finish, exchange.Dialect);
        GenerateReply.Last(lines.Open(), "", "", _calls, finish);
        return lines.CloseAsync(ct);
    }

    private ValueTask PieceAsync(string response, string thinking, Logprobs? logprobs, CancellationToken ct)
    {
        if (response.Length == 0 && thinking.Length == 0 && logprobs is null)
        {
            return ValueTask.CompletedTask;
        }

        GenerateReply.Piece(lines.Open(), response, thinking, logprobs);
        return lines.CloseAsync(ct);
    }
}

/// <summary>An answer of /api/chat, a line for each piece.</summary>
internal sealed class ChatStream(OllamaExchange exchange, OllamaLines lines) : IGenerationWriter
{
    public ValueTask ProgressAsync(Progress progress, CancellationToken ct) => ValueTask.CompletedTask;

    public ValueTask StartAsync(GenerationStart start, CancellationToken ct)
    {
        exchange.Warn(start.Warnings);
        return ValueTask.CompletedTask;
    }

    public ValueTask TextAsync(string text, Logprobs? logprobs, CancellationToken ct) => PieceAsync(text, "", [], logprobs, ct);

    public ValueTask ThinkingAsync(string thinking, Logprobs? logprobs, CancellationToken ct) => PieceAsync("", thinking, [], logprobs, ct);

    public ValueTask ToolCallDeltaAsync(ToolCallDelta delta, CancellationToken ct) => ValueTask.CompletedTask;

    public ValueTask ToolCallAsync(ToolCall call, Logprobs? logprobs, CancellationToken ct) => PieceAsync("", "", [call], logprobs, ct);

    public ValueTask FinishAsync(GenerationFinish finish, CancellationToken ct)
    {
        if (lines.EndsSilently(finish))
        {
            return ValueTask.CompletedTask;
        }

        FullContext.Check(finish, exchange.Dialect);
        ChatReply.Last(lines.Open(), "", "", [], finish);
        return lines.CloseAsync(ct);
    }

    private ValueTask PieceAsync(string content, string thinking, IReadOnlyCollection<ToolCall> calls, Logprobs? logprobs, CancellationToken ct)
    {
        if (content.Length == 0 && thinking.Length == 0 && calls.Count == 0 && logprobs is null)
        {
            return ValueTask.CompletedTask;
        }

        ChatReply.Piece(lines.Open(), content, thinking, calls, logprobs);
        return lines.CloseAsync(ct);
    }
}
