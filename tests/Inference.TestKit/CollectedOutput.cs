using Inference.Services;
using Inference.V1;

namespace Inference.TestKit;

/// <summary>A door that keeps everything, as the messages that gRPC would have sent.</summary>
public sealed class CollectedOutput : IGenerationWriter, IEmbeddingWriter
{
    private readonly List<GenerateResponse> _messages = [];
    private readonly List<EmbedResponse> _embedded = [];

    public IReadOnlyList<GenerateResponse> Messages => _messages;

    public IReadOnlyList<EmbedResponse> Embedded => _embedded;

    /// <summary>Happens before a message is taken: may wait or throw.</summary>
    public Func<GenerateResponse, Task> OnMessage { get; set; } = static _ => Task.CompletedTask;

    public GenerationStart? Start => _messages.FirstOrDefault(static m => m.Start is not null)?.Start;

    public GenerationFinish? Finish => _messages.FirstOrDefault(static m => m.Finish is not null)?.Finish;

    public string Text => string.Concat(_messages.Where(static m => m.EventCase is GenerateResponse.EventOneofCase.Text).Select(static m => m.Text));

    public string Thinking => string.Concat(_messages.Where(static m => m.EventCase is GenerateResponse.EventOneofCase.Thinking).Select(static m => m.Thinking));

    public IReadOnlyList<ToolCall> ToolCalls => [.. _messages.Select(static m => m.ToolCall).OfType<ToolCall>()];

    /// <summary>The kinds of the messages, in order, for example <c>Start Text Text Finish</c>.</summary>
    public string Shape => string.Join(' ', _messages.Select(static m => m.EventCase));

    public ValueTask ProgressAsync(Progress progress, CancellationToken ct) => AddAsync(new GenerateResponse { Progress = progress.Clone() });

    public ValueTask StartAsync(GenerationStart start, CancellationToken ct) => AddAsync(new GenerateResponse { Start = start.Clone() });

    public ValueTask TextAsync(string text, Logprobs? logprobs, CancellationToken ct) => AddAsync(new GenerateResponse { Text = text, Logprobs = logprobs?.Clone() });

    public ValueTask ThinkingAsync(string thinking, Logprobs? logprobs, CancellationToken ct) => AddAsync(new GenerateResponse { Thinking = thinking, Logprobs = logprobs?.Clone() });

    public ValueTask ToolCallDeltaAsync(ToolCallDelta delta, CancellationToken ct) => AddAsync(new GenerateResponse { ToolCallDelta = delta.Clone() });

    public ValueTask ToolCallAsync(ToolCall call, Logprobs? logprobs, CancellationToken ct) => AddAsync(new GenerateResponse { ToolCall = call.Clone(), Logprobs = logprobs?.Clone() });

    public ValueTask FinishAsync(GenerationFinish finish, CancellationToken ct) => AddAsync(new GenerateResponse { Finish = finish.Clone() });

    public ValueTask EmbeddingAsync(Embedding embedding, CancellationToken ct)
    {
        _embedded.Add(new EmbedResponse { Embedding = embedding.Clone() });
        return ValueTask.CompletedTask;
    }

    public ValueTask FinishAsync(EmbedFinish finish, CancellationToken ct)
    {
        _embedded.Add(new EmbedResponse { Finish = finish.Clone() });
        return ValueTask.CompletedTask;
    }

    private async ValueTask AddAsync(GenerateResponse message)
    {
        await OnMessage(message);
        _messages.Add(message);
    }
}
